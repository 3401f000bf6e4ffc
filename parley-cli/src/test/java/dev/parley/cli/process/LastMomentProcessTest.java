package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// kill -9 between the rename and the last acknowledgement: the file has its name, the sender does not know it, because the line holds what the
/// receiver says. The same command then reports done, sends nothing, and makes no second copy.
@Tag("slow")
@Timeout(300)
class LastMomentProcessTest {
    private static final int SIZE = 400_000;
    /// Confirmed so far, the rest fits into the window.
    private static final long MOST_MISSING = 4 * 40_960;
    /// Where the line stops at first: what is sent then and not confirmed is less than a window.
    private static final long REACH = SIZE - 80_000;

    @TempDir
    Path folder;

    private Parleys parleys;
    private Parleys.Child server;
    private String address;
    private Path file;
    private Path place;
    private boolean get;

    @BeforeEach
    void serve() throws Exception {
        parleys = new Parleys(folder);
        parleys.addUser("alice");
        server = parleys.serve("127.0.0.1:0");
        address = server.await("ready").path("address").asText();
    }

    @AfterEach
    void end() {
        parleys.close();
    }

    private enum Victim {
        SENDER,
        RECEIVER,
        BOTH
    }

    @ParameterizedTest
    @CsvSource({"send, SENDER", "send, RECEIVER", "send, BOTH", "get, SENDER", "get, RECEIVER"})
    void whatHasItsNameIsReportedDoneAndNotCopiedAgain(String command, Victim victim) throws Exception {
        get = command.equals("get");
        place = Files.createDirectories(folder.resolve(get ? "out" : "inbox"));
        file = parleys.file(get ? "inbox/last.img" : "last.img", SIZE, victim.ordinal());
        try (var gate = new Gate(address, get ? Gate.Way.BACK : Gate.Way.THERE, REACH)) {
            var client = parleys.process(command(gate.address()));
            // It is the sender who must know how far it is.
            (get ? server : client).awaitOffset(SIZE - MOST_MISSING);
            gate.hold(get ? Gate.Way.THERE : Gate.Way.BACK);
            gate.open(get ? Gate.Way.BACK : Gate.Way.THERE);
            awaitName();

            boolean killsServer = victim != (get ? Victim.RECEIVER : Victim.SENDER);
            boolean killsClient = victim != (get ? Victim.SENDER : Victim.RECEIVER);
            if (killsServer) {
                server.kill();
            }
            if (killsClient) {
                client.kill();
            }
            assertThat(client.told("done")).as("what the sender knows").isEmpty();
            if (killsServer) {
                server = parleys.serve(address);
                server.await("ready");
            }
            gate.cutAndOpen();

            var again = killsClient ? parleys.run(command(address)) : client;
            assertThat(again.exit()).as(again.toString()).isZero();
            assertThat(again.await("done").path("resent_bytes").asLong()).as("sent twice; %s", again).isZero();
            assertThat(again.await("done").path("bytes").asLong()).isEqualTo(SIZE);
            if (killsClient) {
                assertThat(again.told("checkpoint")).as("at once").isEmpty();
            }
        }
        assertThat(place.resolve("last.img")).hasSameBinaryContentAs(file);
        try (var all = Files.list(place)) {
            assertThat(all).as("no second copy").containsExactlyInAnyOrder(place.resolve("last.img"), place.resolve(".parley"));
        }
        assertThat(place.resolve(".parley")).isEmptyDirectory();

        var next = parleys.run(command(address));
        assertThat(next.exit()).as("acknowledged: the same command is a new transfer now; %s", next).isEqualTo(1);
        assertThat(next.words()).contains("exists already");
    }

    private String[] command(String at) {
        return get
                ? parleys.get("alice@" + at + "/last.img", place + "/", "--json", "--on-exists", "fail")
                : parleys.send("last.img", at, "--on-exists", "fail");
    }

    /// Waits until the file has its name, as a program does that watches the folder.
    private void awaitName() throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Running.SECONDS);
        try (var watch = FileSystems.getDefault().newWatchService()) {
            place.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(place.resolve("last.img"))) {
                var key = watch.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (key == null) {
                    throw new AssertionError("the file does not get its name; " + server);
                }
                key.pollEvents();
                key.reset();
            }
        }
    }
}

package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server's sessions, seen and ended from another machine.
@Timeout(300)
class AdminProcessTest {
    @TempDir
    Path folder;

    @Test
    void aUserSeesAndCancelsAnUnfinishedSessionAtTheServer() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            var address = ready.path("address").asText();
            var fingerprint = ready.path("fingerprint").asText();
            parleys.file("data.img", 1_000_000, 21);
            String session;
            try (var gate = new Gate(address, 500_000)) {
                var sender = parleys.process(parleys.send("data.img", gate.address(), "--fingerprint", fingerprint));
                session = sender.await("connected").path("session").asText();
                sender.awaitOffset(200_000);
                sender.kill();
            }

            var listed = ask(parleys, address, fingerprint, "pw", "ls");
            assertThat(listed.exit()).as(listed.toString()).isZero();
            assertThat(listed.told("session")).anyMatch(e -> e.path("session").asText().equals(session));
            var shown = ask(parleys, address, fingerprint, "pw", "show", session);
            assertThat(shown.await("session").path("files").path(0).path("bytes").asLong()).isGreaterThanOrEqualTo(200_000);
            assertThat(ask(parleys, address, fingerprint, "wrong", "cancel", session).exit()).isEqualTo(5);
            assertThat(ask(parleys, address, fingerprint, "pw", "cancel", session).exit()).isZero();
            assertThat(ask(parleys, address, fingerprint, "pw", "show", session).exit()).isNotZero();
            assertThat(ask(parleys, address, fingerprint, "pw", "purge", "--pcap", parleys.at("purge.pcapng")).exit()).isZero();
            var traced = parleys.run("trace", parleys.at("purge.pcapng"), "--json");
            assertThat(traced.exit()).as(traced.toString()).isZero();
            assertThat(traced.toString()).contains("CONNECT", "FINISH");
        }
    }

    @Test
    void aSenderWhoseSessionIsCancelledIsToldThatNothingIsKept() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            var address = ready.path("address").asText();
            var fingerprint = ready.path("fingerprint").asText();
            parleys.file("data.img", 1_000_000, 22);
            try (var gate = new Gate(address, 500_000)) {
                var sender = parleys.process(parleys.send("data.img", gate.address(), "--fingerprint", fingerprint));
                var session = sender.await("connected").path("session").asText();
                sender.awaitOffset(200_000);

                assertThat(ask(parleys, address, fingerprint, "pw", "cancel", session).exit()).isZero();

                assertThat(sender.exit()).as(sender.toString()).isEqualTo(10);
                var error = sender.await("error");
                assertThat(error.path("message").asText()).contains("cancelled");
                assertThat(error.path("resumable").asBoolean()).isFalse();
                assertThat(sender.words()).contains("nothing of session " + session + " is kept").doesNotContain("to go on");
                assertThat(parleys.run("resume", session, "--state", parleys.at("C")).exit()).isNotZero();
            }
        }
    }

    /// By the command without `--at`, on the machine of the client or of the server.
    @ParameterizedTest
    @ValueSource(strings = {"C", "S"})
    void aSenderWhoseSessionIsCancelledBesideItEndsAndBothSidesForget(String state) throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            var fingerprint = ready.path("fingerprint").asText();
            var address = ready.path("address").asText();
            var sender = slowly(parleys, address, fingerprint);
            var session = sender.await("connected").path("session").asText();
            sender.awaitOffset(200_000);

            var cancelled = parleys.run("cancel", session, "--state", parleys.at(state));

            assertThat(cancelled.exit()).as(cancelled.toString()).isZero();
            if (state.equals("C")) {
                assertThat(cancelled.words()).contains("parley cancel " + session + " --at alice@" + address);
            }
            assertThat(sender.exit()).as(sender.toString()).isEqualTo(10);
            assertThat(sender.await("error").path("message").asText()).contains("cancelled");
            assertThat(sender.words()).contains("nothing of session " + session + " is kept");
            awaitNoSession(parleys);
            assertThat(unfinished()).isEmpty();
        }
    }

    @Test
    void aUserWhoIsRemovedIsExpelled() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            var sender = slowly(parleys, ready.path("address").asText(), ready.path("fingerprint").asText());
            sender.awaitOffset(200_000);

            assertThat(parleys.run("user", "rm", "alice", "--state", parleys.at("S")).exit()).isZero();

            assertThat(sender.exit()).as(sender.toString()).isEqualTo(5);
            assertThat(sender.await("error").path("message").asText()).contains("the user alice was removed");
        }
    }

    /// It would take a minute and a half.
    private static Parleys.Child slowly(Parleys parleys, String address, String fingerprint) throws Exception {
        parleys.file("data.img", 20_000_000, 25);
        return parleys.process(parleys.send("data.img", address, "--fingerprint", fingerprint, "--bwlimit", "200KiB"));
    }

    @Test
    void whatWasRefusedBeforeAnythingArrivedLeavesNoSession() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            parleys.file("one/data.img", 4_000_000, 27);
            var command = parleys.send("one/data.img", ready.path("address").asText(), "--fingerprint", ready.path("fingerprint").asText());
            assertThat(parleys.run(command).exit()).isZero();

            var again = parleys.run(command);

            assertThat(again.exit()).as(again.toString()).isEqualTo(1);
            assertThat(again.await("error").path("message").asText()).contains("exists already");
            assertThat(again.await("error").path("resumable").asBoolean()).isFalse();
            awaitNoSession(parleys);
        }
    }

    /// The server forgets when it has heard the client's last words; done ones stay for a while.
    private static void awaitNoSession(Parleys parleys) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            var listed = Stream.of("S", "C").map(state -> list(parleys, state)).toList();
            if (listed.stream().flatMap(l -> l.told("session").stream()).allMatch(e -> e.path("state").asText().equals("done"))) {
                return;
            }
        }
        throw new AssertionError("it is not forgotten: " + list(parleys, "S") + list(parleys, "C"));
    }

    private static Running list(Parleys parleys, String state) {
        try {
            var listed = parleys.run("ls", "--state", parleys.at(state), "--json");
            assertThat(listed.exit()).as(listed.toString()).isZero();
            return listed;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> unfinished() throws IOException {
        try (var all = Files.walk(folder.resolve("inbox"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aFolderOutsideOfTheServedOneIsNoUsersRoot() throws Exception {
        try (var parleys = new Parleys(folder)) {
            for (var root : List.of("../..", "/etc")) {
                var added = parleys.run("user", "add", "bob", "--root", root, "--state", parleys.at("S"), "--password-file", parleys.at("pw"));
                assertThat(added.exit()).as(added.toString()).isEqualTo(2);
            }
            assertThat(parleys.run("user", "ls", "--state", parleys.at("S"), "--json").toldAll()).doesNotContain("bob");
        }
    }

    @Test
    void theServerKeepsTheReceiptsOfWhatItTookAndGave() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var ready = server.await("ready");
            var address = ready.path("address").asText();
            var fingerprint = ready.path("fingerprint").asText();
            var file = parleys.file("data.img", 300_000, 23);
            parleys.file("small/one", 10, 24);
            assertThat(parleys.run(parleys.send("data.img", address, "--fingerprint", fingerprint)).exit()).isZero();
            assertThat(parleys.run(parleys.send("small", address, "--fingerprint", fingerprint)).exit()).isZero();
            assertThat(parleys.run(parleys.get("alice@" + address + "/data.img", parleys.at("out/"))).exit()).isZero();
            server.signal("TERM");
            assertThat(server.exit()).isEqualTo(143);

            try (var receipts = Files.list(folder.resolve("S/server/receipts"))) {
                var all = receipts.toList();
                assertThat(all).hasSize(3);
                int right = 0;
                for (var receipt : all) {
                    right += parleys.run("verify", file.toString(), receipt.toString(), "--fingerprint", fingerprint).exit() == 0 ? 1 : 0;
                }
                assertThat(right).as("sent and fetched").isEqualTo(2);
            }
        }
    }

    private static Running ask(Parleys parleys, String address, String fingerprint, String password, String... command) throws Exception {
        var line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--at", "alice@" + address, "--password-file", parleys.at(password),
                "--fingerprint", fingerprint, "--state", parleys.at("C"), "--json"));
        return parleys.run(line.toArray(String[]::new));
    }
}

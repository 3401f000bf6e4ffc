package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Processes that run into limits of the system: a file that may not grow, no descriptor left.
@Tag("slow")
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class LimitsProcessTest extends WithParleys {
    private static final int SIZE = 1_000_000;

    /// EFBIG, which is as a full disk is: this side says that it is this side, and where, and goes on when there is room. (SQLite unpacks a library
    /// of 2 MB.)
    @Test
    void aGetThatCannotStoreSaysSoAndGoesOnWhenItCan() throws Exception {
        parleys.addUser("alice");
        var file = parleys.file("inbox/data.img", 6 * SIZE, 1);
        var address = parleys.serve("127.0.0.1:0").await("ready").path("address").asText();
        var here = Files.createDirectories(folder.resolve("here"));
        var line = parleys.get("alice@" + address + "/data.img", here + "/", "--json");

        var limited = parleys.limited("--fsize=4000000", line);

        assertThat(limited.exit()).as(limited.toString()).isEqualTo(8);
        assertThat(limited.words()).contains("this side, which gets into " + here + ", could not store the data: File too large: make room",
                "of the last file safe here", "to go on: parley resume");
        assertThat(limited.told("error").getFirst().path("resumable").asBoolean()).isTrue();
        var again = parleys.run(line);
        assertThat(again.exit()).as(again.toString()).isZero();
        assertThat(again.await("resumed").path("offset").asLong()).isPositive();
        assertThat(here.resolve("data.img")).hasSameBinaryContentAs(file);
    }

    /// The same at the other side: it is the receiver who could not.
    @Test
    void aServerThatCannotStoreTellsItsClient() throws Exception {
        parleys.addUser("alice");
        var file = parleys.file("data.img", 6 * SIZE, 2);
        var server = serve("--fsize=4000000");
        var address = server.await("ready").path("address").asText();

        var sender = parleys.run(parleys.send("data.img", address));

        assertThat(sender.exit()).as(sender.toString()).isEqualTo(8);
        assertThat(sender.words()).contains("the receiver could not store the data: File too large");
        assertThat(server.isAlive()).isTrue();
        server.kill();
        parleys.serve(address).await("ready");
        var again = parleys.run(parleys.send("data.img", address));
        assertThat(again.exit()).as(again.toString()).isZero();
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
    }

    /// `accept` fails while there is no descriptor; when some are free again, it serves as before.
    @Test
    void aServerWithoutDescriptorsWaitsForSome() throws Exception {
        parleys.addUser("alice");
        var file = parleys.file("data.img", SIZE, 3);
        var server = serve("--nofile=150");
        var address = server.await("ready").path("address").asText();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        parleys.file("before.img", SIZE, 4);
        // Java itself needs descriptors for what it uses for the first time.
        assertThat(parleys.run(parleys.send("before.img", address)).exit()).isZero();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        var fds = Path.of("/proc/" + server.pid() + "/fd");
        while (count(fds) < 150) {
            Thread.onSpinWait();
        }
        for (var socket : sockets) {
            socket.close();
        }

        var sender = parleys.run(parleys.send("data.img", address));

        assertThat(sender.exit()).as(sender + ", " + server).isZero();
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
        assertThat(server.isAlive()).isTrue();
    }

    private Parleys.Child serve(String limit) throws IOException {
        return parleys.limited(limit, "serve", parleys.at("inbox"), "--listen", "127.0.0.1:0", "--state", parleys.at("S"), "--json");
    }

    private static long count(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.count();
        }
    }
}

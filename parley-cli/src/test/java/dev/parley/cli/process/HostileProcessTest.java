package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server in bad company, and a sender that was asleep.
@Timeout(300)
class HostileProcessTest {
    private static final int IDLE = 1_000;
    private static final long MOST_MEMORY_KIB = 256 << 10;

    @TempDir
    Path folder;

    @Test
    void aServerStaysUpAmongIdleConnectionsAndGarbage() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var address = server.await("ready").path("address").asText();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            var random = new Random(42);
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < IDLE; i++) {
                    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    sockets.add(socket);
                    if (i % 10 == 0) {
                        var garbage = new byte[random.nextInt(2000) + 1];
                        random.nextBytes(garbage);
                        socket.getOutputStream().write(garbage);
                    }
                }
                var file = parleys.file("data.img", 1_000_000, 1);

                var sender = parleys.run(parleys.send("data.img", address));

                assertThat(sender.exit()).as(sender.toString()).isZero();
                assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
                assertThat(server.isAlive()).isTrue();
                var status = Path.of("/proc/" + server.pid() + "/status");
                if (Files.exists(status)) {
                    var rss = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(Files.readString(status));
                    assertThat(rss.find()).isTrue();
                    assertThat(Long.parseLong(rss.group(1))).as("KiB of memory with %s connections", IDLE).isLessThan(MOST_MEMORY_KIB);
                }
            } finally {
                for (var socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void aSenderThatWasStoppedDoesNotTakeTheSessionBack() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var address = server.await("ready").path("address").asText();
            var file = parleys.file("data.img", 1_000_000, 2);
            try (var gate = new Gate(address, 500_000)) {
                var first = parleys.process(parleys.send("data.img", gate.address(), "--keepalive", "1s"));
                first.awaitOffset(100_000);
                first.signal("STOP");

                var second = parleys.thread(parleys.send("data.img", address));
                second.await("resumed");
                first.signal("CONT");

                assertThat(second.exit()).as(second.toString()).isZero();
                assertThat(first.exit()).as(first.toString()).isEqualTo(10);
                assertThat(first.words()).contains("taken over");
                assertThat(server.words()).as("the old connection was there, and was fenced")
                        .contains("a newer connection has taken over the session");
                assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
            }
        }
    }

    /// It wakes up when the server has given it up and its successor is done.
    @Test
    void aSenderThatWasStoppedForLongerThanTheKeepaliveFindsItsWorkDone() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var address = server.await("ready").path("address").asText();
            var file = parleys.file("data.img", 1_000_000, 3);
            try (var gate = new Gate(address, 500_000)) {
                var first = parleys.process(parleys.send("data.img", gate.address(), "--keepalive", "1s"));
                first.awaitOffset(100_000);
                first.signal("STOP");
                server.awaitWords("nothing was heard of the peer for 1 s");

                var second = parleys.thread(parleys.send("data.img", address));
                assertThat(second.exit()).as(second.toString()).isZero();
                first.signal("CONT");

                assertThat(first.exit()).as(first.toString()).isEqualTo(10);
                assertThat(first.words()).contains("a newer run of the same command has taken over the session");
                assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void aReceiverThatWasStoppedForLongerThanTheKeepaliveGoesOnWithTheNewConnection() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var address = server.await("ready").path("address").asText();
            var file = parleys.file("data.img", 3_000_000, 4);
            try (var gate = new Gate(address, 500_000)) {
                var sender = parleys.process(parleys.send("data.img", gate.address(), "--keepalive", "1s"));
                sender.awaitOffset(100_000);
                server.signal("STOP");
                sender.await(e -> e.path("stalled").asText().contains("nothing was heard of the server for 1 s"));
                gate.open();
                server.signal("CONT");

                assertThat(sender.exit()).as(sender.toString()).isZero();
                assertThat(sender.await("resumed").path("offset").asLong()).isPositive();
                assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
            }
        }
    }
}

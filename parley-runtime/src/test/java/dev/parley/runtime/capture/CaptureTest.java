package dev.parley.runtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import dev.parley.runtime.rfc1006.Rfc1006;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.VirtualLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-02T12:00:00Z"));
    private static final InetSocketAddress HERE = address("192.0.2.1", 50_000);
    private static final InetSocketAddress THERE = address("192.0.2.2", 102);
    /// A CONNECT for duplex with user data, X.225 8.3.1.
    private static final String CONNECT = "0d180506130100160102140200023302000134020001c1023100";

    @TempDir
    Path folder;

    @Test
    void tsharkDecodesWhatCrossedARealConnection() throws Exception {
        var file = folder.resolve("real.pcapng");
        var closed = new CountDownLatch(2);
        var loop = new VirtualLoop("capture-test");
        var capture = Capture.open(file);
        try {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (var listener = Tcp.listen(loopback, Optional.empty(), 1, _ -> Rfc1006.responder(1 << 16, new Acceptor(closed)))) {
                Tcp.connect(listener.address(), Optional.empty(), 5_000, loop,
                        _ -> capture.tap(Rfc1006.initiator(1 << 16, new Caller(closed)), true, 102));
                assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
                var lines = tsharkAfterClose(capture, file);

                assertThat(lines).anyMatch(l -> l.contains("CR TPDU")).anyMatch(l -> l.contains("CC TPDU"))
                        .anyMatch(l -> l.contains("CONNECT (CN) SPDU")).noneMatch(l -> l.contains("Malformed"))
                        .noneMatch(l -> l.contains("out-of-order") || l.contains("not captured") || l.contains("Retransmission"));
                assertThat(lines.getFirst()).contains("[SYN]");
                assertThat(lines).anyMatch(l -> l.contains("FIN"));
                assertThat(tshark(file, "-V")).anyMatch(l -> l.contains("port is really " + listener.address().getPort()));
            }
        } finally {
            loop.stop();
        }
    }

    @Test
    void bothFamiliesBothTransportsAndCommentsAreReadable() throws Exception {
        var file = folder.resolve("made.pcapng");
        try (var capture = Capture.open(file, Capture.MOST_OCTETS, NOON)) {
            var six = capture.stream(address("2001:db8::1", 50_000), address("2001:db8::2", 102), false, "a comment: é");
            six.received(hex("0300000b06e00000000100"));
            six.closed(false, "reset by the peer");
            capture.datagram(HERE, address("192.0.2.2", 137), hex("000000000000000000000000"));
        }

        // -o tcp.check_checksum makes tshark compute every sum again.
        var detail = String.join("\n", tshark(file, "-V", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"));

        assertThat(detail).contains("Src: 2001:db8::1", "a comment: é", "reset by the peer", "CR Connect Request", "NetBIOS Name Service")
                .doesNotContain("[Bad", "incorrect").contains("Jan  2, 2026 12:00:00");
    }

    @Test
    void aStreamLongerThanOnePacketKeepsItsSequence() throws Exception {
        var file = folder.resolve("long.pcapng");
        try (var capture = Capture.open(file, Capture.MOST_OCTETS, NOON)) {
            var stream = capture.stream(HERE, THERE, true, "");
            stream.sent(ByteBuffer.allocate(3 * Frame.MOST_PAYLOAD + 1));
            stream.closed(true, "");
            stream.closed(true, "twice");
        }

        assertThat(tshark(file, "-Y", "tcp.len>0", "-T", "fields", "-e", "tcp.seq", "-e", "tcp.len")).containsExactly(
                "1\t65495", "65496\t65495", "130991\t65495", "196486\t1");
        assertThat(tshark(file, "-Y", "tcp.flags.fin==1")).hasSize(2);
    }

    @Test
    void theLimitOfTheFileEndsTheCaptureAndTheFileStaysReadable() throws Exception {
        var file = folder.resolve("short.pcapng");
        var capture = Capture.open(file, 4_000, NOON);
        var stream = capture.stream(HERE, THERE, true, "");
        for (int i = 0; i < 10; i++) {
            stream.sent(ByteBuffer.allocate(1_000));
        }
        capture.close();

        assertThat(capture.shortcoming()).hasValueSatisfying(words -> assertThat(words).contains("limit of 4000 octets"));
        assertThat(Files.size(file)).isLessThan(4_100);
        assertThat(tshark(file, "-Y", "tcp.len==1000")).hasSize(3);
    }

    @Test
    void whatComesAfterTheEndOfTheCaptureIsNotMissingFromIt() throws Exception {
        var file = folder.resolve("ended.pcapng");
        var capture = Capture.open(file, Capture.MOST_OCTETS, NOON);
        var stream = capture.stream(HERE, THERE, true, "");
        stream.sent(hex("01"));
        var before = tsharkAfterClose(capture, file);
        stream.sent(hex("02"));

        assertThat(capture.shortcoming()).isEmpty();
        assertThat(tshark(file)).isEqualTo(before).isNotEmpty();
    }

    /// What a connection says faster than the disk takes it is not left out: the connection waits.
    @Test
    void aConnectionWaitsForADiskThatIsSlower() throws Exception {
        var pipe = folder.resolve("slow");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "mkfifo is not there");
        var file = folder.resolve("slow.pcapng");
        // It begins to read only when it is told to.
        var disk = new ProcessBuilder("bash", "-c", "exec 9<>" + pipe + "; read -r _; exec 8<" + pipe + " 9>&-; cat <&8 >" + file).start();
        try {
            var capture = Capture.open(pipe, Capture.MOST_OCTETS, NOON);
            var stream = capture.stream(HERE, THERE, true, "");
            var talker = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 600; i++) {
                    stream.sent(ByteBuffer.allocate(Frame.MOST_PAYLOAD));
                }
            });
            while (talker.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            disk.getOutputStream().write('\n');
            disk.getOutputStream().flush();
            talker.join();
            capture.close();
            disk.waitFor();

            assertThat(capture.shortcoming()).isEmpty();
            assertThat(Files.size(file)).isGreaterThan(600L * Frame.MOST_PAYLOAD);
        } finally {
            disk.destroy();
        }
    }

    @Test
    void aDiskThatDoesNotKeepUpCostsPacketsAndNothingElse() throws Exception {
        var pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "mkfifo is not there");
        // Nobody reads from it until the test is over, so the writer thread stands still after 64 KiB.
        var keepOpen = new ProcessBuilder("bash", "-c", "exec 9<>" + pipe + "; read -r _; timeout 20 cat <&9 >/dev/null").start();
        try (var capture = Capture.open(pipe, Capture.MOST_OCTETS, NOON)) {
            var stream = capture.stream(HERE, THERE, true, "");
            for (int i = 0; i < 600; i++) {
                stream.sent(ByteBuffer.allocate(Frame.MOST_PAYLOAD));
            }

            assertThat(capture.shortcoming()).hasValueSatisfying(words -> assertThat(words).contains("too slow"));

            keepOpen.getOutputStream().write('\n');
            keepOpen.getOutputStream().flush();
        } finally {
            keepOpen.destroy();
        }
    }

    @Test
    void ofTlsTheCommentSaysWhatIsOnTheLine() throws Exception {
        var file = folder.resolve("tls.pcapng");
        try (var capture = Capture.open(file, Capture.MOST_OCTETS, NOON)) {
            var handler = capture.tap(Rfc1006.responder(100, new Acceptor(new CountDownLatch(1))), false, 102);
            handler.opened(new Secured());
            handler.received(hex("0300000b06e00000000100"));
            handler.closed("");
        }

        assertThat(tshark(file, "-V")).anyMatch(l -> l.contains("decrypted, on the line it is TLSv1.3"));
        assertThat(tshark(file)).anyMatch(l -> l.contains("CR TPDU")).anyMatch(l -> l.contains("CC TPDU"));
    }

    private static List<String> tsharkAfterClose(Capture capture, Path file) throws IOException, InterruptedException {
        capture.close();
        assertThat(capture.shortcoming()).isEmpty();
        return tshark(file);
    }

    private static List<String> tshark(Path file, String... options) throws IOException, InterruptedException {
        assumeTrue(System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/tshark")),
                "tshark is missing: apt-get install tshark");
        var command = new java.util.ArrayList<>(List.of("tshark", "-r", file.toString()));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().toList();
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text));
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    private record Acceptor(CountDownLatch closed, Transport[] held) implements Transport.User {
        Acceptor(CountDownLatch closed) {
            this(closed, new Transport[1]);
        }

        @Override
        public void ready(Transport transport) {
            held[0] = transport;
        }

        @Override
        public void connectIndication() {
            held[0].accept();
        }

        @Override
        public void connectConfirm() {}

        @Override
        public void tsdu(ByteBuffer octets) {
            held[0].disconnect();
        }

        @Override
        public void writable() {}

        @Override
        public void disconnected(String reason) {
            closed.countDown();
        }
    }

    private record Caller(CountDownLatch closed, Transport[] held) implements Transport.User {
        Caller(CountDownLatch closed) {
            this(closed, new Transport[1]);
        }

        @Override
        public void ready(Transport transport) {
            held[0] = transport;
            transport.connect();
        }

        @Override
        public void connectIndication() {}

        @Override
        public void connectConfirm() {
            held[0].send(hex(CONNECT));
            held[0].flush();
        }

        @Override
        public void tsdu(ByteBuffer octets) {}

        @Override
        public void writable() {}

        @Override
        public void disconnected(String reason) {
            closed.countDown();
        }
    }

    /// A link with TLS as far as anybody can see.
    private static final class Secured implements Link {
        @Override
        public void write(ByteBuffer... buffers) {}

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void close() {}

        @Override
        public void abort() {}

        @Override
        public String peer() {
            return "192.0.2.9:4444";
        }

        @Override
        public Security security() {
            return new Security(true, "", new byte[0], Optional.empty(), "TLSv1.3 TLS_AES_128_GCM_SHA256");
        }
    }
}

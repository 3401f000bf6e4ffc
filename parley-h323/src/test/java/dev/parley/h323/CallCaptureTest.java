package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionEnd;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.media.Tone;
import dev.parley.runtime.capture.Capture;
import dev.parley.testkit.Tshark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What one side's capture of a call holds, as tshark reads it: the whole signalling with its ends, and the media.
@Timeout(120)
class CallCaptureTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.SLOW_SEPARATE);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void signallingEndsWithFinAndMediaIsThere(Style style) throws Exception {
        Tshark.needed();
        var file = folder.resolve("call.pcapng");
        var heard = new CountDownLatch(10);
        try (var capture = Capture.open(file);
                var bob = H323Endpoint.open(settings("bob", style), call -> call.answer(CallMedia.sound(new Tone(440, 0.5), _ -> heard.countDown())));
                var alice = H323Endpoint.open(settings("alice", style), Optional.of(capture), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(new Tone(440, 0.5), _ -> { }), _ -> { });
            call.awaitAnswer(Duration.ofSeconds(60));
            assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
            call.release();
            assertThat(call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
            // What is told before the end of a call is in the capture when the end is told.
        }

        var packets = read(file, "ip.proto", "udp.stream", "tcp.stream", "tcp.flags", "rtp.ssrc", "rtcp.pt");
        assertThat(packets).filteredOn(p -> !p[4].isEmpty()).as("RTP").hasSizeGreaterThan(10);
        assertThat(packets).filteredOn(p -> p[5].contains("203")).as("the goodbye of RTCP").isNotEmpty();
        var streams = style.tunnel() ? List.of("0") : List.of("0", "1");
        for (var stream : streams) {
            assertThat(packets).filteredOn(p -> p[2].equals(stream)).as("stream %s", stream)
                    .anyMatch(p -> (Integer.decode(p[3]) & 2) != 0).filteredOn(p -> (Integer.decode(p[3]) & 1) != 0).hasSize(2);
        }
        assertThat(packets).noneMatch(p -> p[2].equals("" + streams.size()));
    }

    private static List<String[]> read(Path file, String... fields) throws Exception {
        var command = Stream.concat(Stream.of("tshark", "-n", "-r", file.toString(), "-o", "rtp.heuristic_rtp:TRUE",
                "-o", "rtcp.heuristic_rtcp:TRUE", "-T", "fields"),
                Stream.of(fields).flatMap(f -> Stream.of("-e", f))).toList();
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().map(l -> l.split("\t", -1)).toList();
    }

    private static Settings settings(String name, Style style) {
        return Settings.of(name, new InetSocketAddress(HERE, 0)).with(style);
    }
}

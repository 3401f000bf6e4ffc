package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two sessions over real sockets on the loopback, by the real clock.
class MediaOverUdpTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    Path folder;

    private final VirtualLoop aliceLoop = new VirtualLoop("alice");
    private final VirtualLoop bobLoop = new VirtualLoop("bob");

    private static MediaSession open(VirtualLoop loop) throws IOException {
        return MediaSession.open(new Udp(), loop, new SecureRandom(), HERE, PortRange.DEFAULT, "user@here", 8000, new MediaListener() {});
    }

    /// Asks now and then, by the loop's own timer.
    private static CompletableFuture<MediaFigures> when(MediaSession session, Predicate<MediaFigures> condition) {
        var answer = new CompletableFuture<MediaFigures>();
        ask(session, condition, answer);
        return answer;
    }

    private static void ask(MediaSession session, Predicate<MediaFigures> condition, CompletableFuture<MediaFigures> answer) {
        session.figures().thenAccept(figures -> {
            if (condition.test(figures)) {
                answer.complete(figures);
            } else {
                session.loop().schedule(Duration.ofMillis(20), () -> ask(session, condition, answer));
            }
        });
    }

    @AfterEach
    void stop() {
        aliceLoop.stop();
        bobLoop.stop();
    }

    @Test
    void soundArrivesAndReportsGoBothWays() throws Exception {
        var input = WavTest.noise(3 * G711.RATE, 5);
        var in = folder.resolve("in.wav");
        var out = folder.resolve("out.wav");
        try (var file = WavSink.open(in)) {
            file.write(input);
        }
        var alice = open(aliceLoop);
        var bob = open(bobLoop);
        alice.remote(Optional.of(bob.rtpAddress()), Optional.of(bob.rtcpAddress()));
        bob.remote(Optional.of(alice.rtpAddress()), Optional.of(alice.rtcpAddress()));

        bob.startReceiving(MediaFormat.Audio.A_LAW, WavSink.open(out), OptionalInt.empty());
        alice.startReceiving(MediaFormat.Audio.A_LAW, _ -> { }, OptionalInt.empty());
        alice.startSending(MediaFormat.Audio.A_LAW, WavSource.open(in), OptionalInt.empty());
        bob.startSending(MediaFormat.Audio.A_LAW, new Tone(440, 0.5), OptionalInt.empty());
        var here = when(alice, f -> f.rtp().packetsSent() == 150 && f.rtp().roundTrip().isPresent());
        var there = when(bob, f -> f.rtp().packetsReceived() == 150 && f.rtp().roundTrip().isPresent());
        var measured = here.get(60, TimeUnit.SECONDS);
        there.get(60, TimeUnit.SECONDS);
        bob.close();
        var last = bob.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
        when(alice, f -> f.rtp().left()).get(10, TimeUnit.SECONDS);
        alice.close();
        alice.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(WavTest.read(out)).isEqualTo(G711.A_LAW.decode(G711.A_LAW.encode(input, input.length)));
        assertThat(last.rtp().packetsLost()).isZero();
        assertThat(measured.rtp().lostThere()).hasValue(0);
        assertThat(measured.strangers()).isZero();
        assertThat(measured.malformed()).isZero();
    }
}

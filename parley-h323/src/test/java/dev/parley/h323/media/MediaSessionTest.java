package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.parley.h323.rtp.Hex;
import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.h323.rtp.VideoFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sound, pictures, keys and reports between two sessions in virtual time.
class MediaSessionTest {
    private static final OptionalInt NO_EVENTS = OptionalInt.empty();

    @TempDir
    Path folder;

    private static MediaFormat.Audio audio(G711 law) {
        return law == G711.A_LAW ? MediaFormat.Audio.A_LAW : MediaFormat.Audio.MU_LAW;
    }

    private Path wav(short[] samples) throws IOException {
        var file = folder.resolve("in.wav");
        try (var sink = WavSink.open(file)) {
            sink.write(samples);
        }
        return file;
    }

    @ParameterizedTest
    @EnumSource(G711.class)
    void thirtySecondsOfSoundArriveAsDecodedFromCoded(G711 law) throws IOException {
        var media = new MediaWorld(1, 8000);
        var input = WavTest.noise(30 * G711.RATE + 77, 5);
        var output = folder.resolve("out.wav");
        media.network.delay(Duration.ofMillis(20), Duration.ofMillis(45));

        media.bob.startReceiving(audio(law), WavSink.open(output), NO_EVENTS);
        media.alice.startSending(audio(law), WavSource.open(wav(input)), NO_EVENTS);
        media.run(Duration.ofSeconds(31));
        var there = media.figures(media.bob).rtp();
        var here = media.figures(media.alice).rtp();
        media.close();

        var expected = law.decode(law.encode(input, input.length));
        assertThat(WavTest.read(output)).isEqualTo(expected);
        assertThat(media.sourceEnded).isTrue();
        assertThat(media.failures).isEmpty();
        assertThat(there.packetsReceived()).isEqualTo(1501);
        assertThat(there.packetsLost()).isZero();
        // The mean difference of two delays, each anywhere within 25 ms, is a third of that.
        assertThat(there.jitter()).isBetween(Duration.ofMillis(4), Duration.ofMillis(13));
        assertThat(here.roundTrip()).hasValueSatisfying(d -> assertThat(d).isBetween(Duration.ofMillis(40), Duration.ofMillis(91)));
        assertThat(here.lostThere()).hasValue(0);
    }

    @Test
    void lossOnTheLineIsMeasuredAndFilledWithSilence() throws IOException {
        long seed = new Random().nextLong();
        var media = new MediaWorld(seed, 8000);
        var ear = new MediaWorld.Ear();
        media.network.loss(0.02).doubling(0.01);

        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, ear, NO_EVENTS);
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.run(Duration.ofSeconds(60));
        media.alice.stopSending();
        media.run(Duration.ofSeconds(1));
        var there = media.figures(media.bob).rtp();
        media.close();

        long played = ear.samples.size() / 160;
        long missing = ear.missing / 160;
        long sent = media.alice.ended().toCompletableFuture().join().rtp().packetsSent();
        assertThat(sent).as("seed %d", seed).isBetween(2999L, 3001L);
        assertThat(missing).as("seed %d", seed).isBetween(35L, 90L);
        // The first and the last packets may be among the lost: nobody knows of them.
        assertThat(played + missing).as("seed %d", seed).isBetween(sent - 6, sent);
        // Each copy that came twice counts as one that was not lost: 30 are expected, with a deviation of 5.5.
        assertThat(there.loss()).as("seed %d", seed).isCloseTo((double) missing / sent, within(0.02));
        assertThat(media.network.lost()).as("seed %d", seed).isGreaterThanOrEqualTo(missing);
        assertThat(ear.closed).isTrue();
    }

    /// The statistics count each copy, so without doubling they agree with the line to the packet.
    @Test
    void theMeasuredLossIsThatOfTheLine() throws IOException {
        long seed = new Random().nextLong();
        var media = new MediaWorld(seed, 8000);
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, new MediaWorld.Ear(), NO_EVENTS);
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.run(Duration.ofMillis(105));
        media.network.loss(0.02);
        long lostBefore = media.network.lost();
        media.run(Duration.ofSeconds(60));
        media.network.loss(0);
        media.run(Duration.ofSeconds(1));

        var figures = media.figures(media.bob).rtp();

        // Reports may have been lost, too: at most thirty of them.
        long lost = media.network.lost() - lostBefore;
        assertThat(figures.packetsLost()).as("seed %d", seed).isBetween(lost - 30, lost);
        assertThat(figures.loss()).as("seed %d", seed).isBetween(0.01, 0.03);
        media.run(Duration.ofSeconds(7));
        assertThat(media.figures(media.alice).rtp().lostThere()).as("seed %d", seed).hasValue((int) figures.packetsLost());
    }

    @Test
    void keysGoBetweenTheSoundAndAreHeardOnce() throws IOException {
        var media = new MediaWorld(4, 8000);
        var ear = new MediaWorld.Ear();
        media.network.loss(0.1).delay(Duration.ofMillis(1), Duration.ofMillis(70));
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, ear, OptionalInt.of(101));
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), OptionalInt.of(101));

        media.run(Duration.ofSeconds(1));
        media.alice.press("1234567890*#AbCd");
        media.run(Duration.ofSeconds(6));
        media.close();

        assertThat(media.keys).hasToString("1234567890*#ABCD");
        assertThat(media.failures).isEmpty();
        assertThat(ear.samples.size() + ear.missing).isBetween(54_000L, 56_200L);
    }

    @Test
    void keysThatCannotBeSentAreToldToTheListener() throws IOException {
        var media = new MediaWorld(4, 8000);
        media.alice.press("1");
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.alice.press("1");
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), OptionalInt.of(101));
        media.alice.press("x");
        media.alice.press("1".repeat(AudioSending.MOST_KEYS));
        media.alice.press("1");
        media.run(Duration.ofMillis(10));

        assertThat(media.failures).extracting(Exception::getMessage).satisfiesExactly(
                m -> assertThat(m).contains("no sound is sent"), m -> assertThat(m).contains("takes no telephone events"),
                m -> assertThat(m).contains("'x' is no key"), m -> assertThat(m).contains("more than 64 keys"));
    }

    @Test
    void picturesArriveUnitByUnit() throws IOException {
        var media = new MediaWorld(6, 90_000);
        media.network.delay(Duration.ofMillis(5), Duration.ofMillis(40));
        var stream = VideoFilesTest.h264Stream(250, 30_000, 9);
        var seen = new ArrayList<VideoFrame>();
        var format = new MediaFormat.H264(96, true);

        media.bob.startReceiving(format, seen::add);
        media.alice.startSending(format, new H264File.Source(new ByteArrayInputStream(stream), 25));
        media.run(Duration.ofMillis(10_500));
        media.close();

        assertThat(media.failures).isEmpty();
        var sent = VideoFilesTest.pictures(new H264File.Source(new ByteArrayInputStream(stream), 25));
        assertThat(seen).hasSize(250);
        assertThat(seen.equals(sent)).isTrue();
    }

    @Test
    void picturesWithHolesAreLeftOutAndCounted() throws IOException {
        var media = new MediaWorld(6, 90_000);
        media.network.loss(0.02);
        var stream = VideoFilesTest.h264Stream(250, 10_000, 9);
        var all = VideoFilesTest.pictures(new H264File.Source(new ByteArrayInputStream(stream), 25));
        var seen = new ArrayList<VideoFrame>();
        var format = new MediaFormat.H264(96, true);

        media.bob.startReceiving(format, seen::add);
        media.alice.startSending(format, new H264File.Source(new ByteArrayInputStream(stream), 25));
        media.run(Duration.ofMillis(10_500));
        long damaged = media.figures(media.bob).damagedPictures();

        assertThat(seen.size()).isBetween(100, 245);
        assertThat(all.containsAll(seen)).isTrue();
        assertThat(damaged).isPositive().isEqualTo(media.damagedPictures);
        assertThat(seen.size() + damaged).isBetween(245L, 250L);
    }

    @Test
    void mediaFromOthersIsNotHeard() throws IOException {
        var media = new MediaWorld(8, 8000);
        var ear = new MediaWorld.Ear();
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, ear, NO_EVENTS);
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.run(Duration.ofSeconds(1));
        var frame = RtpCodec.encode(RtpPacket.of(false, 0, 1, 0, 99, ByteBuffer.allocate(160)));
        var loop = media.world.process("stranger").loop();
        var stranger = media.network.open(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.3"), 9), loop, (_, _) -> { });
        var otherPort = media.network.open(new InetSocketAddress(MediaWorld.ALICE, 9), loop, (_, _) -> { });

        for (int i = 0; i < 10; i++) {
            stranger.send(media.bob.rtpAddress(), frame);
            stranger.send(media.bob.rtcpAddress(), Hex.octets("80c9000100000001"));
            otherPort.send(media.bob.rtpAddress(), frame);
        }
        media.run(Duration.ofSeconds(1));
        var figures = media.figures(media.bob);

        assertThat(figures.strangers()).isEqualTo(30);
        assertThat(figures.rtp().packetsLost()).isZero();
        assertThat(ear.missing).isZero();
    }

    @Test
    void anotherPortOfTheSameAddressMayTakeOverAfterSilence() throws IOException {
        var media = new MediaWorld(8, 8000);
        var ear = new MediaWorld.Ear();
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, ear, NO_EVENTS);
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.run(Duration.ofSeconds(1));
        media.alice.stopSending();
        media.run(Sender.SILENCE.plusMillis(200));
        int before = ear.samples.size();
        var other = media.network.open(new InetSocketAddress(MediaWorld.ALICE, 9), media.world.process("restarted").loop(), (_, _) -> { });

        for (int i = 0; i < 3; i++) {
            other.send(media.bob.rtpAddress(), RtpCodec.encode(RtpPacket.of(false, 0, i, i * 160, 99, ByteBuffer.allocate(160))));
        }
        media.run(Duration.ofSeconds(1));

        // The first one only makes the new source known.
        assertThat(ear.samples.size() - before).isEqualTo(2 * 160);
    }

    @Test
    void malformedAndUnexpectedDatagramsAreCounted() throws IOException {
        var media = new MediaWorld(8, 8000);
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, new MediaWorld.Ear(), OptionalInt.of(101));
        var other = media.network.open(new InetSocketAddress(MediaWorld.ALICE, 9), media.world.process("x").loop(), (_, _) -> { });
        other.send(media.bob.rtpAddress(), Hex.octets("00"));
        other.send(media.bob.rtcpAddress(), Hex.octets("80"));
        other.send(media.bob.rtpAddress(), RtpCodec.encode(RtpPacket.of(false, 8, 1, 0, 99, ByteBuffer.allocate(160))));
        other.send(media.bob.rtpAddress(), RtpCodec.encode(RtpPacket.of(false, 101, 1, 0, 99, ByteBuffer.allocate(3))));
        media.run(Duration.ofSeconds(1));

        assertThat(media.figures(media.bob).malformed()).isEqualTo(4);
    }

    @Test
    void aSourceOrSinkThatFailsStopsItsDirectionOnly() throws IOException {
        var media = new MediaWorld(8, 8000);
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, _ -> {
            throw new IOException("disk full");
        }, NO_EVENTS);
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.bob.startSending(MediaFormat.Audio.MU_LAW, _ -> {
            throw new IllegalStateException("no microphone");
        }, NO_EVENTS);
        media.run(Duration.ofSeconds(1));

        assertThat(media.failures).extracting(Exception::getMessage).containsExactly("no microphone", "disk full");
        assertThat(media.figures(media.alice).rtp().packetsSent()).isGreaterThan(40);
    }

    @Test
    void theOtherSideHearsTheGoodbyeAndHowLongItIsSilent() throws IOException {
        var media = new MediaWorld(8, 8000);
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, new MediaWorld.Ear(), NO_EVENTS);
        assertThat(media.figures(media.bob).silentFor()).isEmpty();
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), NO_EVENTS);
        media.run(Duration.ofSeconds(1));

        media.alice.close();
        media.run(Duration.ofSeconds(3));

        var figures = media.figures(media.bob);
        assertThat(figures.rtp().left()).isTrue();
        assertThat(figures.silentFor()).hasValueSatisfying(d -> assertThat(d).isBetween(Duration.ofMillis(2900), Duration.ofMillis(3100)));
        assertThat(media.alice.ended()).isCompleted();
    }

    @Test
    void portsAreEvenAndOddAndWhenNoneIsLeftTheErrorSaysSo() throws IOException {
        var media = new MediaWorld(8, 8000);
        assertThat(media.alice.rtpAddress().getPort()).isEven().isBetween(5000, 5008);
        assertThat(media.alice.rtcpAddress().getPort()).isEqualTo(media.alice.rtpAddress().getPort() + 1);
        var range = new PortRange(7000, 7003);
        var loop = media.world.process("x").loop();
        for (int i = 0; i < 2; i++) {
            MediaSession.open(media.network, loop, media.world.random(), MediaWorld.ALICE, range, "a@b", 8000, new MediaListener() {});
        }

        assertThat(catchThrowable(() -> MediaSession.open(
                media.network, loop, media.world.random(), MediaWorld.ALICE, range, "a@b", 8000, new MediaListener() {})))
                .isInstanceOf(IOException.class).hasMessageContaining("no free pair of ports in 7000..7003");
    }

    /// Who has nothing to say still reports, so that a call without sound is told from one whose other side is gone.
    @Test
    void reportsAreASignOfLife() throws IOException {
        var media = new MediaWorld(11, 8000);
        assertThat(media.silence(media.alice)).isEmpty();

        media.run(Duration.ofSeconds(4));
        for (int second = 0; second < 60; second++) {
            assertThat(media.silence(media.alice)).hasValueSatisfying(s -> assertThat(s).isLessThan(Duration.ofSeconds(8)));
            media.run(Duration.ofSeconds(1));
        }
        media.bob.close();
        media.run(Duration.ofSeconds(20));

        assertThat(media.silence(media.alice)).hasValueSatisfying(s -> assertThat(s).isGreaterThan(Duration.ofSeconds(19)));
        media.close();
    }
}

package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.rtp.RtpPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Packets that come before it is known in which format.
class EarlyPacketsTest {
    private static final InetSocketAddress FROM = new InetSocketAddress(MediaWorld.ALICE, 9);
    private static final long FOR = EarlyPackets.FOR.toNanos();

    private final EarlyPackets early = new EarlyPackets();

    private static ByteBuffer packet(int number) {
        return RtpCodec.encode(RtpPacket.of(false, 0, number, 160 * number, 99, ByteBuffer.allocate(160)));
    }

    @Test
    void whatOvertakesConnectIsHeard() throws IOException {
        var media = new MediaWorld(3, 8000);
        var ear = new MediaWorld.Ear();
        media.alice.startSending(MediaFormat.Audio.MU_LAW, new Tone(440, 0.5), OptionalInt.empty());
        media.run(Duration.ofMillis(410));
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, ear, OptionalInt.empty());
        media.run(Duration.ofSeconds(1));
        media.alice.stopSending();
        media.run(Duration.ofSeconds(1));
        var figures = media.figures(media.bob);

        long sent = media.figures(media.alice).rtp().packetsSent();
        assertThat(sent).isBetween(70L, 72L);
        assertThat(figures.rtp().packetsReceived()).isEqualTo(sent);
        assertThat(figures.malformed()).isZero();
        assertThat(ear.samples).hasSize((int) sent * 160);
        assertThat(ear.missing).isZero();
        // It is not late for that: the line takes no time here, and each packet is due as long after the first one as it was sent.
        assertThat(figures.rtp().jitter()).isLessThan(Duration.ofMillis(2));
    }

    @Test
    void soManyAreKeptAndOneMoreIsCounted() throws IOException {
        for (int more = 0; more <= 1; more++) {
            var media = new MediaWorld(3, 8000);
            var peer = media.network.open(FROM, media.world.process("peer").loop(), (_, _) -> { });
            for (int i = 0; i < EarlyPackets.MOST + more; i++) {
                peer.send(media.bob.rtpAddress(), packet(i));
                media.run(Duration.ofMillis(1));
            }
            assertThat(media.figures(media.bob).malformed()).as("nobody receives them yet").isEqualTo(EarlyPackets.MOST + more);
            media.bob.startReceiving(MediaFormat.Audio.MU_LAW, new MediaWorld.Ear(), OptionalInt.empty());
            media.run(Duration.ofMillis(10));

            assertThat(media.figures(media.bob).rtp().packetsReceived()).isEqualTo(EarlyPackets.MOST);
            assertThat(media.figures(media.bob).malformed()).isEqualTo(more);
        }
    }

    @Test
    void thoseOfStrangersAreNotHeard() throws IOException {
        var media = new MediaWorld(3, 8000);
        var stranger = media.network.open(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.3"), 9), media.world.process("x").loop(),
                (_, _) -> { });
        stranger.send(media.bob.rtpAddress(), packet(1));
        media.run(Duration.ofMillis(10));
        media.bob.startReceiving(MediaFormat.Audio.MU_LAW, new MediaWorld.Ear(), OptionalInt.empty());
        media.run(Duration.ofMillis(10));

        assertThat(media.figures(media.bob).rtp().packetsReceived()).isZero();
        assertThat(media.figures(media.bob).strangers()).isOne();
        assertThat(media.figures(media.bob).malformed()).isZero();
    }

    @Test
    void theyAreKeptForASecond() {
        assertThat(early.take(FROM, packet(1), 0)).isTrue();
        assertThat(early.take(FROM, packet(2), 1)).isTrue();

        assertThat(early.given(FOR + 1)).containsExactly(new EarlyPackets.Early(FROM, packet(2), 1));
        assertThat(early.unheard()).isOne();
        assertThat(early.take(FROM, packet(3), FOR + 2)).as("whatever comes is received now").isFalse();
    }

    @Test
    void noLongPacketIsKept() {
        early.take(FROM, ByteBuffer.allocate(EarlyPackets.LONGEST_OCTETS), 0);
        early.take(FROM, ByteBuffer.allocate(EarlyPackets.LONGEST_OCTETS + 1), 0);

        assertThat(early.given(0)).hasSize(1);
        assertThat(early.unheard()).isOne();
    }

    /// The buffer that a datagram comes in is used again.
    @Test
    void aCopyIsKept() {
        var buffer = packet(1);
        early.take(FROM, buffer, 0);
        buffer.put(5, (byte) 77);

        assertThat(early.given(0).getFirst().datagram()).isEqualTo(packet(1));
    }

    @Test
    void aCallThatGoesElsewhereWaitsAnew() {
        early.take(FROM, packet(1), 0);
        early.again();
        assertThat(early.unheard()).isOne();
        early.take(FROM, packet(2), 0);

        assertThat(early.given(0)).hasSize(1);
        early.again();
        assertThat(early.take(FROM, packet(3), 0)).isTrue();
    }
}

package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.testkit.Tshark;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Worked octets, truncation at every octet, limits, damage, and what tshark reads.
class RtpCodecTest {
    private static final String PLAIN = "80 80 ffff 00000140 deadbeef d5d5d5d5";
    private static final String RICH = "b2 60 0001 fffffff0 00000001 0000000a 8000000b bede 0001 10aa0000 0102 000002";

    private static final RtpPacket EXTENDED = new RtpPacket(false, 96, 1, -16, 1, List.of(10, 0x8000_000B),
            Optional.of(new RtpPacket.Extension(0xBEDE, Hex.octets("10aa0000"))), Hex.octets("0102 00"));

    @Test
    void aPlainPacketIsMadeAndReadAlike() {
        var packet = RtpPacket.of(true, 0, 65_535, 320, 0xDEAD_BEEF, Hex.octets("d5d5d5d5"));

        assertThat(Hex.of(RtpCodec.encode(packet))).isEqualTo(PLAIN.replace(" ", ""));
        assertThat(RtpCodec.decode(Hex.octets(PLAIN))).isEqualTo(packet);
    }

    @Test
    void paddingIsTakenOffAndTheRestIsKept() {
        var packet = RtpCodec.decode(Hex.octets(RICH));

        assertThat(packet).isEqualTo(EXTENDED);
        assertThat(RtpCodec.decode(RtpCodec.encode(packet))).isEqualTo(packet);
    }

    @Test
    void aPacketCutAnywhereInItsHeaderIsRefused() {
        var whole = RtpCodec.encode(EXTENDED);

        IntStream.range(0, 28).forEach(length ->
                assertThatThrownBy(() -> RtpCodec.decode(whole.slice(0, length))).isInstanceOf(ProtocolViolation.class));
        assertThat(RtpCodec.decode(whole.slice(0, 28)).payload().remaining()).isZero();
    }

    @Test
    void versionsAndPaddingThatCannotBeAreRefused() {
        assertThatThrownBy(() -> RtpCodec.decode(Hex.octets("40 00 0000 00000000 00000000"))).hasMessageContaining("version 1 instead of 2");
        assertThatThrownBy(() -> RtpCodec.decode(Hex.octets("a0 00 0000 00000000 00000000 00"))).hasMessageContaining("padding of 0");
        assertThatThrownBy(() -> RtpCodec.decode(Hex.octets("a0 00 0000 00000000 00000000 03 03"))).hasMessageContaining("padding of 3");
        assertThatThrownBy(() -> RtpCodec.decode(Hex.octets("a0 00 0000 00000000 00000000"))).isInstanceOf(ProtocolViolation.class);
        assertThat(RtpCodec.decode(Hex.octets("a0 00 0000 00000000 00000000 01 02")).payload().remaining()).isZero();
    }

    @Test
    void fifteenContributingSourcesFitAndSixteenDoNot() {
        var packet = new RtpPacket(false, 127, 0, 0, 0, Collections.nCopies(15, 7), Optional.empty(), ByteBuffer.allocate(0));

        assertThat(RtpCodec.decode(RtpCodec.encode(packet))).isEqualTo(packet);
        assertThatThrownBy(() -> new RtpPacket(false, 127, 0, 0, 0, Collections.nCopies(16, 7), Optional.empty(), ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void damagedPacketsAreReadOrRefusedButNeverMore() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            var octets = Hex.octets(i % 2 == 0 ? RICH : PLAIN).array();
            for (int hits = random.nextInt(1, 5); hits > 0; hits--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            var damaged = ByteBuffer.wrap(octets, 0, random.nextInt(octets.length + 1));
            try {
                RtpCodec.encode(RtpCodec.decode(damaged));
            } catch (ProtocolViolation expected) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + Hex.of(damaged), e);
            }
        }
    }

    @Test
    void tsharkReadsTheSame() throws Exception {
        Tshark.needed();
        var packets = List.of(RtpPacket.of(true, 8, 65_535, 320, 0xDEAD_BEEF, Hex.octets("d5d5d5d5")), EXTENDED);

        var lines = Tshark.fields(packets.stream().map(RtpCodec::encode).toList(), 5004, "rtp",
                "rtp.version", "rtp.marker", "rtp.p_type", "rtp.seq", "rtp.timestamp", "rtp.ssrc", "rtp.csrc.item", "rtp.ext.profile",
                "rtp.payload");

        assertThat(lines).containsExactly(
                "2\t1\t8\t65535\t320\t0xdeadbeef\t\t\td5d5d5d5",
                "2\t0\t96\t1\t4294967280\t0x00000001\t0x0000000a,0x8000000b\t0xbede\t010200");
    }
}

package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Pictures to packets and back: worked octets, any sizes, loss, and payloads that cannot be.
class VideoPacketsTest {
    private int sequence;

    private List<RtpPacket> packets(List<ByteBuffer> payloads, int timestamp) {
        var packets = new ArrayList<RtpPacket>();
        for (int i = 0; i < payloads.size(); i++) {
            packets.add(RtpPacket.of(i == payloads.size() - 1, 96, sequence++, timestamp, 7, payloads.get(i)));
        }
        return packets;
    }

    private static List<VideoFrame> received(VideoDepacketizer depacketizer, List<RtpPacket> packets) {
        return packets.stream().map(depacketizer::received).flatMap(List::stream).toList();
    }

    private RtpPacket packet(boolean marker, int timestamp, String payload) {
        return RtpPacket.of(marker, 96, sequence++, timestamp, 7, Hex.octets(payload));
    }

    @Test
    void smallUnitsTravelTogetherAndLargeOnesInFragments() {
        var payloads = new H264Packetizer(true, 16).payloads(List.of(
                Hex.octets("67 4200"), Hex.octets("68 ce"), Hex.octets("65 88 0102030405060708090a0b0c0d0e0f")));

        assertThat(payloads).extracting(Hex::of).containsExactly(
                "78" + "0003674200" + "000268ce",
                "7c85" + "880102030405060708090a0b0c0d",
                "7c45" + "0e0f");
    }

    @Test
    void modeZeroHasSingleUnitsOnly() {
        var units = List.of(Hex.octets("67 4200"), Hex.octets("65" + "00".repeat(100)));

        assertThat(new H264Packetizer(false, 16).payloads(units)).containsExactlyElementsOf(units);
        assertThatThrownBy(() -> new H264Packetizer(false, 16).payloads(List.of(ByteBuffer.allocate(65_001))))
                .hasMessageContaining("fits no datagram");
        assertThatThrownBy(() -> new H264Packetizer(true, 16).payloads(List.of(ByteBuffer.allocate(0)))).hasMessageContaining("empty");
        assertThatThrownBy(() -> new H264Packetizer(true, 15)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyAccessUnitComesBackUnitByUnit() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var depacketizer = new H264Depacketizer();
        for (int i = 0; i < 300; i++) {
            var units = new ArrayList<ByteBuffer>();
            for (int count = random.nextInt(1, 8); count > 0; count--) {
                var unit = new byte[random.nextInt(1, random.nextInt(2, 20_000))];
                random.nextBytes(unit);
                unit[0] = (byte) (random.nextInt(8) << 5 | random.nextInt(1, 24));
                units.add(ByteBuffer.wrap(unit));
            }
            int limit = random.nextInt(16, 1400);

            var payloads = new H264Packetizer(true, limit).payloads(units);

            assertThat(payloads).as("seed %d", seed).allMatch(p -> p.remaining() <= limit);
            assertThat(received(depacketizer, packets(payloads, i))).as("seed %d", seed).containsExactly(new VideoFrame(units));
        }
    }

    @Test
    void aPictureThatLostAPacketIsDamagedAndTheOthersAreNot() {
        var depacketizer = new H264Depacketizer();
        var packetizer = new H264Packetizer(true, 100);
        var all = new ArrayList<RtpPacket>();
        for (int i = 0; i < 5; i++) {
            all.addAll(packets(packetizer.payloads(List.of(Hex.octets("65 88" + "00".repeat(300)))), i));
        }
        // Its first, one of its middle, and its last one with the marker; the last picture begins after a gap but is whole.
        all.removeIf(p -> p.timestamp() == 1 && p.sequenceNumber() == 4 || p.timestamp() == 2 && p.sequenceNumber() == 10
                || p.timestamp() == 3 && p.sequenceNumber() == 15);

        assertThat(received(depacketizer, all)).hasSize(2);
        assertThat(depacketizer.damaged()).isEqualTo(3);
    }

    @Test
    void aPictureWithoutAMarkerEndsWhereTheNextBegins() {
        var depacketizer = new H264Depacketizer();

        assertThat(depacketizer.received(packet(false, 0, "65 88"))).isEmpty();
        assertThat(depacketizer.received(packet(true, 1, "61 9a"))).extracting(f -> Hex.of(f.units().getFirst())).containsExactly("6588", "619a");
    }

    @Test
    void payloadsOfH264ThatCannotBeDamageTheirPicture() {
        var depacketizer = new H264Depacketizer();
        var broken = List.of("", "00", "1e", "19 0001 65", "78 00", "78 0000", "78 0005 6588", "7c85", "7c c5 88", "7c05 88", "7c45 88", "7c85 88");
        for (var payload : broken) {
            assertThat(depacketizer.received(packet(true, sequence, payload))).as(payload).isEmpty();
        }

        assertThat(depacketizer.damaged()).isEqualTo(broken.size());
        // A fragment is followed by something else, or begins twice.
        depacketizer.received(packet(false, 100, "7c85 88"));
        assertThat(depacketizer.received(packet(true, 100, "65 88"))).isEmpty();
        depacketizer.received(packet(false, 101, "7c85 88"));
        assertThat(depacketizer.received(packet(true, 101, "7c85 88"))).isEmpty();
        assertThat(depacketizer.received(packet(true, 102, "65 88"))).hasSize(1);
    }

    @Test
    void aPictureHasSoManyUnitsAndNoMore() {
        var most = "78" + "000165".repeat(H264Depacketizer.MOST_UNITS);

        assertThat(new H264Depacketizer().received(packet(true, 1, most))).hasSize(1);
        assertThat(new H264Depacketizer().received(packet(true, 2, most + "000165"))).isEmpty();
    }

    @Test
    void aPictureMayBeSoLargeAndNoLarger() {
        var depacketizer = new H264Depacketizer();
        var unit = ByteBuffer.allocate(1 << 16).put(0, (byte) 0x65);
        for (int i = 0; i < 128; i++) {
            var frames = depacketizer.received(RtpPacket.of(i == 127, 96, sequence++, 1, 7, unit));
            assertThat(frames).hasSize(i == 127 ? 1 : 0);
        }
        for (int i = 0; i < 129; i++) {
            assertThat(depacketizer.received(RtpPacket.of(i == 128, 96, sequence++, 2, 7, unit))).isEmpty();
        }
    }

    /// A QCIF inter picture: start code, time 5, type 1 0 0 0 0 010 1 0000, then two groups whose start codes lie across octets.
    static final String PICTURE = "000080 16 0a 00 ffff f0 00018fffffffffff fc 00007fffff";

    @Test
    void aPictureOfH263IsCutAtItsGroups() {
        var payloads = new H263Packetizer(true, 16).payloads(Hex.octets(PICTURE));

        assertThat(payloads).extracting(Hex::of).containsExactly(
                "01500000" + "000080160a00fffff0",
                "3f500000" + "f000018ffffffffffffc00",
                "08500000" + "00007fffff");
    }

    @Test
    void anyPictureOfH263ComesBackByBothFormats() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (boolean rfc2190 : new boolean[] {true, false}) {
            var depacketizer = new H263Depacketizer(rfc2190);
            for (int i = 0; i < 300; i++) {
                var octets = new byte[random.nextInt(6, 6000)];
                random.nextBytes(octets);
                // Plenty of start codes at any bit.
                for (int zeros = octets.length / 50; zeros > 0; zeros--) {
                    octets[random.nextInt(6, octets.length)] = 0;
                    int at = random.nextInt(6, octets.length);
                    octets[at] = 0;
                    octets[Math.min(at + 1, octets.length - 1)] = 0;
                }
                var picture = ByteBuffer.wrap(octets).put(0, Hex.octets("000080 16 0a 00").array());

                var payloads = new H263Packetizer(rfc2190, random.nextInt(16, 1400)).payloads(picture);

                var frames = received(depacketizer, packets(payloads, i));
                assertThat(frames).as("seed %d", seed).hasSize(1);
                assertThat(frames.getFirst().units().getFirst()).as("seed %d", seed).isEqualTo(picture);
            }
        }
    }

    @Test
    void whatMayNotBeCutInModeAIsRefused() {
        var packetizer = new H263Packetizer(true, 100);

        assertThatThrownBy(() -> packetizer.payloads(Hex.octets("000080 16 1e 00"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RFC 4629");
        assertThatThrownBy(() -> packetizer.payloads(Hex.octets("000080 16 0a 20"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> packetizer.payloads(Hex.octets("000184 16 0a 00"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> packetizer.payloads(Hex.octets("000080 16 0a"))).isInstanceOf(IllegalArgumentException.class);
    }

    /// Random payloads of every kind: a picture or none, and no other way out.
    @Test
    void randomPayloadsNeverDoMoreThanDamageAPicture() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (var depacketizer : List.of(new H264Depacketizer(), new H263Depacketizer(true), new H263Depacketizer(false))) {
            for (int i = 0; i < 50_000; i++) {
                var payload = new byte[random.nextInt(20)];
                random.nextBytes(payload);
                sequence += random.nextInt(20) == 0 ? 2 : 1;
                var packet = RtpPacket.of(random.nextInt(4) == 0, 96, sequence, i / 3, 7, ByteBuffer.wrap(payload));
                try {
                    depacketizer.received(packet);
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", packet " + i + " " + Hex.of(ByteBuffer.wrap(payload)), e);
                }
            }
        }
    }
}

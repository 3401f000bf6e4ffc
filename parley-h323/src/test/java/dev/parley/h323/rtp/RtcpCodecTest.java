package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.rtp.RtcpPacket.Chunk;
import dev.parley.h323.rtp.RtcpPacket.Goodbye;
import dev.parley.h323.rtp.RtcpPacket.Item;
import dev.parley.h323.rtp.RtcpPacket.Other;
import dev.parley.h323.rtp.RtcpPacket.ReceiverReport;
import dev.parley.h323.rtp.RtcpPacket.ReportBlock;
import dev.parley.h323.rtp.RtcpPacket.SenderReport;
import dev.parley.h323.rtp.RtcpPacket.SourceDescription;
import dev.parley.testkit.Tshark;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Worked octets, truncation at every octet, limits, damage, and what tshark reads.
class RtcpCodecTest {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);
    private static final ReportBlock BLOCK = new ReportBlock(0x0102_0304, 5, -2, 0x0001_0003, 17, 0xAABB_CCDD, 0x0001_8000);

    private static final List<RtcpPacket> COMPOUND = List.of(
            new SenderReport(0xDEAD_BEEF, 0xE000_0001_8000_0000L, 160, 3, 480, List.of(BLOCK), NONE),
            new SourceDescription(List.of(
                    new Chunk(0xDEAD_BEEF, List.of(Item.of(Item.CNAME, "a@b"), Item.of(6, "Parley"))), new Chunk(7, List.of()))),
            new Goodbye(List.of(0xDEAD_BEEF, 7), Optional.of("done")));

    private static final String COMPOUND_OCTETS = """
            81 c8 000c deadbeef e0000001 80000000 000000a0 00000003 000001e0
                01020304 05 fffffe 00010003 00000011 aabbccdd 00018000
            82 ca 0007 deadbeef 01 03 614062 06 06 5061726c6579 000000 00000007 00000000
            82 cb 0004 deadbeef 00000007 04 646f6e65 000000""";

    @Test
    void aCompoundPacketIsMadeAndReadAlike() {
        assertThat(Hex.of(RtcpCodec.encode(COMPOUND))).isEqualTo(COMPOUND_OCTETS.replaceAll("\\s", ""));
        assertThat(RtcpCodec.decode(Hex.octets(COMPOUND_OCTETS.replaceAll("\\s", "")))).isEqualTo(COMPOUND);
    }

    @Test
    void everyKindComesBackAsItWas() {
        var packets = List.<RtcpPacket>of(
                new ReceiverReport(1, List.of(), NONE),
                new ReceiverReport(1, Collections.nCopies(31, BLOCK), Hex.octets("00000001")),
                new SourceDescription(List.of()),
                new SourceDescription(List.of(new Chunk(1, List.of(new Item(8, Hex.octets("01ff80")), Item.of(1, "x".repeat(255)))))),
                new Goodbye(List.of(), Optional.empty()), new Goodbye(List.of(1), Optional.of("")),
                new Goodbye(List.of(1), Optional.of("y".repeat(255))),
                new Other(204, 3, Hex.octets("00000001 50524c59")), new Other(206, 1, Hex.octets("00000001 00000002")));

        packets.forEach(p -> assertThat(RtcpCodec.decode(RtcpCodec.encode(List.of(p)))).containsExactly(p));
        assertThat(RtcpCodec.decode(RtcpCodec.encode(packets))).isEqualTo(packets);
    }

    /// RFC 5506: feedback comes without a report before it.
    @Test
    void feedbackAloneIsTaken() {
        assertThat(RtcpCodec.decode(Hex.octets("81 ce 0002 00000001 00000002")))
                .containsExactly(new Other(206, 1, Hex.octets("00000001 00000002")));
    }

    @Test
    void paddingIsTakenOffTheLastPacketOnly() {
        assertThat(RtcpCodec.decode(Hex.octets("a0 c9 0002 00000001 00000004"))).containsExactly(new ReceiverReport(1, List.of(), NONE));
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("a0 c9 0002 00000001 00000004 80 c9 0001 00000001")))
                .hasMessageContaining("not the last");
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("a0 c9 0002 00000001 00000003"))).hasMessageContaining("padding of 3");
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("a0 c9 0000"))).hasMessageContaining("padding of 0");
    }

    @Test
    void aCompoundCutAnywhereButBetweenItsPacketsIsRefused() {
        var whole = RtcpCodec.encode(COMPOUND);
        var ends = List.of(52, 84, whole.limit());

        for (int length = 0; length <= whole.limit(); length++) {
            var cut = whole.slice(0, length);
            if (ends.contains(length)) {
                assertThat(RtcpCodec.decode(cut)).isEqualTo(COMPOUND.subList(0, ends.indexOf(length) + 1));
            } else {
                assertThatThrownBy(() -> RtcpCodec.decode(cut)).isInstanceOf(ProtocolViolation.class);
            }
        }
    }

    @Test
    void countsBeyondTheBodyAreRefused() {
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("9f c9 0001 00000001"))).hasMessageContaining("a report's SSRC");
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("81 ca 0002 00000001 01ff6161"))).hasMessageContaining("an item's text");
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("81 ca 0002 00000001 01026161"))).hasMessageContaining("an item's type");
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("81 cb 0002 00000001 ff000000"))).hasMessageContaining("the reason");
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets("80 bf 0000"))).hasMessageContaining("outside 192..223");
    }

    @Test
    void sixtyFourPacketsFitADatagramAndMoreDoNot() {
        var report = new ReceiverReport(1, List.of(), NONE);
        var most = Collections.<RtcpPacket>nCopies(64, report);
        var octets = Hex.of(RtcpCodec.encode(most));

        assertThat(RtcpCodec.decode(Hex.octets(octets))).hasSize(64);
        assertThatThrownBy(() -> RtcpCodec.decode(Hex.octets(octets + "80c9000100000001"))).hasMessageContaining("more than 64");
        assertThatThrownBy(() -> RtcpCodec.encode(Collections.nCopies(65, report))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReceiverReport(1, Collections.nCopies(32, BLOCK), NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void damagedPacketsAreReadOrRefusedButNeverMore() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var whole = RtcpCodec.encode(COMPOUND).array();
        for (int i = 0; i < 50_000; i++) {
            var octets = whole.clone();
            for (int hits = random.nextInt(1, 6); hits > 0; hits--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            try {
                RtcpCodec.encode(RtcpCodec.decode(ByteBuffer.wrap(octets)));
            } catch (ProtocolViolation expected) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + Hex.of(ByteBuffer.wrap(octets)), e);
            }
        }
    }

    @Test
    void tsharkReadsTheSame() throws Exception {
        Tshark.needed();
        var packets = new ArrayList<RtcpPacket>(COMPOUND);
        packets.add(1, new Other(204, 3, Hex.octets("00000001 50524c59")));

        var lines = Tshark.fields(List.of(RtcpCodec.encode(packets), RtcpCodec.encode(List.of(new ReceiverReport(9, List.of(BLOCK), NONE)))),
                5005, "rtcp", "rtcp.pt", "rtcp.senderssrc", "rtcp.timestamp.ntp.msw", "rtcp.timestamp.rtp", "rtcp.sender.packetcount",
                "rtcp.sender.octetcount", "rtcp.ssrc.fraction", "rtcp.ssrc.cum_nr", "rtcp.ssrc.ext_high", "rtcp.ssrc.jitter",
                "rtcp.ssrc.lsr", "rtcp.ssrc.dlsr", "rtcp.sdes.text", "rtcp.length_check", "_ws.malformed");

        assertThat(lines).containsExactly(
                "200,204,202,203\t0xdeadbeef\t3758096385\t160\t3\t480\t5\t-2\t65539\t17\t2864434397\t98304\ta@b,Parley,done\t1\t",
                "201\t0x00000009\t\t\t\t\t5\t-2\t65539\t17\t2864434397\t98304\t\t1\t");
    }
}

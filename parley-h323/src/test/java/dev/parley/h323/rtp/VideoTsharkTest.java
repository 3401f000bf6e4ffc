package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Tshark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Pictures in packets as tshark reads them.
class VideoTsharkTest {
    @BeforeAll
    static void needsTshark() {
        Tshark.needed();
    }

    private static List<String> read(List<ByteBuffer> payloads, int payloadType, String dissector, String... fields)
            throws IOException, InterruptedException {
        var packets = new ArrayList<ByteBuffer>();
        for (int i = 0; i < payloads.size(); i++) {
            packets.add(RtpCodec.encode(RtpPacket.of(i == payloads.size() - 1, payloadType, i, 1, 7, payloads.get(i))));
        }
        return Tshark.fields(packets, 5004, "rtp", List.of("-d", "rtp.pt==" + payloadType + "," + dissector), fields);
    }

    /// Sequence and picture parameters together (24, of which it shows the first: 7, four octets), an IDR picture (5) in three fragments (28) and a
    /// unit alone (1).
    @Test
    void unitsOfH264() throws Exception {
        var packetizer = new H264Packetizer(true, 16);
        var payloads = new ArrayList<>(packetizer.payloads(List.of(Hex.octets("6742c00a"), Hex.octets("28ce3c80"),
                Hex.octets("6588" + "84".repeat(38)))));
        payloads.addAll(packetizer.payloads(List.of(Hex.octets("219a21"))));

        var lines = read(payloads, 96, "h264", "rtp.marker",
                "h264.nal_nri", "h264.nal_unit_hdr", "h264.nalu_size", "h264.nal_unit_type", "h264.start.bit",
                "h264.end.bit", "h264.forbidden.bit");

        assertThat(lines).containsExactly(
                "0\t3,3\t24,7\t4\t\t\t\t",
                "0\t3\t28\t\t5\t1\t0\t0",
                "0\t3\t28\t\t5\t0\t0\t0",
                "0\t3\t28\t\t5\t0\t1\t0",
                "1\t1\t1\t\t\t\t\t");
    }

    /// QCIF (2), predicted (1), cut at groups whose codes begin within an octet.
    @Test
    void picturesOfH263ByRfc2190() throws Exception {
        var payloads = new H263Packetizer(true, 16).payloads(Hex.octets(VideoPacketsTest.PICTURE));

        var lines = read(payloads, 34, "rfc2190", "rtp.marker",
                "rfc2190.ftype", "rfc2190.pbframes", "rfc2190.sbit", "rfc2190.ebit", "rfc2190.srcformat",
                "rfc2190.picture_coding_type");

        assertThat(lines).containsExactly(
                "0\t0\t0\t0\t1\t2\t1",
                "0\t0\t0\t7\t7\t2\t1",
                "1\t0\t0\t1\t0\t2\t1");
    }

    /// Time 5; the two zeros of the start code are left to the P bit.
    @Test
    void picturesOfH263ByRfc4629() throws Exception {
        var payloads = new H263Packetizer(false, 16).payloads(Hex.octets(VideoPacketsTest.PICTURE));

        var lines = read(payloads, 97, "h263p", "rtp.marker", "h263p.rr", "h263p.p", "h263p.v", "h263p.plen", "h263p.pebit", "h263.psc",
                "h263.tr2");

        assertThat(lines).containsExactly(
                "0\t0\t1\t0\t0\t0\t0x00000020\t5",
                "1\t0\t0\t0\t0\t0\t\t");
    }
}

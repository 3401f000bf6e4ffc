package dev.parley.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.trace.file.PacketFile;
import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Datagrams whose ports say nothing, and what is left out of them.
class DatagramTest {
    /// A GRQ of another stack.
    private static final byte[] GRQ = HexFormat.of().parseHex("00200000060008914a0004007f00000232e622c0b5000036056f626a737973"
            + "0576302e392e34000140020062006f0062");
    private static final byte[] NAME_QUERY = HexFormat.of().parseHex("123401000001000000000000076578616d706c6503636f6d0000010001");

    @Test
    void rasSaysOnAnyPortWhatItIs() throws IOException {
        var trace = trace(new PcapBuilder().udp(true, 40_000, 5_000, GRQ).udp(false, 5_000, 40_000, NAME_QUERY));

        var exchange = trace.exchanges().getFirst();
        assertThat(exchange.carrier()).isEqualTo(Exchange.Carrier.DATAGRAMS);
        assertThat(exchange.about()).isEqualTo("H.225.0 RAS");
        assertThat(exchange.messages().getFirst().summary()).isEqualTo("no. 1, bob");
        // From then on everything there is RAS, or broken.
        assertThat(exchange.messages().getLast().fault()).isPresent();
    }

    @Test
    void anythingElseIsPassedOverAndCounted() throws IOException {
        var trace = trace(new PcapBuilder().udp(true, 40_000, 53, NAME_QUERY).udp(false, 53, 40_000, NAME_QUERY)
                .udp(true, 40_001, 5_000, new byte[0]));

        assertThat(trace.exchanges()).isEmpty();
        assertThat(trace.remarks()).containsExactly("3 packets were passed over: UDP datagrams, which are not decoded");
    }

    @Test
    void onThePortOfRasWhatIsBrokenIsBrokenRas() throws IOException {
        var trace = trace(new PcapBuilder().udp(true, 40_000, 1_719, GRQ));
        assertThat(trace.exchanges().getFirst().messages()).extracting(Message::symbol).containsExactly("GRQ");

        var broken = trace(new PcapBuilder().udp(true, 40_000, 1_719, Arrays.copyOf(GRQ, 20)));
        assertThat(broken.faults()).isEqualTo(1);
        assertThat(new SequenceChart(100).draw(broken)).contains("RAS broken message", "malformed: ");
    }

    @Test
    void aMessageThatWasNotCapturedWholeIsNoBrokenOne() throws IOException {
        var whole = new PcapBuilder();
        var framed = whole.framed(whole.ip(true, datagram(GRQ), 17));

        var trace = trace(new PcapBuilder().packet(Arrays.copyOf(framed, framed.length - 9)));

        assertThat(trace.faults()).isZero();
        assertThat(trace.exchanges().getFirst().messages().getFirst().title()).isEqualTo("9 octets of a RAS message are not in the capture");
    }

    private static byte[] datagram(byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length).putShort((short) 40_000).putShort((short) 1_719)
                .putShort((short) (8 + payload.length)).putShort((short) 0).put(payload).array();
    }

    @Test
    void fivePacketsInARowAreMediaThoughNobodyAnnouncedThem() throws IOException {
        var four = new PcapBuilder();
        var five = new PcapBuilder();
        for (int i = 0; i < 5; i++) {
            var packet = rtp(8, 65_534 + i, 160 * i);
            five.udp(true, 40_000, 5_000, packet);
            if (i < 4) {
                four.udp(true, 40_000, 5_000, packet);
            }
        }

        assertThat(trace(four).exchanges()).isEmpty();
        var message = trace(five).exchanges().getFirst().messages().getFirst();
        assertThat(message.title()).isEqualTo("G.711 A-law");
        assertThat(message.summary()).startsWith("5 packets in 4.00 s, none lost");
        assertThat(trace(five).exchanges().getFirst().about()).isEqualTo("RTP audio");
    }

    @Test
    void lossAndWhatIsStrangeAmongMediaAreTold() throws IOException {
        var file = new PcapBuilder();
        for (int i = 0; i < 40; i++) {
            if (i != 7 && i != 8) {
                file.udp(true, 40_000, 5_000, rtp(97, i, 160 * i));
            }
        }
        file.udp(true, 40_000, 5_000, NAME_QUERY);

        var exchange = trace(file).exchanges().getFirst();

        assertThat(exchange.about()).isEqualTo("RTP media, and 1 datagram of something else");
        assertThat(exchange.messages()).singleElement().satisfies(m -> assertThat(m.title() + ": " + m.summary())
                .isEqualTo("payload type 97: 38 packets in 37.00 s, 2 lost"));
    }

    @Test
    void flowsBeyondTheLimitAreCounted() throws IOException {
        var file = new PcapBuilder().udp(true, 40_000, 1_719, GRQ).udp(true, 40_001, 1_719, GRQ).udp(true, 40_002, 1_719, GRQ);

        assertThat(trace(file, new Tracer.Limits(10, 10, 1_000, 3)).remarks()).isEmpty();
        var limited = trace(file, new Tracer.Limits(10, 10, 1_000, 2));
        assertThat(limited.exchanges()).hasSize(2);
        assertThat(limited.remarks()).containsExactly("1 packet was passed over: UDP datagrams, which are not decoded");
    }

    @Test
    void parametersBeyondTheLimitAreLeftOut() throws IOException {
        var file = new PcapBuilder().udp(true, 40_000, 1_719, GRQ);
        int items = count(trace(file).exchanges().getFirst().messages().getFirst().items());

        assertThat(trace(file, new Tracer.Limits(10, 10, items, 2)).remarks()).isEmpty();
        var limited = trace(file, new Tracer.Limits(10, 10, items - 1, 2));
        assertThat(limited.exchanges().getFirst().messages().getFirst().items()).isEmpty();
        assertThat(limited.remarks()).containsExactly("1 message is listed without parameters");
    }

    private static int count(List<Item> items) {
        return items.stream().mapToInt(i -> 1 + count(i.parts())).sum();
    }

    private static byte[] rtp(int type, int sequence, int timestamp) {
        var out = RtpCodec.encode(RtpPacket.of(false, type, sequence, timestamp, 0x1234_5678, ByteBuffer.allocate(160)));
        var octets = new byte[out.remaining()];
        out.get(octets);
        return octets;
    }

    private static Trace trace(PcapBuilder file) throws IOException {
        return trace(file, Tracer.Limits.USUAL);
    }

    private static Trace trace(PcapBuilder file, Tracer.Limits limits) throws IOException {
        return Tracer.read(PacketFile.of(new ByteArrayInputStream(file.octets())), limits);
    }
}

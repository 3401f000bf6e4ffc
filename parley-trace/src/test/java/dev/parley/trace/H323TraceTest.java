package dev.parley.trace;

import static dev.parley.trace.PcapBuilder.ACK;
import static dev.parley.trace.PcapBuilder.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Tshark;
import dev.parley.trace.file.PacketFile;
import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of ooh323c in four styles, and one of our own through a gatekeeper of our own with its RAS and its sound.
class H323TraceTest {
    private static final String ROUTED = "h323-gatekeeper-routed.pcap";
    private static final String TCS = "02300106000881750008008000" + "0020c0ef00800100000000";
    private static final String MSD = "01003280d28a19";

    /// Ours and tshark's.
    private static final Map<String, String> FIELDS = new TreeMap<>(Map.of("callIdentifier", "h225.guid", "statusDeterminationNumber",
            "h245.statusDeterminationNumber", "forwardLogicalChannelNumber", "h245.forwardLogicalChannelNumber", "requestSeqNum",
            "h225.requestSeqNum", "g711Ulaw64k", "h245.g711Ulaw64k", "timeToLive", "h225.timeToLive", "bandWidth", "h225.bandWidth", "cause",
            "q931.cause_value"));

    static Path capture(String name) {
        return Path.of("src", "test", "resources", "dev", "parley", "trace", name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h323-fast-tunnelled.pcap", "h323-fast-separate.pcap", "h323-slow-tunnelled.pcap", "h323-slow-separate.pcap", ROUTED})
    void everyMessageHasTheNameThatTsharkGivesIt(String name) throws Exception {
        Tshark.needed();

        var trace = Tracer.read(capture(name));

        assertThat(trace.faults()).isZero();
        assertThat(H323Names.ours(trace)).isEqualTo(H323Names.ofTshark(capture(name))).hasSizeGreaterThan(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h323-fast-tunnelled.pcap", "h323-fast-separate.pcap", "h323-slow-tunnelled.pcap", "h323-slow-separate.pcap", ROUTED})
    void numbersAndAddressesAreThoseOfTshark(String name) throws Exception {
        Tshark.needed();

        var fields = new ArrayList<>(List.of("_ws.col.Info", "h245.tsapIdentifier"));
        fields.addAll(FIELDS.values());
        var theirs = Tshark.fields(capture(name), "h225 || h245", List.of(), fields.toArray(String[]::new));
        var items = items(Tracer.read(capture(name)));

        for (var ours : FIELDS.keySet()) {
            int column = fields.indexOf(FIELDS.get(ours));
            // It repeats the call identifier of a request of RAS in the answer, where none is.
            var wanted = theirs.stream().filter(l -> !ours.equals("callIdentifier") || !l.getFirst().contains("Confirm"))
                    .flatMap(l -> values(l, column)).map(v -> v.replaceAll("[:-]", "")).toList();
            assertThat(values(items, ours).stream().map(v -> v.replaceFirst("(?<=^\\d{1,3}),.*", "")).toList()).as(ours).isEqualTo(wanted);
        }
        var ports = Stream.of("mediaChannel", "mediaControlChannel").flatMap(n -> values(items, n).stream())
                .map(a -> a.substring(a.lastIndexOf(':') + 1)).sorted().toList();
        assertThat(ports).isEqualTo(theirs.stream().flatMap(l -> values(l, 1)).sorted().toList());
    }

    private static Stream<String> values(List<String> line, int column) {
        return Stream.of(line.get(column).split(",")).filter(v -> !v.isEmpty());
    }

    @Test
    void mediaHasTheFiguresOfTshark() throws Exception {
        Tshark.needed();
        var theirs = new ArrayList<String>();
        for (var line : Tshark.lines(capture(ROUTED), "-q", "-z", "rtp,streams")) {
            var words = line.strip().split("\\s+");
            if (words.length > 9 && words[6].startsWith("0x")) {
                theirs.add(String.join(" ", words[2] + ":" + words[3], words[6].substring(2).toLowerCase(Locale.ROOT), words[8], words[9]));
            }
        }

        var trace = Tracer.read(capture(ROUTED));

        var ours = new ArrayList<String>();
        for (var exchange : trace.exchanges()) {
            exchange.messages().stream().filter(m -> m.symbol().equals("RTP")).forEach(m -> ours.add(String.join(" ",
                    m.fromCaller() ? exchange.caller() : exchange.called(), value(m, "source"), value(m, "packets"), value(m, "lost"))));
        }
        assertThat(ours).hasSize(2).containsExactlyInAnyOrderElementsOf(theirs);
        var reports = message(trace, 7, "RTCP");
        assertThat(reports.summary()).isEqualTo("2 sender reports, 0 lost, goodbye");
        assertThat(value(reports, "name")).isEqualTo("bob@127.0.0.2");
    }

    @Test
    void aCallThroughAGatekeeperIsToldFromRegistrationToGoodbye() throws IOException {
        var trace = Tracer.read(capture(ROUTED));

        assertThat(trace.exchanges()).extracting(Exchange::about).containsExactly(
                "H.225.0 RAS", "H.225.0 RAS", "H.225.0 of call cf30..47ab", "H.225.0 of call cf30..47ab", "H.245 of call cf30..47ab",
                "RTP audio of call cf30..47ab", "RTCP audio of call cf30..47ab");
        assertThat(trace.exchanges().get(1).messages()).extracting(m -> m.symbol() + " " + m.summary()).containsExactly(
                "GRQ no. 1, alice", "GCF no. 1, \"parley\", RAS at 127.0.0.1:1719",
                "RRQ no. 2, alice, calls to 127.0.0.1:33435, for 300 s", "RCF no. 2, alice, endpoint \"ep-a9dd38\", for 300 s",
                "ARQ no. 3, alice to bob, 128 kbit/s, calls, call cf30..47ab", "ACF no. 3, routed, to 127.0.0.1:1720, 128 kbit/s",
                "DRQ no. 4, the call is over, of who called, call cf30..47ab", "DCF no. 4", "URQ no. 5", "UCF no. 5");
        assertThat(message(trace, 5, "UII").summary()).isEqualTo("keys \"5\"");
        assertThat(message(trace, 5, "OLCAck").summary())
                .isEqualTo("1 (G.711 A-law), media to 127.0.0.2:25248, RTCP to 127.0.0.2:25249");
        assertThat(message(trace, 6, "RTP").title()).isEqualTo("G.711 A-law");
        assertThat(message(trace, 6, "RTP").summary()).startsWith("80 packets in 1.77 s, none lost, jitter ");
        assertThat(trace.remarks()).containsExactly("1 packet was passed over: IP protocol 1");
    }

    @Test
    void fastConnectAndWhatIsInTheTunnelAreTold() throws IOException {
        var trace = Tracer.read(capture("h323-fast-tunnelled.pcap"));

        assertThat(message(trace, 1, "Setup").summary())
                .isEqualTo("1001 alice to 127.0.0.2:1720, fast connect offers G.711 mu-law, tunnels");
        assertThat(message(trace, 1, "Connect").summary()).isEqualTo("fast connect takes G.711 mu-law, tunnels, \"objsyscall\"");
        assertThat(message(trace, 1, "TCS").summary()).isEqualTo("no. 1, receives G.711 mu-law, in Facility");
        assertThat(message(trace, 1, "ReleaseComplete").summary()).isEqualTo("normal call clearing (cause 16), no reason is defined for it, tunnels");
        assertThat(new SequenceChart(100).list(trace)).contains(
                "carried in: Facility", "call reference: 17, from the calling side",
                "bearer capability: unrestricted digital information, packet mode, H.221 and H.242",
                "mediaChannel: 127.0.0.3:14030", "productId: 6 octets: 6f 62 6a 73 79 73 \"objsys\"", "h245Tunnelling: yes");
    }

    @Test
    void aConnectionThatWasAnnouncedAsH245IsReadAsSuch() throws IOException {
        var trace = Tracer.read(capture("h323-slow-separate.pcap"));

        assertThat(message(trace, 1, "Connect").summary()).isEqualTo("H.245 at 127.0.0.2:12030, \"objsyscall\"");
        assertThat(trace.exchanges().get(1).about()).isEqualTo("H.245 of call 6f6f..0004");
        assertThat(message(trace, 2, "MSDAck").summary()).isEqualTo("you are master");
        assertThat(message(trace, 2, "OLC").summary()).isEqualTo("1001, sends G.711 mu-law (30 ms), session 1, RTCP to 127.0.0.2:14031");
    }

    @Test
    void theChartHasTheWidthOfTheTerminalAndThePictureIsWellFormed() throws Exception {
        for (var name : List.of(ROUTED, "h323-slow-tunnelled.pcap")) {
            var trace = Tracer.read(capture(name));

            assertThat(new SequenceChart(100).draw(trace).lines().filter(l -> l.contains("|"))).allMatch(l -> l.length() == 100);
            var factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
            factory.newDocumentBuilder().parse(new ByteArrayInputStream(SvgChart.draw(trace).getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void h245ThatNobodyAnnouncedIsKnownByItsFirstMessage() {
        var trace = trace(opening().tcp(true, 101, 201, ACK, tpkt(TCS)).tcp(true, 105 + TCS.length() / 2, 201, ACK, tpkt(MSD)));

        assertThat(trace.exchanges().getFirst().messages()).extracting(Message::symbol).containsExactly("TCS", "MSD", "...");
        assertThat(trace.exchanges().getFirst().about()).isEqualTo("H.245");
    }

    @Test
    void anotherFirstPacketIsListedAsNotDecoded() {
        // The same message with one octet too many: nothing of H.245 says what it is, so it must fit exactly.
        var trace = trace(opening().tcp(true, 101, 201, ACK, tpkt(MSD + "00")));

        assertThat(trace.exchanges().getFirst().messages()).extracting(Message::symbol).containsExactly("TPKT", "...");
    }

    @Test
    void anEmptyPacketKeepsAConnectionAlive() {
        var trace = trace(opening().tcp(true, 101, 201, ACK, tpkt(MSD) + "03000004" + tpkt(MSD)));

        assertThat(trace.exchanges().getFirst().messages()).extracting(Message::symbol).containsExactly("MSD", "TPKT", "MSD", "...");
        assertThat(trace.faults()).isZero();
    }

    /// An element that ends too early, a user-user element that is no PER, octets that are no H.245, and a broken channel of fast connect.
    @ParameterizedTest
    @ValueSource(strings = {
        "0802001105 0403 88c0a5 28ff 41; element 28 needs",
        "0802001105 7e0004 05 20a806; H323-UserInformation",
        "08020011 62; no H.225.0 in it",
    })
    void whatIsMalformedIsSaid(String line) {
        var parts = line.split("; ");

        var trace = trace(opening().tcp(true, 101, 201, ACK, tpkt(parts[0].replace(" ", ""))));

        assertThat(new SequenceChart(200).draw(trace)).contains(parts[1]);
        assertThat(trace.faults()).isEqualTo(parts[1].startsWith("no ") ? 0 : 1);
    }

    /// Whatever is damaged in a real capture, the answer is a trace.
    @Test
    void damageOfAnyKindIsAnAnswerInWords() throws IOException {
        var captures = new ArrayList<byte[]>();
        for (var name : List.of("h323-fast-tunnelled.pcap", "h323-slow-separate.pcap", "h323-slow-tunnelled.pcap", ROUTED)) {
            captures.add(Files.readAllBytes(capture(name)));
        }
        long seed = Long.getLong("parley.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            var octets = captures.get(i % captures.size()).clone();
            for (int n = random.nextInt(40); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                var trace = Tracer.read(PacketFile.of(new ByteArrayInputStream(octets)), Tracer.Limits.USUAL);
                assertThat(new SequenceChart(80).draw(trace)).isNotEmpty();
                assertThat(new SequenceChart(80).list(trace)).isNotEmpty();
                assertThat(SvgChart.draw(trace)).endsWith("</svg>\n");
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("expected a pcap");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }

    static PcapBuilder opening() {
        return new PcapBuilder().tcp(true, 100, 0, SYN, "").tcp(false, 200, 101, SYN | ACK, "");
    }

    static String tpkt(String hex) {
        int length = 4 + HexFormat.of().parseHex(hex).length;
        return "0300%04x%s".formatted(length, hex);
    }

    static Trace trace(PcapBuilder file) {
        try {
            return Tracer.read(PacketFile.of(new ByteArrayInputStream(file.octets())), Tracer.Limits.USUAL);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Message message(Trace trace, int exchange, String symbol) {
        return trace.exchanges().get(exchange - 1).messages().stream().filter(m -> m.symbol().equals(symbol)).findFirst().orElseThrow();
    }

    private static String value(Message message, String name) {
        return values(message.items(), name).getFirst();
    }

    /// All items of a trace in the order of the packets.
    private static List<Item> items(Trace trace) {
        return trace.exchanges().stream().flatMap(e -> e.messages().stream()).sorted(Comparator.comparingLong(Message::packet))
                .flatMap(m -> m.items().stream()).toList();
    }

    private static List<String> values(Collection<Item> items, String name) {
        var values = new ArrayList<String>();
        for (var item : items) {
            if (item.name().equals(name) && !item.value().isEmpty()) {
                values.add(item.value());
            }
            values.addAll(values(item.parts(), name));
        }
        return values;
    }
}

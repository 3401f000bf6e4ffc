package dev.parley.trace;

import static dev.parley.trace.PcapBuilder.ACK;
import static dev.parley.trace.PcapBuilder.FIN;
import static dev.parley.trace.PcapBuilder.RST;
import static dev.parley.trace.PcapBuilder.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.trace.file.PacketFile;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracerTest {
    private static final String CR = "0300000b06e00000000100";
    private static final String CC = "0300000b06d00001000500";
    private static final String CN = "03000021 02f080 0d180506130100160102140200023302000134020001c1023100";
    private static final String MIP = "0300000f 02f080 0100 3106 0f0102 2a0138".replace("0300000f", "03000011");

    @Test
    void anMmsAssociationOfLibiec61850IsReadInWords() {
        var trace = read("x225-mms-libiec61850.pcap");

        assertThat(trace.exchanges()).hasSize(2);
        assertThat(trace.faults()).isZero();
        var messages = trace.exchanges().getFirst().messages();
        assertThat(messages).extracting(Message::symbol).startsWith("CR", "CC", "CN", "AC").endsWith("FIN", "FIN");
        var connect = messages.get(2);
        assertThat(connect.fromCaller()).isTrue();
        assertThat(value(connect.items(), "functional units")).isEqualTo("duplex");
        assertThat(value(connect.items(), "version")).isEqualTo("2");
        assertThat(value(connect.items(), "calling selector")).isEqualTo("00 01");
        assertThat(value(connect.items(), "user data")).startsWith("156 octets: 31 81");
        assertThat(connect.summary()).contains("duplex", "156 octets");
    }

    /// Captured by our called side, whose caller it was.
    @Test
    void itsReleaseAndItsAbortAreReadInWords() {
        var release = read("x225-mms-libiec61850-release.pcapng");
        assertThat(release.faults()).isZero();
        var messages = release.exchanges().getFirst().messages();
        assertThat(messages).extracting(Message::symbol).endsWith("DT", "FN", "DN", "FIN", "FIN");
        assertThat(messages.get(messages.size() - 4).summary()).contains("14 octets");

        var abort = read("x225-mms-libiec61850-abort.pcapng");
        assertThat(abort.faults()).isZero();
        var last = abort.exchanges().getFirst().messages().stream().filter(m -> m.symbol().equals("AB")).findFirst().orElseThrow();
        assertThat(last.fromCaller()).isTrue();
        assertThat(value(last.items(), "transport")).contains("released", "by the user");
        assertThat(value(last.items(), "user data")).startsWith("16 octets");
    }

    @Test
    void anMmsAssociationOfOpeniec61850IsReadInWords() {
        var trace = read("x225-mms-openiec61850.pcap");

        assertThat(trace.faults()).isZero();
        assertThat(trace.exchanges()).singleElement().satisfies(e -> assertThat(e.messages()).extracting(Message::symbol)
                .startsWith("CR", "CC", "CN", "AC", "DT", "DT").endsWith("FIN", "DR"));
    }

    @Test
    void whatIsNotDecodedIsListedAsSuch() {
        var trace = trace(new PcapBuilder().tcp(true, 100, 0, SYN, "").tcp(true, 101, 201, ACK, "0300000affffffffffff"));

        assertThat(trace.exchanges().getFirst().messages()).anyMatch(m -> m.symbol().equals("TPKT"));
        assertThat(trace.faults()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"BIG,1,false", "LITTLE,1,true", "LITTLE,113,false", "BIG,113,true", "LITTLE,276,false", "LITTLE,0,false", "BIG,0,true",
        "BIG,108,false", "LITTLE,101,true", "BIG,12,false", "LITTLE,228,false", "LITTLE,229,true"})
    void everyByteOrderAndLinkTypeIsRead(String order, int linkType, boolean six) {
        var file = opening(new PcapBuilder(order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, linkType, six))
                .tcp(true, 112, 212, FIN | ACK, "").tcp(false, 212, 113, FIN | ACK, "");

        var trace = trace(file);

        assertThat(symbols(trace)).containsExactly("CR", "CC", "FIN", "FIN");
        assertThat(trace.exchanges().getFirst().caller()).isEqualTo(six ? "[2001:db8::1]:40000" : "10.0.0.1:40000");
        assertThat(trace.remarks()).isEmpty();
    }

    @Test
    void segmentsOutOfOrderAndSentTwiceGiveEachOctetOnce() {
        var file = opening(new PcapBuilder());
        file.tcp(true, 122, 212, ACK, CN.replace(" ", "").substring(20));
        file.tcp(true, 112, 212, ACK, CN.replace(" ", "").substring(0, 20));
        file.tcp(true, 112, 212, ACK, CN);
        // A keep-alive: the last octet once more, and wrong.
        file.tcp(true, 144, 212, ACK, "55");
        file.tcp(true, 145, 212, ACK, MIP);

        var trace = trace(file);

        assertThat(symbols(trace)).containsExactly("CR", "CC", "CN", "MIP", "...");
        assertThat(trace.faults()).isZero();
    }

    /// A process that was killed in the middle of a TPKT: nobody has sent anything wrong.
    @Test
    void whatTheEndOfItsConnectionCutsOffIsNotMalformed() {
        var file = opening(new PcapBuilder());
        file.tcp(true, 112, 212, ACK, CN.replace(" ", "").substring(0, 20));
        file.tcp(true, 122, 212, RST, "");

        var trace = trace(file);

        assertThat(symbols(trace)).containsExactly("CR", "CC", "RST", "TPKT");
        assertThat(trace.faults()).isZero();
        assertThat(trace.cutOff()).isEqualTo(1);
        assertThat(new SequenceChart(100).draw(trace)).contains("cut off: the stream ends after 10 octets of it",
                "0 malformed, 1 cut off at the end");
    }

    @Test
    void sequenceNumbersRunOverTheEndOfThirtyTwoBits() {
        long start = 0xFFFFFFFFL - 15;
        var file = new PcapBuilder().tcp(true, start, 0, SYN, "").tcp(false, 200, start + 1, SYN | ACK, "")
                .tcp(true, start + 1, 201, ACK, CR).tcp(false, 201, start + 12, ACK, CC).tcp(true, start + 12, 212, ACK, CN);

        assertThat(symbols(trace(file))).containsExactly("CR", "CC", "CN", "...");
    }

    @Test
    void octetsThatWereNeverCapturedAreAGapAndDecodingGoesOnBehindIt() {
        var file = opening(new PcapBuilder());
        file.tcp(true, 112 + 33, 212, ACK, MIP);
        file.tcp(false, 212, 112 + 33 + 17, ACK, "");

        var trace = trace(file);

        assertThat(symbols(trace)).containsExactly("CR", "CC", "gap", "...");
        assertThat(trace.exchanges().getFirst().messages().get(2).title()).isEqualTo("33 octets are not in the capture");
        assertThat(trace.remarks()).containsExactly(
                "10.0.0.1:40000 to 10.0.0.2:102: octets 12 to 44 are not in the capture (found out at packet 6)",
                "the capture lacks 33 octets of TCP in 1 place; what stood there is not decoded");
    }

    /// Nothing comes behind it, but the other side has it.
    @Test
    void octetsThatAreMissingAtTheEndAreNoticedByTheirConfirmation() {
        var file = opening(new PcapBuilder());
        file.tcp(false, 212, 112 + 2, ACK, "");
        assertThat(trace(file).remarks()).as("all of two octets").last().asString().startsWith("the capture lacks 2 octets of TCP in 1 place");

        assertThat(trace(opening(new PcapBuilder()).tcp(false, 212, 112 + 1, ACK, "")).remarks()).as("perhaps a FIN").isEmpty();
    }

    @Test
    void tenPlacesAreNamedAndAllAreCounted() {
        var file = opening(new PcapBuilder());
        long at = 112;
        for (int i = 0; i < 11; i++, at += 100 + 17) {
            file.tcp(true, at + 100, 212, ACK, MIP).tcp(false, 212, at + 100 + 17, ACK, "");
        }

        assertThat(trace(file).remarks()).hasSize(11).last().isEqualTo(
                "the capture lacks 1100 octets of TCP in 11 places; what stood there is not decoded");
    }

    @Test
    void behindAGapTheNextWholeTsduIsDecoded() {
        var file = opening(new PcapBuilder());
        file.tcp(true, 112 + 33, 212, ACK, MIP + MIP);
        file.tcp(false, 212, 112 + 33 + 34, ACK, "");

        assertThat(symbols(trace(file))).containsExactly("CR", "CC", "gap", "MIP", "...");
    }

    @Test
    void aConnectionWhoseBeginningIsMissingIsReadFromWhereItIs() {
        var file = new PcapBuilder().tcp(true, 5_000, 1, ACK, CN).tcp(true, 5_033, 1, RST, "");

        assertThat(symbols(trace(file))).containsExactly("CN", "RST");
    }

    @Test
    void theSamePortsAgainAreAnotherConnection() {
        var file = opening(new PcapBuilder()).tcp(true, 112, 212, FIN | ACK, "")
                .tcp(true, 9_000, 0, SYN, "").tcp(false, 7_000, 9_001, SYN | ACK, "").tcp(true, 9_001, 7_001, ACK, CR);

        assertThat(trace(file).exchanges()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "03000009 02f080 6300, 99",
        "0300000c 02f080 0d0305ff01, but it ends",
        "0300000c 02f080 31032a0138, MIP needs a GIVE TOKENS",
        "04000007 02f080, expected a TPKT header",
        "03000007 99f080, its length is wrong",
        "03000006 02f0, its length is wrong",
        "03000008 03e00000, too short for its content",
    })
    void whatIsMalformedIsSaid(String octets, String words) {
        var trace = trace(opening(new PcapBuilder()).tcp(true, 112, 212, ACK, octets));

        assertThat(trace.exchanges().getFirst().messages().stream().flatMap(m -> m.fault().stream())).singleElement().asString().contains(words);
        assertThat(new SequenceChart(80).draw(trace)).contains("malformed: ");
    }

    /// EXPEDITED with one octet in an ED TPDU, with RFC 1006's header and with that of X.224's higher classes.
    @Test
    void expeditedDataIsShownWithItsFlow() {
        var trace = trace(opening(new PcapBuilder()).tcp(true, 112, 212, ACK, "0300000a 021080 05002a" + "0300000c 0410000080 05002a"));

        assertThat(symbols(trace)).containsExactly("CR", "CC", "ED", "EX", "ED", "EX", "...");
        assertThat(trace.faults()).isZero();
        assertThat(new SequenceChart(80).list(trace)).contains("flow: transport expedited");
    }

    @Test
    void everythingInItIsShownWithAllParameters() {
        var trace = trace(opening(new PcapBuilder()).tcp(true, 112, 212, ACK, CN + MIP));

        assertThat(new SequenceChart(100).list(trace)).contains(
                "--> CN CONNECT", "connect/accept item", "protocol options: no extended concatenation", "version: 2",
                "functional units: duplex", "calling selector: 00 01", "user data: 2 octets: 31 00",
                "--> MIP MINOR SYNC POINT", "introduced by: GIVE TOKENS without tokens", "options: explicit confirmation, data separation",
                "serial number: 8");
    }

    @Test
    void theChartHasTheWidthOfTheTerminal() {
        var trace = trace(opening(new PcapBuilder()).tcp(true, 112, 212, ACK, CN));

        for (int columns : new int[] {60, 80, 131}) {
            var lines = new SequenceChart(columns).draw(trace).lines().filter(l -> l.contains("|")).toList();
            assertThat(lines).hasSize(4).allMatch(l -> l.length() == columns);
        }
    }

    @Test
    void thePictureIsWellFormedAndEscapesWhatItShows() throws Exception {
        // User data <&"> as text.
        var trace = trace(opening(new PcapBuilder()).tcp(true, 112, 212, ACK, "0300000e 02f080 2100" + "3c26223e41").tcp(true, 126, 212, RST, ""));

        var svg = SvgChart.draw(trace);

        var factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
        var document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(4 + 4);
        assertThat(svg).contains("TYPED DATA");
    }

    @Test
    void aFileThatIsBrokenOffGivesWhatIsWhole() {
        var octets = opening(new PcapBuilder()).octets();

        var trace = trace(Arrays.copyOf(octets, octets.length - 3));

        assertThat(symbols(trace)).containsExactly("CR", "...");
        assertThat(trace.remarks()).singleElement().asString().contains("ends in the middle of a packet, after 3 whole ones");
    }

    @Test
    void whatIsNoCaptureIsRefusedWithItsFirstOctets() {
        assertThatThrownBy(() -> PacketFile.of(new ByteArrayInputStream(new byte[] {1, 2, 3, 4, 5})))
                .isInstanceOf(IOException.class).hasMessageContaining("01020304");
        assertThatThrownBy(() -> PacketFile.of(new ByteArrayInputStream(new byte[2]))).isInstanceOf(IOException.class);
    }

    @Test
    void messagesBeyondTheLimitAreCountedAndNotListed() throws IOException {
        var file = opening(new PcapBuilder()).octets();

        assertThat(Tracer.read(PacketFile.of(new ByteArrayInputStream(file)), new Tracer.Limits(10, 3, 1_000, 1)).remarks()).isEmpty();
        assertThat(Tracer.read(PacketFile.of(new ByteArrayInputStream(file)), new Tracer.Limits(10, 2, 1_000, 1)).remarks())
                .containsExactly("1 further messages are not listed");
    }

    /// Random damage to real captures: an answer every time, whatever it says.
    @Test
    void damageOfAnyKindIsAnAnswerInWords() throws IOException {
        var captures = Stream.of("x225-mms-libiec61850.pcap", "x225-mms-openiec61850.pcap").map(TracerTest::octets).toList();
        long seed = Long.getLong("parley.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var octets = captures.get(i % captures.size()).clone();
            for (int n = random.nextInt(8); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                var trace = Tracer.read(PacketFile.of(new ByteArrayInputStream(octets)), Tracer.Limits.USUAL);
                assertThat(new SequenceChart(80).draw(trace)).isNotEmpty();
                assertThat(SvgChart.draw(trace)).endsWith("</svg>\n");
            } catch (IOException e) {
                // The first octets were hit: it is no capture any more.
                assertThat(e).hasMessageContaining("expected a pcap");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }

    private static PcapBuilder opening(PcapBuilder file) {
        return file.tcp(true, 100, 0, SYN, "").tcp(false, 200, 101, SYN | ACK, "").tcp(true, 101, 201, ACK, CR)
                .tcp(false, 201, 112, ACK, CC);
    }

    private static Trace trace(PcapBuilder file) {
        return trace(file.octets());
    }

    private static Trace trace(byte[] octets) {
        try {
            return Tracer.read(PacketFile.of(new ByteArrayInputStream(octets)), Tracer.Limits.USUAL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Trace read(String name) {
        return trace(octets(name));
    }

    private static byte[] octets(String name) {
        try (var in = Objects.requireNonNull(TracerTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> symbols(Trace trace) {
        return trace.exchanges().stream().flatMap(e -> e.messages().stream()).map(Message::symbol).toList();
    }

    private static String value(List<Item> items, String name) {
        return items.stream().flatMap(i -> Stream.concat(Stream.of(i), i.parts().stream())).filter(i -> i.name().equals(name))
                .map(Item::value).findFirst().orElseThrow();
    }
}

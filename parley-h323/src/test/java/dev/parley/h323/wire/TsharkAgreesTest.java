package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Type;
import dev.parley.h323.wire.per.Value;
import dev.parley.h323.wire.per.ValueGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Wireshark has the same modules, compiled by other people with another compiler. It must read each generated message to the same choices,
/// numbers and flags in the same order.
class TsharkAgreesTest {
    private static final int MESSAGES = Integer.getInteger("parley.tshark.messages", 400);
    private static final long SEED = Long.getLong("parley.seed", 323);
    private static final Pattern FIELD = Pattern.compile("name=\"(?:h225|h245|h235)\\.([^\"]*)\" showname=\"[^\"]*\" [^>]*show=\"(-?\\d+)\"");

    /// Newer than the modules of Wireshark 4.0, or read further by it (octets that it takes for a message of another protocol).
    private static final Set<String> LEFT_OUT = Set.of(
            "nonStandardData", "nonStandard", "nonStandardControl", "nonStandardReason", "nonStandardParameter", "nonStandardMessage",
            "nonStandardIdentifier", "fastStart", "h245Control", "parallelH245Control", "h4501SupplementaryService",
            "tunnelledSignallingMessage", "stimulusControl", "genericData", "returnedFunction", "cryptoTokens", "dhkeyext", "h235Key",
            "redundancyEncoding", "dataChannel", "extendedDataApplicationCapability", "sctp", "sctp-dtls", "udp-dtls-sctp", "tcp-dtls-sctp",
            "depFecMode", "depFec", "element", "additionalSourceAddresses", "differential", "random", "ranInt", "dialedDigits",
            "startTime", "endTime", "alertingTime", "connectTime");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"H245, h245dg", "RAS, h225.ras", "USER_INFORMATION, h225"})
    void onGeneratedMessages(Pdu pdu, String dissector) throws Exception {
        assumeTrue(System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/tshark")), "tshark is missing: apt-get install tshark");
        var values = new ArrayList<Value>();
        for (int i = 0; i < MESSAGES; i++) {
            values.add(new ValueGenerator(SEED + i, f -> !LEFT_OUT.contains(f.name())).generate(pdu.type()));
        }
        var capture = folder.resolve("generated.pcap");
        Files.write(capture, pcap(values.stream().map(pdu::encode).toList()));

        var read = tshark(capture, dissector);

        var opaque = opaqueNames();
        assertThat(read).hasSameSizeAs(values);
        var different = new ArrayList<String>();
        for (int i = 0; i < values.size(); i++) {
            var expected = new ArrayList<String>();
            collect("", pdu.type(), values.get(i), opaque, expected);
            var seen = seen(read.get(i), opaque);
            if (read.get(i).contains("Malformed Packet") || !seen.equals(expected)) {
                different.add("seed %d: %s\n  as %s\n  wanted %s\n  tshark %s".formatted(
                        SEED + i, values.get(i), pdu.encode(values.get(i)), expected, seen));
            }
        }
        assertThat(different).isEmpty();
    }

    /// What tshark saw, in order.
    private static List<String> seen(String packet, Set<String> opaque) {
        var seen = new ArrayList<String>();
        FIELD.matcher(packet).results().filter(m -> !isOpaque(m.group(1).replace('_', '-'), opaque)).forEach(m -> seen.add(m.group(2)));
        return seen;
    }

    private static void collect(String name, Type type, Value value, Set<String> opaque, List<String> into) {
        switch (type) {
            case Type.Named n -> collect(name, n.target(), value, opaque, into);
            case Type.Int _ when value instanceof Value.Number n && !isOpaque(name, opaque) -> into.add("" + n.number());
            case Type.Bool _ when value instanceof Value.Flag f -> into.add(f.on() ? "1" : "0");
            case Type.ListOf l when value instanceof Value.Items i -> {
                if (!isOpaque(name, opaque)) {
                    into.add("" + i.items().size());
                }
                i.items().forEach(v -> collect("", l.element(), v, opaque, into));
            }
            case Type.Sequence s when value instanceof Value.Struct v -> {
                for (var fields : List.of(s.root(), s.additions())) {
                    fields.stream().filter(f -> v.fields().containsKey(f.name()))
                            .forEach(f -> collect(f.name(), f.type(), v.at(f.name()).orElseThrow(), opaque, into));
                }
            }
            case Type.Choice c when value instanceof Value.Chosen v -> {
                var all = new ArrayList<>(c.root());
                all.addAll(c.additions());
                int index = 0;
                while (!all.get(index).name().equals(v.name())) {
                    index++;
                }
                if (!isOpaque(name, opaque)) {
                    into.add("" + index);
                }
                collect(v.name(), all.get(index).type(), v.value(), opaque, into);
            }
            default -> { }
        }
    }

    /// Wireshark puts a word before the port of an address, and adds the numbers of the frames that belong together.
    private static boolean isOpaque(String name, Set<String> opaque) {
        return opaque.contains(name) || name.matches("(?i)ras\\..*|h245Ip.*port|.*-port|.*tsap.*");
    }

    /// Fields that are octets or text somewhere: what tshark shows of them may look like a number.
    private static Set<String> opaqueNames() {
        var names = new HashSet<>(Set.of("timeStamp"));
        for (var module : List.of(Pdu.Modules.H225, Pdu.Modules.H235, Pdu.Modules.H245)) {
            module.types().values().forEach(t -> opaque("", t.target(), names));
        }
        names.remove("");
        return names;
    }

    private static void opaque(String name, Type type, Set<String> into) {
        switch (type) {
            case Type.Octet _, Type.Bit _, Type.Open _, Type.Text _, Type.Oid _ -> into.add(name);
            case Type.Named n when !(n.target() instanceof Type.Sequence) && !(n.target() instanceof Type.Choice) -> opaque(name, n.target(), into);
            case Type.ListOf l -> opaque(name, l.element(), into);
            case Type.Sequence s -> {
                s.root().forEach(f -> opaque(f.name(), f.type(), into));
                s.additions().forEach(f -> opaque(f.name(), f.type(), into));
            }
            case Type.Choice c -> {
                c.root().forEach(f -> opaque(f.name(), f.type(), into));
                c.additions().forEach(f -> opaque(f.name(), f.type(), into));
            }
            default -> { }
        }
    }

    private static byte[] pcap(List<Octets> messages) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0).putInt(1 << 18).putInt(147).array());
        for (var message : messages) {
            out.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0).putInt(message.size()).putInt(message.size()).array());
            out.writeBytes(message.toArray());
        }
        return out.toByteArray();
    }

    /// @return one text a packet
    private static List<String> tshark(Path capture, String dissector) throws IOException, InterruptedException {
        var process = new ProcessBuilder("tshark", "-n", "-r", capture.toString(), "-T", "pdml",
                "-o", "uat:user_dlts:\"User 0 (DLT=147)\",\"" + dissector + "\",\"0\",\"\",\"0\",\"\"")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return List.of(text.substring(text.indexOf("<packet>")).split("</packet>\\s*(</pdml>\\s*)?"));
    }
}

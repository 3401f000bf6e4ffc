package dev.parley.osi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.FunctionalUnit;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that we encode is dissected by Wireshark's `ses` dissector to the same SPDU and the same values. Its checks are weak, so the fields
/// are compared one by one.
class TsharkTest {
    private static final int SPDUS = 40 * Spdus.KINDS;
    private static final List<String> FIELDS = List.of(
            "frame.number", "frame.protocols", "ses.type", "ses.serial_number", "ses.second_serial_number", "ses.activity_identifier",
            "ses.reason_code", "ses.calling_session_selector", "ses.called_session_selector", "ses.req.flags", "ses.version.flags",
            "ses.transport_flags", "ses.enclosure.flags", "ses.initial_serial_number", "ses.proposed_tsdu_maximum_size_i2r",
            "ses.proposed_tsdu_maximum_size_r2i", "ses.calling_ss_user_reference", "ses.called_ss_user_reference",
            "ses.bad_length", "ses.bad_parameter_length");

    @Test
    void wiresharkReadsWhatWeWrite(@TempDir Path folder) throws IOException, InterruptedException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var spdus = new ArrayList<Spdu>();
        while (spdus.size() < SPDUS) {
            var spdu = Spdus.random(random.nextInt(Spdus.KINDS), random);
            // Over COTP the dissector is chosen by a guess, which does not know the identifier 0 and fails when user information follows the
            // first SPDU.
            if (!(spdu instanceof Spdu.Expedited || spdu instanceof Spdu.TypedData || spdu instanceof Spdu.ExceptionReport)) {
                spdus.add(spdu);
            }
        }
        var capture = folder.resolve("spdus.pcap");
        Files.write(capture, pcap(spdus));

        var lines = dissect(capture);

        assertThat(lines).as("seed " + seed).hasSize(SPDUS);
        for (int i = 0; i < SPDUS; i++) {
            var spdu = spdus.get(i);
            var seen = lines.get(i);
            assertThat(seen.get("frame.protocols")).as("the layers of " + spdu).contains(":cotp:ses");
            expected(spdu).forEach((field, value) ->
                    assertThat(seen.get(field)).as(field + " of " + spdu + ", seed " + seed).isEqualTo(value));
        }
    }

    /// The fields of one SPDU as Wireshark prints them; several values are separated by commas.
    private static Map<String, String> expected(Spdu spdu) {
        var fields = new LinkedHashMap<String, String>();
        int identifier = SpduEncoder.identifier(spdu);
        int introduction = Concatenation.introduction(spdu);
        fields.put("ses.type", introduction == 0 ? "" + identifier : introduction + "," + identifier);
        fields.put("ses.bad_length", "");
        fields.put("ses.bad_parameter_length", "");
        boolean continues = spdu.enclosure().present() && !spdu.enclosure().begin();
        if (spdu.enclosure().present()) {
            fields.put("ses.enclosure.flags", hex(spdu.enclosure().octet()));
        }
        if (continues) {
            return fields;
        }
        switch (spdu) {
            case Spdu.Connect s -> {
                fields.put("ses.req.flags", "0x%04x".formatted(FunctionalUnit.toBits(s.requirements())));
                fields.put("ses.calling_session_selector", octets(s.callingSelector()));
                fields.put("ses.called_session_selector", octets(s.calledSelector()));
                item(s.item(), fields);
                s.identifier().userReference().ifPresent(value -> fields.put("ses.calling_ss_user_reference", octets(value)));
            }
            case Spdu.Accept s -> {
                fields.put("ses.req.flags", "0x%04x".formatted(FunctionalUnit.toBits(s.requirements())));
                item(s.item(), fields);
                s.identifier().userReference().ifPresent(value -> fields.put("ses.called_ss_user_reference", octets(value)));
            }
            case Spdu.OverflowAccept s -> fields.put("ses.version.flags", hex(s.versions()));
            case Spdu.Finish s -> fields.put("ses.transport_flags", hex(s.keepTransport() ? 0 : 1));
            case Spdu.Abort s -> fields.put("ses.transport_flags", hex((s.keepTransport() ? 0 : 1) | s.cause().mask()));
            case Spdu.Refuse s -> fields.put("ses.transport_flags", hex(s.keepTransport() ? 0 : 1));
            case Spdu.MinorSyncPoint s -> fields.put("ses.serial_number", "" + s.serial());
            case Spdu.MinorSyncAck s -> fields.put("ses.serial_number", "" + s.serial());
            case Spdu.MajorSyncPoint s -> fields.put("ses.serial_number", "" + s.serial());
            case Spdu.ActivityEnd s -> fields.put("ses.serial_number", "" + s.serial());
            case Spdu.MajorSyncAck s -> {
                fields.put("ses.serial_number", number(s.serial()));
                fields.put("ses.second_serial_number", number(s.second()));
            }
            case Spdu.Resynchronize s -> {
                fields.put("ses.serial_number", number(s.serial()));
                fields.put("ses.second_serial_number", number(s.second()));
            }
            case Spdu.ResynchronizeAck s -> {
                fields.put("ses.serial_number", number(s.serial()));
                fields.put("ses.second_serial_number", number(s.second()));
            }
            case Spdu.ExceptionData s -> fields.put("ses.reason_code", "" + s.reason());
            case Spdu.ActivityInterrupt s -> fields.put("ses.reason_code", s.reason().map(String::valueOf).orElse(""));
            case Spdu.ActivityDiscard s -> fields.put("ses.reason_code", s.reason().map(String::valueOf).orElse(""));
            case Spdu.ActivityStart s -> fields.put("ses.activity_identifier", octets(s.activity()));
            case Spdu.ActivityResume s -> {
                fields.put("ses.activity_identifier", octets(s.oldActivity()) + "," + octets(s.activity()));
                fields.put("ses.serial_number", "" + s.serial());
                fields.put("ses.second_serial_number", number(s.second()));
            }
            default -> {}
        }
        return fields;
    }

    private static void item(Spdu.ConnectItem item, Map<String, String> fields) {
        fields.put("ses.version.flags", hex(item.versions()));
        fields.put("ses.initial_serial_number", item.serialLimitDigits().isPresent() ? "" : number(item.initialSerial()));
        fields.put("ses.proposed_tsdu_maximum_size_i2r", item.tsduSizes().map(s -> "" + s.fromInitiator()).orElse(""));
        fields.put("ses.proposed_tsdu_maximum_size_r2i", item.tsduSizes().map(s -> "" + s.fromResponder()).orElse(""));
    }

    private static String number(Optional<Long> serial) {
        return serial.map(String::valueOf).orElse("");
    }

    private static String hex(int octet) {
        return "0x%02x".formatted(octet);
    }

    private static String octets(ByteBuffer value) {
        var octets = new byte[value.remaining()];
        value.duplicate().get(octets);
        return HexFormat.of().formatHex(octets);
    }

    private static List<Map<String, String>> dissect(Path capture) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "tshark", "-n", "-r", capture.toString(), "-d", "tcp.port==102,tpkt", "--disable-protocol", "t125", "-T", "fields"));
        FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException missing) {
            var words = "tshark is not installed: apt-get install tshark";
            assertThat(System.getenv("CI")).as(words).isNull();
            Assumptions.abort(words);
            throw missing;
        }
        var lines = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().map(line -> {
            var values = line.split("\t", -1);
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < FIELDS.size(); i++) {
                map.put(FIELDS.get(i), i < values.length ? values[i] : "");
            }
            return map;
        }).toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /// One TCP segment for each SPDU, from port 4000 to port 102, in the classic capture format.
    private static byte[] pcap(List<Spdu> spdus) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(0xA1B2C3D4);
        out.writeShort(2);
        out.writeShort(4);
        out.writeLong(0);
        out.writeInt(65_535);
        out.writeInt(101); // LINKTYPE_RAW: an IP packet
        int sequence = 1;
        for (var spdu : spdus) {
            var tsdu = RoundTripTest.join(SpduCodec.encode(spdu));
            int size = tsdu.remaining() + 7;
            var packet = ByteBuffer.allocate(40 + size);
            packet.put((byte) 0x45).put((byte) 0).putShort((short) (40 + size)).putInt(0).put((byte) 64).put((byte) 6).putShort((short) 0)
                    .putInt(0x7F000001).putInt(0x7F000001);
            packet.putShort((short) 4000).putShort((short) 102).putInt(sequence).putInt(1).put((byte) 0x50).put((byte) 0x18)
                    .putShort((short) 0xFFFF).putInt(0);
            packet.put((byte) 3).put((byte) 0).putShort((short) size).put((byte) 2).put((byte) 0xF0).put((byte) 0x80).put(tsdu);
            sequence += size;
            out.writeInt(0);
            out.writeInt(0);
            out.writeInt(packet.capacity());
            out.writeInt(packet.capacity());
            out.write(packet.array());
        }
        return bytes.toByteArray();
    }
}

package dev.parley.osi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Octets that were put together by hand from clause 8.3, against both directions of the codec, for each SPDU and each of its parameters.
class WorkedOctetsTest {
    private static final Set<Integer> GROUPS = Set.of(1, 5, 33);
    private static final Set<String> FIRST = Set.of("GiveTokens", "PleaseTokens");

    static List<Worked> worked() {
        return Worked.all();
    }

    @ParameterizedTest
    @MethodSource("worked")
    void theOctetsMeanWhatTheWordsSay(Worked worked) {
        var spdus = SpduCodec.decode(ByteBuffer.wrap(worked.octets()));

        assertThat(spdus).map(spdu -> Worked.words((Record) spdu)).containsExactly(worked.meaning());
    }

    @ParameterizedTest
    @MethodSource("worked")
    void whatTheWordsSayHasTheseOctets(Worked worked) {
        var spdu = SpduCodec.decode(ByteBuffer.wrap(worked.octets())).getFirst();
        assertThat(Worked.words((Record) spdu)).isEqualTo(worked.meaning());

        var hex = HexFormat.of().formatHex(join(SpduCodec.encode(spdu)));

        assertThat(hex.equals(HexFormat.of().formatHex(worked.octets()))).as(hex).isEqualTo(worked.written());
    }

    /// The tables of clause 8.3, 11 to 43: the PGIs and PIs of each SPDU. `5/19` is PI 19 in PGI 5.
    @Test
    void eachParameterOfEachSpduHasAnExample() {
        var tables = new TreeMap<String, Set<String>>();
        table(tables, "Connect", "1/10 1/11 1/12 5/19 5/21 5/22 5/23 5/26 5/55 5/56 5/57 5/58 20 51 52 60 193 194");
        table(tables, "OverflowAccept", "21 22");
        table(tables, "ConnectDataOverflow", "25 193");
        table(tables, "Accept", "1/9 1/11 1/12 5/19 5/21 5/22 5/23 5/26 5/55 5/56 5/57 5/58 16 20 25 51 52 193");
        table(tables, "Refuse", "1/9 1/11 1/12 17 20 22 25 50");
        table(tables, "Finish", "17 25 193");
        table(tables, "Abort", "17 25 49 193");
        table(tables, "GiveTokens", "16 25 193");
        table(tables, "PleaseTokens", "16 25 193");
        table(tables, "MinorSyncPoint", "15 25 42 193");
        table(tables, "MinorSyncAck", "25 42 46 193");
        table(tables, "MajorSyncPoint", "15 25 42 193");
        table(tables, "ActivityEnd", "25 42 193");
        table(tables, "MajorSyncAck", "25 42 54 193");
        table(tables, "Resynchronize", "25 26 27 42 53 54 193");
        table(tables, "ResynchronizeAck", "25 26 27 42 53 54 193");
        table(tables, "Prepare", "24 27 53");
        table(tables, "ExceptionReport", "49");
        table(tables, "ActivityStart", "25 41 193");
        table(tables, "ActivityResume", "25 33/9 33/10 33/11 33/12 33/41 33/42 33/54 41 193");
        List.of("DataTransfer", "TypedData").forEach(name -> table(tables, name, "25"));
        List.of("Expedited", "AbortAccept", "GiveTokensAck").forEach(name -> table(tables, name, ""));
        List.of("ExceptionData", "ActivityInterrupt", "ActivityDiscard").forEach(name -> table(tables, name, "25 50 193"));
        List.of("Disconnect", "NotFinished", "CapabilityData", "CapabilityDataAck", "GiveTokensConfirm", "ActivityInterruptAck",
                "ActivityDiscardAck").forEach(name -> table(tables, name, "25 193"));

        var shown = new TreeMap<String, Set<String>>();
        for (var worked : worked()) {
            var name = worked.meaning().split(",")[0];
            shown.computeIfAbsent(name, _ -> new TreeSet<>()).addAll(units(worked.octets(), name));
        }

        assertThat(shown).isEqualTo(tables);
        assertThat(tables.keySet()).isEqualTo(Arrays.stream(Spdu.class.getPermittedSubclasses())
                .map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)));
    }

    /// Cut anywhere, an SPDU is a shorter one or the peer's mistake, never anything else; [SpduCodecTest] has the words.
    @ParameterizedTest
    @MethodSource("worked")
    void cutAnywhereItIsAProtocolViolationOrAShorterSpdu(Worked worked) {
        for (int length = 0; length < Math.min(worked.octets().length, 700); length++) {
            try {
                assertThat(SpduCodec.decode(ByteBuffer.wrap(worked.octets(), 0, length))).isNotEmpty();
            } catch (dev.parley.api.SessionException.ProtocolViolation expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    private static void table(Map<String, Set<String>> tables, String name, String units) {
        tables.put(name, Stream.of(units.split(" ")).filter(unit -> !unit.isEmpty()).collect(Collectors.toCollection(TreeSet::new)));
    }

    /// The codes of the units, read without our decoder. A bare GIVE or PLEASE TOKENS before the SPDU has none.
    private static Set<String> units(byte[] octets, String name) {
        var buffer = ByteBuffer.wrap(octets);
        boolean introduced = !FIRST.contains(name) && (octets[0] == 1 || octets[0] == 2) && octets[1] == 0;
        buffer.position(introduced ? 2 : 0).get();
        int length = length(buffer);
        return units(buffer.slice(buffer.position(), length), "");
    }

    private static Set<String> units(ByteBuffer parameters, String group) {
        var units = new TreeSet<String>();
        while (parameters.hasRemaining()) {
            int code = parameters.get() & 0xFF;
            int length = length(parameters);
            if (GROUPS.contains(code) && group.isEmpty()) {
                units.addAll(units(parameters.slice(parameters.position(), length), code + "/"));
            } else {
                units.add(group + code);
            }
            parameters.position(parameters.position() + length);
        }
        return units;
    }

    private static int length(ByteBuffer buffer) {
        int length = buffer.get() & 0xFF;
        return length == 255 ? buffer.getShort() & 0xFFFF : length;
    }

    private static byte[] join(ByteBuffer[] buffers) {
        var out = new ByteArrayOutputStream();
        for (var buffer : buffers) {
            while (buffer.hasRemaining()) {
                out.write(buffer.get());
            }
        }
        return out.toByteArray();
    }
}

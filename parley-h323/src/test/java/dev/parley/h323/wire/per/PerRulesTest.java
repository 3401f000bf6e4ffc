package dev.parley.h323.wire.per;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every rule of aligned PER that H.323 needs, each with octets worked out by hand from X.691.
class PerRulesTest {
    /// The first field is one bit, so that each value shows whether it is aligned.
    private static Type.Named after1Bit(String kind) {
        return Schema.parse("T seq\n  first bool\n  second " + kind + "\n", Map.of()).type("T");
    }

    @ParameterizedTest(name = "int {0} = {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            5..5             | 5          | 80
            0..1             | 1          | c0
            0..254           | 254        | ff00
            1..255           | 255        | ff00
            0..255           | 254        | 80fe
            1..256           | 256        | 80ff
            0..256           | 256        | 800100
            1..65535         | 1002       | 8003e9
            0..65535         | 65535      | 80ffff
            1..65536         | 65536      | 80ffff
            0..65536         | 65536      | c0010000
            0..65536         | 3          | 8003
            0..16777215      | 13797913   | c0d28a19
            0..16777215      | 255        | 80ff
            1..4294967295    | 4294967295 | e0fffffffe
            -262144..262143  | -262144    | 8000
            -262144..262143  | 0          | c0040000
            1..              | 1          | 800100
            1..              | 257        | 80020100
            0..10,...        | 10         | a8
            0..10,...        | 11         | c0010b
            0..10,...        | -1         | c001ff
            0..16383,...     | 5          | 800005
            """)
    void wholeNumbers(String bounds, long number, String hex) {
        check("int " + bounds, new Value.Number(number), hex);
    }

    @ParameterizedTest(name = "int = {0} is {1}")
    @CsvSource({"0, 800100", "127, 80017f", "128, 80020080", "-128, 800180", "-129, 8002ff7f", "9223372036854775807, 80087fffffffffffffff"})
    void unconstrainedNumbers(long number, String hex) {
        check("int", new Value.Number(number), hex);
    }

    @ParameterizedTest(name = "octets {0} = {1} is {2}")
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            1       | ff         | ff80
            2       | 0102       | 808100
            3       | 010203     | 80010203
            4       | 7f000002   | 807f000002
            1..2    | 01         | 8001
            1..2    | 0102       | c00102
            0..3    | ''         | 80
            1..131  | 0102       | 80800102
            8..128  | 0102030405060708 | 800102030405060708
            -       | ''         | 8000
            -       | 0102       | 80020102
            1..16,... | 01       | 8001
            1..2,... | 010203    | c003010203
            """)
    void octetStrings(String size, String octets, String hex) {
        check("octets" + (size == null ? "" : " " + size), new Value.Bytes(Octets.ofHex(octets)), hex);
    }

    @ParameterizedTest(name = "bits {0}")
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            8       | 8  | ff      | ff80
            16      | 16 | ffff    | ffff80
            32      | 32 | 01020304 | 8001020304
            1..2048 | 4  | f0      | 800003f0
            0..511  | 0  | ''      | 800000
            -       | 9  | ff80    | 8009ff80
            -       | 0  | ''      | 8000
            """)
    void bitStrings(String size, int count, String octets, String hex) {
        check("bits" + (size == null ? "" : " " + size), new Value.Bits(Octets.ofHex(octets), count), hex);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ia5 1..128 "0123456789#*,"  | 1001  | 834334
            ia5 1..128 "0123456789ABCDE"| 9E    | 819e
            ia5 1..4 "0123456789#*,"    | 10    | a043
            ia5 1..3 "0123456789#*,"    | 10    | a860
            ia5 1 "0123456789#*ABCD!"   | 5     | 9a80
            ia5 2                       | GK    | a3a580
            ia5 3                       | abc   | 80616263
            ia5                         | ab    | 80026162
            ia5 1..64                   | a     | 8061
            numeric 1..16               | 12    | 8823
            bmp 1                       | G     | 802380
            bmp 1..128                  | GK    | 810047004b
            bmp 1..256                  | GK    | 80010047004b
            bmp                         | a     | 80010061
            printable                   | Ab    | 80024162
            general                     | 1#    | 80023123
            """)
    void strings(String kind, String text, String hex) {
        check(kind, new Value.Text(text), hex);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"0.0.8.2250.0.7, 80060008914a0007", "0.0, 800100", "1.2.840.113549.2.5, 80082a864886f70d0205", "2.999.1, 8003883701"})
    void objectIdentifiers(String dotted, String hex) {
        check("oid", new Value.Oid(dotted), hex);
    }

    @Test
    void choicesAreWrittenInTheFewestBits() {
        check("choice\n    a\n    b int 0..255\n    c\n    ...\n    d bool\n    e int 0..255", Value.choice("a"), "80");
        check("choice\n    a\n    b int 0..255\n    c", Value.choice("b", Value.number(7)), "a007");
        check("choice\n    a\n    ...\n    d bool\n    e int 0..255", Value.choice("a"), "80");
        check("choice\n    a\n    ...\n    d bool\n    e int 0..255", Value.choice("e", Value.number(7)), "c080" + "0107");
        check("choice\n    only bool", Value.choice("only", new Value.Flag(true)), "c0");
    }

    @Test
    void anAlternativeOfANewerVersionIsKept() {
        check("choice\n    a\n    ...\n    d bool", new Value.UnknownChoice(5, Octets.ofHex("aabb")), "c280" + "02aabb");
        check("choice\n    a\n    ...", new Value.UnknownChoice(64, Octets.ofHex("aa")), "e0" + "0140" + "01aa");
    }

    @Test
    void enumerationsAreWrittenLikeChoicesWithoutContents() {
        check("enum\n    a\n    b\n    c\n    ...\n    d", Value.choice("c"), "a0");
        check("enum\n    a\n    b\n    c\n    ...\n    d", Value.choice("d"), "c000");
        check("enum\n    a\n    ...", new Value.UnknownChoice(3, Octets.EMPTY), "c180");
    }

    @Test
    void presenceBitsOfOptionalFieldsComeBeforeTheFields() {
        var schema = "seq\n    a? int 0..255\n    b int 0..15\n    c? bool";

        check(schema, Value.struct().with("b", 9), "92");
        check(schema, Value.struct().with("a", 1).with("b", 9).with("c", true), "e0" + "01" + "98");
    }

    @Test
    void additionsAreOpenTypesBehindABitmap() {
        var schema = "seq\n    a bool\n    ...\n    b? int 0..255\n    c bool\n    d? null";

        check(schema, Value.struct().with("a", true), "a0");
        check(schema, Value.struct().with("a", true).with("c", true), "e090" + "0180");
        check(schema, Value.struct().with("a", true).with("b", 7).with("d", Value.NULL), "e0a8" + "0107" + "0100");
    }

    @Test
    void additionsOfANewerVersionAreSkippedByTheirLengthAndKept() {
        var newer = after1Bit("seq\n    a bool\n    ...\n    b? int 0..255\n    c? octets\n    d? bool");
        var older = after1Bit("seq\n    a bool\n    ...\n    b? int 0..255");
        var sent = Value.struct().with("first", true).with("second",
                Value.struct().with("a", true).with("b", 7).with("c", Octets.ofHex("010203")).with("d", true));
        var octets = PerEncoder.encode(newer, sent);

        var read = PerDecoder.decode(older, octets, Limits.DEFAULT);

        assertThat(read.numberAt("second/b")).contains(7L);
        assertThat(read.structAt("second").orElseThrow().unknown()).containsOnlyKeys(1, 2);
        assertThat(PerEncoder.encode(older, read)).isEqualTo(octets);
    }

    @Test
    void additionsOfAnOlderVersionMakeAShorterBitmapThatIsRepeated() {
        var newer = after1Bit("seq\n    a bool\n    ...\n    b? int 0..255\n    c? octets\n    d? bool");
        var older = after1Bit("seq\n    a bool\n    ...\n    b? int 0..255");
        var octets = PerEncoder.encode(older, Value.struct().with("first", true).with("second", Value.struct().with("a", true).with("b", 7)));

        var read = PerDecoder.decode(newer, octets, Limits.DEFAULT);

        assertThat(read.structAt("second").orElseThrow().additionCount()).isEqualTo(1);
        assertThat(PerEncoder.encode(newer, read)).isEqualTo(octets);
    }

    @Test
    void moreThan64AdditionsHaveALongLength() {
        var many = new StringBuilder("seq\n    a bool\n    ...");
        for (int i = 0; i < 70; i++) {
            many.append("\n    f").append(i).append("? bool");
        }
        // first, extension bit, a; then 1 for a long count and 70 in an aligned octet; 70 bits of which the last is set; the open type.
        check(many.toString(), Value.struct().with("a", true).with("f69", true), "f0" + "46" + "00".repeat(8) + "04" + "0180");
    }

    @Test
    void listsHaveACountAndThenTheirItems() {
        var items = new Value.Items(List.of(Value.number(1), Value.number(2)));

        check("list of int 0..255", items, "80020102");
        check("list 1..256 of int 0..255", items, "80010102");
        check("list 1..15 of int 0..15", items, "8890");
        check("list 2 of int 0..255", items, "800102");
        check("list of int 0..255", new Value.Items(List.of()), "8000");
    }

    @Test
    void openTypesAreCountedOctets() {
        check("open", new Value.Bytes(Octets.ofHex("0102")), "80020102");
        check("octets", new Value.Bytes(Octets.ofHex("00".repeat(200))), "80" + "80c8" + "00".repeat(200));
    }

    @Test
    void longStringsComeInFragmentsOf16K() {
        var long40k = new Value.Bytes(Octets.ofHex("ab".repeat(40_000)));
        check("octets", long40k, "80" + "c2" + "ab".repeat(32768) + "9c40" + "ab".repeat(40_000 - 32_768));
        check("octets", new Value.Bytes(Octets.ofHex("ab".repeat(65_536))), "80" + "c4" + "ab".repeat(65_536) + "00");
        check("list of bool", new Value.Items(Collections.nCopies(16_384, new Value.Flag(false))), "80" + "c1" + "00".repeat(2048) + "00");
    }

    @Test
    void anEmptyEncodingIsOneOctet() {
        var nothing = Schema.parse("T null\n", Map.of()).type("T");

        assertThat(PerEncoder.encode(nothing, Value.NULL)).containsExactly(0);
        assertThat(PerDecoder.decode(nothing, new byte[] {0}, Limits.DEFAULT)).isEqualTo(Value.NULL);
    }

    @Test
    void paddingIsIgnoredAndSoIsWhatFollows() {
        var type = after1Bit("int 0..255");

        assertThat(PerDecoder.decode(type, Octets.ofHex("ff07" + "0000").toArray(), Limits.DEFAULT).numberAt("second")).contains(7L);
    }

    @Test
    void aValueOutsideOfItsConstraintIsNotWritten() {
        assertThatThrownBy(() -> encode("int 0..10", Value.number(11))).hasMessageContaining("second").hasMessageContaining("11");
        assertThatThrownBy(() -> encode("octets 2", new Value.Bytes(Octets.ofHex("01")))).hasMessageContaining("size of 1");
        assertThatThrownBy(() -> encode("ia5 1..9 \"0123\"", new Value.Text("4"))).hasMessageContaining("not permitted");
        assertThatThrownBy(() -> encode("bool", Value.number(1))).hasMessageContaining("Bool");
        assertThatThrownBy(() -> encode("choice\n    a", Value.choice("b"))).hasMessageContaining("no alternative b");
        assertThatThrownBy(() -> encode("seq\n    a bool", Value.struct())).hasMessageContaining("field a is missing");
        assertThatThrownBy(() -> encode("seq\n    a? bool", Value.struct().with("b", 1))).hasMessageContaining("no fields [b]");
    }

    @Test
    void aNumberOutsideOfItsConstraintIsMalformed() {
        assertMalformed("int 0..10", "fe", "at most 10");
        assertMalformed("choice\n    a\n    b\n    c", "ff", "at most 2");
        assertMalformed("int 1..65535", "80ffff", "at most 65535");
        assertMalformed("ia5 1..9 \"0123456789#*,\"", "80f0", "alphabet");
        assertMalformed("oid", "80020081", "object identifier");
        assertMalformed("oid", "8000", "object identifier");
        assertMalformed("int", "8000", "a number of 0 octets");
        assertMalformed("int", "8009" + "00".repeat(9), "a number of 9 octets");
        assertMalformed("int 0..", "8008" + "ff".repeat(8), "a number of 8 octets");
        assertMalformed("octets", "80c5", "5 fragments");
        assertMalformed("octets", "80c0", "0 fragments");
    }

    private static void assertMalformed(String kind, String hex, String words) {
        assertThatThrownBy(() -> PerDecoder.decode(after1Bit(kind), Octets.ofHex(hex).toArray(), Limits.DEFAULT))
                .isInstanceOf(ProtocolViolation.class).hasMessageContaining("T.second").hasMessageContaining(words);
    }

    private static byte[] encode(String kind, Value value) {
        return PerEncoder.encode(after1Bit(kind), Value.struct().with("first", true).with("second", value));
    }

    private static void check(String kind, Value value, String hex) {
        var octets = encode(kind, value);
        assertThat(Octets.of(octets).hex()).isEqualTo(hex);
        var read = PerDecoder.decode(after1Bit(kind), octets, Limits.DEFAULT);
        assertThat(read.at("second")).contains(value);
        for (int cut = 0; cut < Math.min(octets.length, 300); cut++) {
            var part = java.util.Arrays.copyOf(octets, cut);
            assertThatThrownBy(() -> PerDecoder.decode(after1Bit(kind), part, Limits.DEFAULT)).isInstanceOf(ProtocolViolation.class);
        }
    }
}

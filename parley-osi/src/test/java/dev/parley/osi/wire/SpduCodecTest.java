package dev.parley.osi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Worked octets of every kind of SPDU, both ways, and what hostile octets do.
class SpduCodecTest {
    private static final String WORKED = """
            CN,    0D18 0506130100160102 14020002 33020001 34020001 C1023100
            CN,    0D16 050C1301001601031701311A0120 1402043B C1023100
            AC,    0E14 0506130100160102 14020002 34020001 C1023100
            AC,    0E19 050C1301001601031701311A0100 100101 14020439 C1023100
            RF-nr, 0C06 110101 320181
            RF-nr, 0C0F 110101 14020002 160103 3203023100
            RF-r,  0C08 110100 3203023100
            DT,    0100 0100 610A
            MIP,   0100 3103 2A0137
            MIP-d, 0100 3106 0F0102 2A0138
            MIA,   0200 3207 2A0137 2E023100
            MAP,   0100 290B 0F0101 2A023132 C1023100
            AE,    0100 2904 2A023133
            MAA,   0200 2A04 2A023132
            MAA,   0200 2A04 36023132
            RS,    0100 3509 1A0110 1B0100 2A0139
            RA,    0200 2206 1A0110 2A0139
            RS,    0100 3512 1A0100 1B0102 2A03313030 350101 36023431
            PR-RS, 0703 180102
            AS,    0100 2D09 2903010203 C1023100
            AR,    0100 1D0F 2108 2903010203 2A0135 2903010204
            AI,    0100 1903 320105
            AIA,   0200 1A00
            AB-nr, 1907 110103 C1023100
            AB-nr, 1903 110105
            AB-r,  1903 110102
            AA,    1A00
            FN-nr, 0907 110101 C1023100
            DN,    0A04 C1023100
            NF,    0800
            GT,    0103 100141
            PT,    0203 100101
            GTC,   1500
            GTA,   1600
            EX,    0500 2A
            TD,    2100 2A
            ED,    0200 3003 320180
            OA,    1003 160102
            CDO,   0F07 190102 C1024142
            CD,    0100 3D04 C1023100
            CDA,   0200 3E00
            AD,    0100 3900
            ADA,   0200 3A00
            ER,    0200 0003 310142
            DT,    0100 0103190101 414243
            DT,    0100 0103190102 4445
            """;

    @ParameterizedTest
    @CsvSource(textBlock = WORKED)
    void workedOctetsAreReadAndWrittenAgain(String symbol, String hex) {
        var octets = octets(hex);

        var spdus = SpduCodec.decode(ByteBuffer.wrap(octets));

        assertThat(spdus).hasSize(1);
        assertThat(spdus.getFirst().symbol()).isEqualTo(symbol);
        assertThat(HexFormat.of().formatHex(join(SpduCodec.encode(spdus.getFirst())))).isEqualTo(HexFormat.of().formatHex(octets));
    }

    @ParameterizedTest
    @CsvSource(textBlock = WORKED)
    void octetsThatEndAnywhereAreAProtocolViolationOrAShorterSpdu(String symbol, String hex) {
        var octets = octets(hex);
        for (int length = 0; length < octets.length; length++) {
            decodeOrRefuse(ByteBuffer.wrap(octets, 0, length));
        }
        assertThat(symbol).isNotEmpty();
    }

    @Test
    void tokensThatTravelWithDataAreProcessedAfterTheData() {
        var spdus = SpduCodec.decode(ByteBuffer.wrap(octets("0103100101 0100 610A")));

        assertThat(spdus).extracting(Spdu::symbol).containsExactly("DT", "GT");
    }

    @Test
    void extendedConcatenationProcessesTheDataBeforeTheSyncPoint() {
        var spdus = SpduCodec.decode(ByteBuffer.wrap(octets("0100 2D03290101 31032A0137 0100 61")));

        assertThat(spdus).extracting(Spdu::symbol).containsExactly("AS", "DT", "MIP");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            3103 2A0137,                 needs a GIVE TOKENS
            0100,                        without a following SPDU
            0100 2100 2A,                must not be concatenated
            0800 0800,                   stands alone
            FF00,                        no SPDU has the identifier
            0100 3103 2A0141,            no decimal digit
            0100 3106 2A0137 2A0138,     increasing
            0100 31FF0003 2A0137,        three-octet form
            0500,                        EXPEDITED carries 0
            0500 000102030405060708090A0B0C0D0E, EXPEDITED carries 15
            0100 350C 1A01C0 1B0100 2A0139 2A0139, increasing
            0100 3509 1A01C0 1B0100 2A0139, reserved
            0100 3509 1A0110 1B0103 2A0139, expected 0 restart
            0100 2D09 290701020304050607, at most 6
            0100 2D00,                   is missing
            """)
    void whatTheClauseForbidsIsRefusedWithWords(String hex, String words) {
        assertThatThrownBy(() -> SpduCodec.decode(ByteBuffer.wrap(octets(hex))))
                .isInstanceOf(SessionException.ProtocolViolation.class)
                .hasMessageContaining(words);
    }

    @Test
    void unknownParametersAreIgnored() {
        var spdus = SpduCodec.decode(ByteBuffer.wrap(octets("0A07 7F0100 C1023100")));

        assertThat(spdus.getFirst().userData().remaining()).isEqualTo(2);
    }

    @Test
    void garbageNeverCausesAnythingButAProtocolViolation() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var seeds = WORKED.lines().map(line -> octets(line.substring(line.indexOf(',') + 1))).toList();
        for (int i = 0; i < 200_000; i++) {
            var octets = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                decodeOrRefuse(ByteBuffer.wrap(octets));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " octets " + HexFormat.of().formatHex(octets), e);
            }
        }
    }

    private static void decodeOrRefuse(ByteBuffer octets) {
        try {
            assertThat(SpduCodec.decode(octets)).isNotEmpty();
        } catch (SessionException.ProtocolViolation expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
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

package dev.parley.osi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Concatenation, and what hostile octets do. Each SPDU and parameter is in [WorkedOctetsTest].
class SpduCodecTest {
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
        var seeds = Worked.all().stream().map(Worked::octets).filter(octets -> octets.length < 1_000).toList();
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
}

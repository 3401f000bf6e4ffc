package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The laws against points of the tables of G.711, against Java's own converter, and against themselves.
class G711Test {
    @Test
    void pointsOfTheTables() {
        assertThat(G711.A_LAW.encode((short) 0)).isEqualTo((byte) 0xD5);
        assertThat(G711.A_LAW.encode((short) -1)).isEqualTo((byte) 0x55);
        assertThat(G711.A_LAW.encode(Short.MAX_VALUE)).isEqualTo((byte) 0xAA);
        assertThat(G711.A_LAW.encode(Short.MIN_VALUE)).isEqualTo((byte) 0x2A);
        assertThat(G711.A_LAW.decode((byte) 0xAA)).isEqualTo((short) 32_256);
        assertThat(G711.MU_LAW.encode((short) 0)).isEqualTo((byte) 0xFF);
        assertThat(G711.MU_LAW.encode((short) -1)).isEqualTo((byte) 0x7F);
        assertThat(G711.MU_LAW.encode(Short.MAX_VALUE)).isEqualTo((byte) 0x80);
        assertThat(G711.MU_LAW.encode(Short.MIN_VALUE)).isEqualTo((byte) 0x00);
        assertThat(G711.MU_LAW.decode((byte) 0x80)).isEqualTo((short) 32_124);
    }

    @ParameterizedTest
    @EnumSource(G711.class)
    void everyOctetIsReadAsJavaReadsIt(G711 law) throws IOException {
        var octets = new byte[256];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) i;
        }
        var coded = new AudioFormat(law == G711.A_LAW ? AudioFormat.Encoding.ALAW : AudioFormat.Encoding.ULAW, 8000, 8, 1, 1, 8000, false);
        var linear = AudioSystem.getAudioInputStream(new AudioFormat(8000, 16, 1, true, false),
                new AudioInputStream(new ByteArrayInputStream(octets), coded, octets.length)).readAllBytes();
        var expected = new short[256];
        ByteBuffer.wrap(linear).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(expected);

        assertThat(law.decode(ByteBuffer.wrap(octets))).isEqualTo(expected);
    }

    /// Coding what was decoded changes nothing, except that mu-law has two zeros.
    @ParameterizedTest
    @EnumSource(G711.class)
    void decodedOctetsCodeToThemselves(G711 law) {
        for (int i = 0; i < 256; i++) {
            byte octet = (byte) i;
            byte again = law.encode(law.decode(octet));
            assertThat(again).as("octet %d", i).isEqualTo(law == G711.MU_LAW && i == 0x7F ? (byte) 0xFF : octet);
        }
    }

    /// The decision values of the tables lie where Java's converter has them, too. Above the clipping level of mu-law Java's wraps around.
    @ParameterizedTest
    @EnumSource(G711.class)
    void everySampleFromZeroUpIsCodedAsJavaCodesIt(G711 law) throws IOException {
        var samples = new short[law == G711.A_LAW ? 32_768 : 32_636];
        var octets = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) i;
            octets.putShort(samples[i]);
        }
        var linear = new AudioFormat(8000, 16, 1, true, false);
        var coded = AudioSystem.getAudioInputStream(law == G711.A_LAW ? AudioFormat.Encoding.ALAW : AudioFormat.Encoding.ULAW,
                new AudioInputStream(new ByteArrayInputStream(octets.array()), linear, samples.length)).readAllBytes();

        assertThat(law.encode(samples, samples.length)).isEqualTo(ByteBuffer.wrap(coded));
    }

    /// The negative half is the mirror image of the other one: of -1 - n.
    @ParameterizedTest
    @EnumSource(G711.class)
    void bothHalvesAreAlike(G711 law) {
        for (int sample = 0; sample <= Short.MAX_VALUE; sample++) {
            assertThat(law.encode((short) (-1 - sample))).isEqualTo((byte) (law.encode((short) sample) ^ 0x80));
        }
    }
}

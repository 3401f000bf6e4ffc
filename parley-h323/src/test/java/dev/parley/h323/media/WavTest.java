package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavTest {
    @TempDir
    Path folder;

    static short[] noise(int samples, long seed) {
        var random = new Random(seed);
        var noise = new short[samples];
        for (int i = 0; i < samples; i++) {
            noise[i] = (short) random.nextInt();
        }
        return noise;
    }

    static short[] read(Path file) throws IOException {
        try (var source = WavSource.open(file)) {
            return all(source);
        }
    }

    private static short[] all(WavSource source) throws IOException {
        var out = new ByteArrayOutputStream();
        var frame = new short[160];
        for (int count = source.read(frame); count != AudioSource.END; count = source.read(frame)) {
            for (int i = 0; i < count; i++) {
                out.write(frame[i] >> 8);
                out.write(frame[i]);
            }
        }
        var samples = new short[out.size() / 2];
        ByteBuffer.wrap(out.toByteArray()).asShortBuffer().get(samples);
        return samples;
    }

    private static WavSource source(int format, int channels, int rate, int bits, int length, byte[] data) throws IOException {
        var wav = ByteBuffer.allocate(200 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        // An odd chunk before the format, with its pad octet.
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(0).put("WAVELIST".getBytes(StandardCharsets.US_ASCII)).putInt(3).putInt(0);
        wav.put("fmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) format).putShort((short) channels).putInt(rate)
                .putInt(rate).putShort((short) 1).putShort((short) bits);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(length).put(data).flip();
        var octets = new byte[wav.remaining()];
        wav.get(octets);
        return WavSource.of(new ByteArrayInputStream(octets), "test.wav");
    }

    @Test
    void whatIsRecordedIsPlayedAndJavaReadsItToo() throws IOException, UnsupportedAudioFileException {
        var file = folder.resolve("a.wav");
        var noise = noise(20_001, 1);
        try (var sink = WavSink.open(file)) {
            sink.write(noise);
            sink.missing(10_000);
            sink.write(new short[] {7});
        }

        var played = read(file);

        assertThat(played).hasSize(30_002).startsWith(noise).endsWith(new short[] {0, 7});
        try (var java = AudioSystem.getAudioInputStream(file.toFile())) {
            assertThat(java.getFrameLength()).isEqualTo(30_002);
            assertThat(java.getFormat().getSampleRate()).isEqualTo(8000f);
        }
    }

    @Test
    void aRecordingThatWasCutOffCanBeHeard() throws IOException {
        var file = folder.resolve("a.wav");
        try (var sink = WavSink.open(file)) {
            sink.write(new short[8001]);

            assertThat(read(file)).hasSize(8000);
        }
        assertThat(read(file)).hasSize(8001);
        assertThat(Files.size(file)).isEqualTo(44 + 16_002);
    }

    @Test
    void bothLawsAreDecoded() throws IOException {
        assertThat(all(source(6, 1, 8000, 8, 1, new byte[] {(byte) 0xAA}))).containsExactly((short) 32_256);
        assertThat(all(source(7, 1, 8000, 8, 1, new byte[] {(byte) 0x80}))).containsExactly((short) 32_124);
    }

    @Test
    void lengthsThatAWriterDidNotKnowMeanUntilTheEnd() throws IOException {
        assertThat(all(source(1, 1, 8000, 16, 0, new byte[6]))).hasSize(3);
        assertThat(all(source(1, 1, 8000, 16, -1, new byte[7]))).hasSize(3);
        assertThat(all(source(1, 1, 8000, 16, 4, new byte[6]))).hasSize(2);
        assertThat(all(source(1, 1, 8000, 16, 100, new byte[6]))).hasSize(3);
    }

    @Test
    void otherFilesAreRefusedWithWords() {
        assertThatThrownBy(() -> source(1, 2, 44_100, 16, 0, new byte[0])).hasMessageContaining("2 channels, 44100 Hz").hasMessageContaining("sox");
        assertThatThrownBy(() -> source(1, 1, 8000, 8, 0, new byte[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> source(3, 1, 8000, 32, 0, new byte[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> WavSource.of(new ByteArrayInputStream(new byte[12]), "x")).hasMessageContaining("no WAV file");
    }

    @Test
    void aHeaderCutAnywhereIsRefused() throws IOException {
        var file = folder.resolve("a.wav");
        WavSink.open(file).close();
        var octets = Files.readAllBytes(file);

        for (int length = 0; length < 44; length++) {
            var cut = new ByteArrayInputStream(octets, 0, length);
            assertThatThrownBy(() -> WavSource.of(cut, "x")).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aToneHasItsFrequencyAndLevel() {
        var frame = new short[8000];
        new Tone(1000, 0.5).read(frame);

        int crossings = 0;
        int peak = 0;
        for (int i = 1; i < frame.length; i++) {
            crossings += frame[i - 1] < 0 && frame[i] >= 0 ? 1 : 0;
            peak = Math.max(peak, frame[i]);
        }
        assertThat(crossings).isBetween(999, 1000);
        assertThat(peak).isBetween(16_300, 16_384);
        assertThatThrownBy(() -> new Tone(4000, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}

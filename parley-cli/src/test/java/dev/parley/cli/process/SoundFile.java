package dev.parley.cli.process;

import dev.parley.h323.media.AudioSource;
import dev.parley.h323.media.G711;
import dev.parley.h323.media.WavSink;
import dev.parley.h323.media.WavSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/// Noise in a WAV file, and what becomes of it in a call.
final class SoundFile {
    /// What a packet holds: 20 ms.
    static final int PACKET = 160;

    private SoundFile() {}

    /// @return what a clean line makes of it: A-law, and back
    static short[] write(Path file, int packets, long seed) throws IOException {
        var random = new Random(seed);
        var samples = new short[packets * PACKET];
        var heard = new short[samples.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) random.nextInt();
            heard[i] = G711.A_LAW.decode(G711.A_LAW.encode(samples[i]));
        }
        try (var sink = WavSink.open(file)) {
            sink.write(samples);
        }
        return heard;
    }

    static short[] read(Path file) throws IOException {
        var all = new short[0];
        var frame = new short[PACKET];
        try (var source = WavSource.open(file)) {
            for (int n = source.read(frame); n != AudioSource.END; n = source.read(frame)) {
                all = Arrays.copyOf(all, all.length + n);
                System.arraycopy(frame, 0, all, all.length - n, n);
            }
        }
        return all;
    }
}

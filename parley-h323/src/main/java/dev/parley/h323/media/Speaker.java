package dev.parley.h323.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;

/// The speaker of this machine, as far as Java finds one. What it cannot take at once is dropped: it must not fall behind the call.
public final class Speaker implements AudioSink {
    private static final int BUFFER = 2 * G711.RATE / 5;

    private final SourceDataLine line;

    private Speaker(SourceDataLine line) {
        this.line = line;
    }

    /// @throws IOException when there is no speaker, or another program has it
    public static Speaker open() throws IOException {
        try {
            var line = AudioSystem.getSourceDataLine(Microphone.FORMAT);
            line.open(Microphone.FORMAT, BUFFER);
            line.start();
            return new Speaker(line);
        } catch (LineUnavailableException | IllegalArgumentException e) {
            throw new IOException("no speaker for 8000 Hz, 16 bits, one channel: " + e.getMessage(), e);
        }
    }

    @Override
    public void write(short[] samples) {
        var octets = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        octets.asShortBuffer().put(samples);
        line.write(octets.array(), 0, Math.min(octets.capacity(), line.available() & ~1));
    }

    @Override
    public void close() {
        line.close();
    }
}

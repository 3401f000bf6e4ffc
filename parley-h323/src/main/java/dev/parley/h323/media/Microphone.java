package dev.parley.h323.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;

/// The microphone of this machine, as far as Java finds one.
public final class Microphone implements AudioSource {
    static final AudioFormat FORMAT = new AudioFormat(G711.RATE, 16, 1, true, false);
    /// What may wait unsent, in octets: a fifth of a second.
    private static final int BUFFER = 2 * G711.RATE / 5;

    private final TargetDataLine line;

    private Microphone(TargetDataLine line) {
        this.line = line;
    }

    /// @throws IOException when there is no microphone, or another program has it
    public static Microphone open() throws IOException {
        try {
            var line = AudioSystem.getTargetDataLine(FORMAT);
            line.open(FORMAT, BUFFER);
            line.start();
            return new Microphone(line);
        } catch (LineUnavailableException | IllegalArgumentException e) {
            throw new IOException("no microphone for 8000 Hz, 16 bits, one channel: " + e.getMessage(), e);
        }
    }

    @Override
    public int read(short[] frame) {
        if (line.available() < 2 * frame.length) {
            return 0;
        }
        var octets = new byte[2 * frame.length];
        int count = line.read(octets, 0, octets.length) / 2;
        ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(frame, 0, count);
        return count;
    }

    @Override
    public void close() {
        line.close();
    }
}

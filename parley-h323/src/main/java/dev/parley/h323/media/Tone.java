package dev.parley.h323.media;

import java.util.Arrays;

/// A sine of one frequency, for as long as somebody listens.
public final class Tone implements AudioSource {
    private final double step;
    private final double amplitude;
    private double phase;

    /// @param frequency in Hz, below half the sampling rate
    /// @param level of full scale, 0 to 1
    public Tone(double frequency, double level) {
        if (frequency <= 0 || frequency >= G711.RATE / 2.0 || level < 0 || level > 1) {
            throw new IllegalArgumentException("a tone of " + frequency + " Hz at " + level + ": expected below 4000 Hz, at most 1");
        }
        this.step = 2 * Math.PI * frequency / G711.RATE;
        this.amplitude = level * Short.MAX_VALUE;
    }

    @Override
    public int read(short[] frame) {
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (short) Math.round(amplitude * Math.sin(phase));
            phase = (phase + step) % (2 * Math.PI);
        }
        return frame.length;
    }

    /// A source that is silent for ever, without sending anything.
    public static AudioSource silence() {
        return frame -> {
            Arrays.fill(frame, (short) 0);
            return 0;
        };
    }
}

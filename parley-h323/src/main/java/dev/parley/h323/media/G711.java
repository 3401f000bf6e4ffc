package dev.parley.h323.media;

import java.nio.ByteBuffer;

/// G.711: 16-bit linear samples to octets of A-law or mu-law and back, at 8000 samples a second.
///
/// Both laws are a sign, three bits that say in which of eight segments (each twice as wide as the one below) the value lies, and four
/// bits that say where in it.
public enum G711 {
    /// 13 bits of the sample count; every other bit is inverted on the line.
    A_LAW {
        @Override
        int octet(int sample) {
            // Truncation towards minus infinity, so that the two halves mirror each other around -1/2.
            int value = sample >> 3;
            int sign = value >= 0 ? 0x80 : 0;
            int magnitude = value >= 0 ? value : -value - 1;
            int segment = Math.max(0, 27 - Integer.numberOfLeadingZeros(magnitude | 0x1F));
            int mantissa = magnitude >> Math.max(1, segment) & 0x0F;
            return (sign | segment << 4 | mantissa) ^ 0x55;
        }

        @Override
        int value(int octet) {
            int code = octet ^ 0x55;
            int segment = code >> 4 & 7;
            int magnitude = (code & 0x0F) << 1 | 1;
            magnitude = segment == 0 ? magnitude : magnitude + 32 << segment - 1;
            return (code & 0x80) != 0 ? magnitude << 3 : -magnitude << 3;
        }
    },
    /// 14 bits of the sample count; a bias makes all segments alike; all bits are inverted on the line.
    MU_LAW {
        @Override
        int octet(int sample) {
            int value = sample >> 2;
            int sign = value >= 0 ? 0x80 : 0;
            int magnitude = Math.min((value >= 0 ? value : -value - 1) + BIAS, LARGEST);
            int segment = 26 - Integer.numberOfLeadingZeros(magnitude);
            int mantissa = magnitude >> segment + 1 & 0x0F;
            return sign | ~(segment << 4 | mantissa) & 0x7F;
        }

        @Override
        int value(int octet) {
            int code = ~octet & 0xFF;
            int magnitude = ((code & 0x0F) << 1 | 0x21) << (code >> 4 & 7);
            return (code & 0x80) != 0 ? -(magnitude - BIAS) << 2 : magnitude - BIAS << 2;
        }
    };

    /// Samples a second.
    public static final int RATE = 8_000;

    private static final int BIAS = 33;
    private static final int LARGEST = 0x1FFF;

    private final byte[] octets = new byte[1 << 16];
    private final short[] samples = new short[1 << 8];

    G711() {
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            octets[sample & 0xFFFF] = (byte) octet(sample);
        }
        for (int octet = 0; octet < samples.length; octet++) {
            samples[octet] = (short) value(octet);
        }
    }

    abstract int octet(int sample);

    abstract int value(int octet);

    public byte encode(short sample) {
        return octets[sample & 0xFFFF];
    }

    public short decode(byte octet) {
        return samples[octet & 0xFF];
    }

    /// @param count of samples to take from the start of the frame
    public ByteBuffer encode(short[] frame, int count) {
        var payload = new byte[count];
        for (int i = 0; i < count; i++) {
            payload[i] = encode(frame[i]);
        }
        return ByteBuffer.wrap(payload);
    }

    public short[] decode(ByteBuffer payload) {
        var in = payload.duplicate();
        var frame = new short[in.remaining()];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = decode(in.get());
        }
        return frame;
    }
}

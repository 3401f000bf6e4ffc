package dev.parley.h323.wire.per;

import java.util.Arrays;

/// Bits of one encoding, written in order. Padding is 0.
final class BitWriter {
    private byte[] octets = new byte[64];
    private int position;

    void bit(boolean on) {
        bits(on ? 1 : 0, 1);
    }

    /// A bit field without alignment, top bit first; at most 32 bits.
    void bits(long value, int count) {
        reserve(count);
        for (int i = count - 1; i >= 0; i--) {
            if ((value >> i & 1) == 1) {
                octets[position >> 3] |= (byte) (0x80 >> (position & 7));
            }
            position++;
        }
    }

    void align() {
        position = position + 7 & ~7;
    }

    void octets(byte[] bytes, int from, int count) {
        align();
        reserve(8 * count);
        System.arraycopy(bytes, from, octets, position >> 3, count);
        position += 8 * count;
    }

    /// A big-endian number in aligned octets.
    void alignedNumber(long value, int octetCount) {
        align();
        for (int i = octetCount - 1; i >= 0; i--) {
            bits(value >> 8 * i & 0xff, 8);
        }
    }

    /// The whole encoding: padded to whole octets, and one 00 when it is empty (X.691 clause 11.1.3).
    byte[] toArray() {
        return Arrays.copyOf(octets, Math.max(1, position + 7 >> 3));
    }

    private void reserve(int bits) {
        int needed = (position + bits + 7 >> 3) + 1;
        if (needed > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(needed, 2 * octets.length));
        }
    }
}

package dev.parley.h323.wire.per;

import dev.parley.api.SessionException;
import java.util.Arrays;
import java.util.function.Supplier;

/// Bits of one encoding, read in order and never past its end. Octet alignment counts from the first bit, so the contents of an open type
/// are read with a reader of their own.
final class BitReader {
    private final byte[] octets;
    private final Supplier<String> where;
    private int position;

    /// @param where the place in the message, for the words of an error
    BitReader(byte[] octets, Supplier<String> where) {
        this.octets = octets;
        this.where = where;
    }

    boolean bit() {
        return bits(1) == 1;
    }

    /// A bit field without alignment, top bit first; at most 32 bits.
    long bits(int count) {
        require(count);
        long value = 0;
        for (int left = count; left > 0; ) {
            int inOctet = 8 - (position & 7);
            int take = Math.min(left, inOctet);
            int octet = octets[position >> 3] & 0xff;
            value = value << take | octet >> (inOctet - take) & (1 << take) - 1;
            position += take;
            left -= take;
        }
        return value;
    }

    /// Padding bits are ignored when received.
    void align() {
        position = position + 7 & ~7;
    }

    /// Whole octets from an aligned position.
    byte[] octets(int count) {
        align();
        require(8L * count);
        int from = position >> 3;
        position += 8 * count;
        return Arrays.copyOfRange(octets, from, from + count);
    }

    /// A big-endian number in aligned octets; at most 8.
    long alignedNumber(int octetCount) {
        align();
        require(8L * octetCount);
        long value = 0;
        for (int i = 0; i < octetCount; i++) {
            value = value << 8 | octets[position >> 3] & 0xff;
            position += 8;
        }
        return value;
    }

    /// How many octets are left, a started one included.
    int remaining() {
        return Math.max(0, octets.length - (position >> 3));
    }

    SessionException.ProtocolViolation fail(String words) {
        return new SessionException.ProtocolViolation(where.get() + ": " + words);
    }

    private void require(long bits) {
        if (bits > 8L * octets.length - position) {
            throw fail("%d bits expected at bit %d, but the encoding ends after %d octets".formatted(bits, position, octets.length));
        }
    }
}

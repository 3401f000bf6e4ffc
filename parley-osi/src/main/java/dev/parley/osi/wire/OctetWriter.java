package dev.parley.osi.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Writes parameter units in the shortest form of the length indicator. Room is kept in front for the heading, so that nothing is copied twice.
final class OctetWriter {
    /// A GIVE or PLEASE TOKENS of two octets, the identifier, and a length of three octets.
    private static final int HEADING = 6;

    private byte[] octets = new byte[64];
    private int end = HEADING;

    OctetWriter octet(int value) {
        room(1);
        octets[end++] = (byte) value;
        return this;
    }

    OctetWriter length(int length) {
        if (length < 0 || length > 0xFFFF) {
            throw new IllegalArgumentException("a length indicator holds 0 to 65535, not " + length);
        }
        return length < 255 ? octet(length) : octet(0xFF).octet(length >> 8).octet(length & 0xFF);
    }

    OctetWriter octets(ByteBuffer value) {
        int size = value.remaining();
        room(size);
        value.get(value.position(), octets, end, size);
        end += size;
        return this;
    }

    OctetWriter unit(int code, ByteBuffer value) {
        return octet(code).length(value.remaining()).octets(value);
    }

    /// Leaves the unit out when the value is empty.
    OctetWriter unitUnlessEmpty(int code, ByteBuffer value) {
        return value.hasRemaining() ? unit(code, value) : this;
    }

    OctetWriter unit(int code, int octet) {
        return octet(code).octet(1).octet(octet);
    }

    /// A serial number: decimal digits, the most significant first, without leading zeros (8.3.1.10).
    OctetWriter serial(int code, long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a serial number is not negative: " + number);
        }
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        octet(code).octet(digits);
        room(digits);
        long rest = number;
        for (int at = end + digits - 1; at >= end; at--) {
            octets[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        end += digits;
        return this;
    }

    OctetWriter group(int code, OctetWriter content) {
        return content.end == HEADING ? this : unit(code, ByteBuffer.wrap(content.octets, HEADING, content.end - HEADING));
    }

    /// How many octets of parameters were written.
    int size() {
        return end - HEADING;
    }

    /// The SPDU: a bare GIVE or PLEASE TOKENS with this identifier (0 for none), the identifier, the length, and what was written.
    ByteBuffer spdu(int introduction, int identifier) {
        int size = size();
        int start = HEADING;
        if (size < 255) {
            octets[--start] = (byte) size;
        } else if (size <= 0xFFFF) {
            octets[--start] = (byte) size;
            octets[--start] = (byte) (size >> 8);
            octets[--start] = (byte) 0xFF;
        } else {
            throw new IllegalArgumentException("an SPDU has at most 65535 octets of parameters, not " + size);
        }
        octets[--start] = (byte) identifier;
        if (introduction != 0) {
            octets[--start] = 0;
            octets[--start] = (byte) introduction;
        }
        return ByteBuffer.wrap(octets, start, end - start).slice();
    }

    private void room(int more) {
        if (octets.length - end < more) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, end + more));
        }
    }
}

package dev.parley.osi.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes parameter units in the shortest form of the length indicator.
final class OctetWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    OctetWriter octet(int value) {
        out.write(value);
        return this;
    }

    OctetWriter length(int length) {
        if (length < 0 || length > 0xFFFF) {
            throw new IllegalArgumentException("a length indicator holds 0 to 65535, not " + length);
        }
        return length < 255 ? octet(length) : octet(0xFF).octet(length >> 8).octet(length & 0xFF);
    }

    OctetWriter octets(ByteBuffer value) {
        var bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        out.writeBytes(bytes);
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

    OctetWriter serial(int code, long number) {
        return unit(code, ByteBuffer.wrap(Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
    }

    OctetWriter group(int code, OctetWriter content) {
        var octets = content.toBuffer();
        return octets.hasRemaining() ? unit(code, octets) : this;
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(out.toByteArray());
    }
}

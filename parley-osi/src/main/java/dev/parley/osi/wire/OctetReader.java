package dev.parley.osi.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;

/// A bounded reader: what is read inside a length can never run past that length. Every mistake is a [SessionException.ProtocolViolation]
/// which says at which octet of the TSDU it stands.
final class OctetReader {
    private final ByteBuffer octets;
    private final String where;

    OctetReader(ByteBuffer octets, String where) {
        this.octets = octets;
        this.where = where;
    }

    boolean hasMore() {
        return octets.hasRemaining();
    }

    int remaining() {
        return octets.remaining();
    }

    int octet(String what) {
        if (!octets.hasRemaining()) {
            throw broken("expected " + what + ", but it ends");
        }
        return octets.get() & 0xFF;
    }

    /// A length indicator (8.2.5): one octet up to 254, or FF and two octets for 255 to 65535.
    int length(String of) {
        int length = octet("the length of " + of);
        if (length == 0xFF) {
            length = octet("the length of " + of) << 8 | octet("the length of " + of);
            if (length < 255) {
                throw broken("the length of " + of + " is " + length + " in the three-octet form, which is for 255 and more");
            }
        }
        if (length > octets.remaining()) {
            throw broken(of + " says that it has " + length + " octets, but only " + octets.remaining() + " follow");
        }
        return length;
    }

    OctetReader inside(int length, String name) {
        return new OctetReader(slice(length), name);
    }

    ByteBuffer slice(int length) {
        var slice = octets.slice(octets.position(), length);
        octets.position(octets.position() + length);
        return slice;
    }

    ByteBuffer rest() {
        return slice(octets.remaining());
    }

    SessionException.ProtocolViolation broken(String what) {
        return new SessionException.ProtocolViolation("invalid " + where + " at octet " + octets.position() + ": " + what);
    }
}

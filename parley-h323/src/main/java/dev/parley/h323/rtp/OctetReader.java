package dev.parley.h323.rtp;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;

/// A bounded reader over one datagram or a part of it. Whatever is wrong becomes a [SessionException.ProtocolViolation] that says where.
final class OctetReader {
    private final ByteBuffer octets;
    private final String where;

    OctetReader(ByteBuffer octets, String where) {
        this.octets = octets.slice();
        this.where = where;
    }

    int remaining() {
        return octets.remaining();
    }

    int u8(String what) {
        need(1, what);
        return octets.get() & 0xFF;
    }

    int u16(String what) {
        need(2, what);
        return octets.getShort() & 0xFFFF;
    }

    int u24(String what) {
        need(3, what);
        return u8(what) << 16 | u16(what);
    }

    int u32(String what) {
        need(4, what);
        return octets.getInt();
    }

    long u64(String what) {
        need(8, what);
        return octets.getLong();
    }

    ByteBuffer octets(int count, String what) {
        need(count, what);
        var slice = octets.slice(octets.position(), count).asReadOnlyBuffer();
        octets.position(octets.position() + count);
        return slice;
    }

    /// A reader of the next octets, which cannot read beyond them.
    OctetReader part(int count, String what) {
        return new OctetReader(octets(count, what), what);
    }

    int lastOctet() {
        need(1, "the last octet");
        return octets.get(octets.limit() - 1) & 0xFF;
    }

    SessionException.ProtocolViolation broken(String what) {
        return new SessionException.ProtocolViolation("invalid " + where + " at octet " + octets.position() + ": " + what);
    }

    private void need(int count, String what) {
        if (octets.remaining() < count) {
            throw broken("expected " + what + " in " + count + " octets, but " + octets.remaining() + " are left");
        }
    }
}

package dev.parley.netbios.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes packets; names always in full, except where [#pointer] is asked for.
final class PacketWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    PacketWriter u8(int value) {
        out.write(value);
        return this;
    }

    PacketWriter u16(int value) {
        return u8(value >> 8).u8(value);
    }

    PacketWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    PacketWriter octets(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    PacketWriter octets(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return octets(copy);
    }

    PacketWriter pointer(int offset) {
        return u16(0xC000 | offset);
    }

    /// First and second level encoding of RFC 1001 section 14.1 and RFC 1002 section 4.1.
    PacketWriter name(NetbiosName name) {
        u8(32);
        for (byte octet : name.octets()) {
            u8('A' + (octet >> 4 & 0xF)).u8('A' + (octet & 0xF));
        }
        if (!name.scope().isEmpty()) {
            for (var label : name.scope().split("\\.", -1)) {
                u8(label.length()).octets(label.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return u8(0);
    }

    int size() {
        return out.size();
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(out.toByteArray());
    }
}

package dev.parley.netbios.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A bounded reader over one packet. Whatever is wrong becomes a [SessionException.ProtocolViolation] with the octet where it stands.
final class PacketReader {
    /// Labels of a name, pointers included; a scope of 220 octets cannot have more.
    private static final int MOST_STEPS = 128;

    private final ByteBuffer packet;
    private final String where;

    PacketReader(ByteBuffer bytes, String where) {
        this.packet = bytes.slice();
        this.where = where;
    }

    int position() {
        return packet.position();
    }

    int remaining() {
        return packet.remaining();
    }

    int u8(String what) {
        need(1, what);
        return packet.get() & 0xFF;
    }

    int u16(String what) {
        need(2, what);
        return packet.getShort() & 0xFFFF;
    }

    int u32(String what) {
        need(4, what);
        return packet.getInt();
    }

    ByteBuffer octets(int count, String what) {
        need(count, what);
        var slice = packet.slice(packet.position(), count).asReadOnlyBuffer();
        packet.position(packet.position() + count);
        return slice;
    }

    void end() {
        if (packet.hasRemaining()) {
            throw broken(packet.remaining() + " octets too many");
        }
    }

    /// A second level encoded name (RFC 1002 section 4.1). Pointers may only lead backwards, so that they cannot loop.
    NetbiosName name() {
        var labels = new StringBuilder();
        String first = "";
        int at = packet.position();
        int resume = -1;
        int lowest = at;
        int total = 1;
        for (int step = 0; step < MOST_STEPS; step++) {
            int length = at(at, "a label of a name");
            if (length >= 0xC0) {
                int target = (length & 0x3F) << 8 | at(at + 1, "a name pointer");
                if (target >= lowest) {
                    throw broken("a name pointer leads to octet " + target + ", which is not before the name");
                }
                resume = resume < 0 ? at + 2 : resume;
                lowest = target;
                at = target;
                continue;
            }
            if (length > 63) {
                throw broken("a label with the reserved length " + length);
            }
            if (length == 0) {
                packet.position(resume < 0 ? at + 1 : resume);
                return build(first, labels.toString());
            }
            total += length + 1;
            if (total > 255) {
                throw broken("a name of more than 255 octets");
            }
            var label = text(at + 1, length);
            if (first.isEmpty()) {
                first = label;
            } else {
                labels.append(labels.isEmpty() ? "" : ".").append(label);
            }
            at += length + 1;
        }
        throw broken("a name with more than " + MOST_STEPS + " labels and pointers");
    }

    SessionException.ProtocolViolation broken(String what) {
        return new SessionException.ProtocolViolation("invalid " + where + " at octet " + packet.position() + ": " + what);
    }

    private NetbiosName build(String letters, String scope) {
        if (letters.length() != 32) {
            throw broken("a name whose first label has " + letters.length() + " octets instead of 32");
        }
        var octets = new byte[16];
        for (int i = 0; i < 16; i++) {
            octets[i] = (byte) (nibble(letters.charAt(2 * i)) << 4 | nibble(letters.charAt(2 * i + 1)));
        }
        try {
            return new NetbiosName(new String(octets, 0, 15, StandardCharsets.ISO_8859_1), octets[15] & 0xFF, scope);
        } catch (IllegalArgumentException e) {
            throw broken(String.valueOf(e.getMessage()));
        }
    }

    private int nibble(char letter) {
        if (letter < 'A' || letter > 'P') {
            throw broken("a name with the letter '" + letter + "', outside A to P");
        }
        return letter - 'A';
    }

    private String text(int at, int length) {
        if (at + length > packet.limit()) {
            throw broken("expected a label of " + length + " octets, but the packet ends");
        }
        var bytes = new byte[length];
        packet.get(at, bytes);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.indexOf('.') >= 0) {
            throw broken("a label with a dot in it");
        }
        return text;
    }

    private int at(int index, String what) {
        if (index >= packet.limit()) {
            throw broken("expected " + what + ", but the packet ends");
        }
        return packet.get(index) & 0xFF;
    }

    private void need(int count, String what) {
        if (packet.remaining() < count) {
            throw broken("expected " + what + " in " + count + " octets, but " + packet.remaining() + " are left");
        }
    }
}

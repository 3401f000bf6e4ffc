package dev.parley.netbios.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;

/// Session service packets to octets and back (RFC 1002 section 4.3). The four header octets come first, so that the length can be judged
/// before anything is allocated.
public final class SessionPacketCodec {
    public static final int HEADER = 4;

    private static final int MESSAGE = 0x00;
    private static final int REQUEST = 0x81;
    private static final int POSITIVE = 0x82;
    private static final int NEGATIVE = 0x83;
    private static final int RETARGET = 0x84;
    private static final int KEEP_ALIVE = 0x85;

    /// Two names with the longest scope.
    private static final int MOST_REQUEST = 2 * 255;

    private SessionPacketCodec() {}

    /// What a header says: the type, and how many octets follow.
    public record Header(int type, int length) {}

    public static ByteBuffer encode(SessionPacket packet) {
        return switch (packet) {
            case SessionPacket.Message m -> new PacketWriter().octets(messageHeader(m.data().remaining())).octets(m.data()).toBuffer();
            case SessionPacket.Request r -> packet(REQUEST, new PacketWriter().name(r.called()).name(r.calling()));
            case SessionPacket.Positive _ -> packet(POSITIVE, new PacketWriter());
            case SessionPacket.Negative n -> packet(NEGATIVE, new PacketWriter().u8(n.code()));
            case SessionPacket.Retarget t -> packet(RETARGET, new PacketWriter().u32(t.target().address().bits()).u16(t.target().port()));
            case SessionPacket.KeepAlive _ -> packet(KEEP_ALIVE, new PacketWriter());
        };
    }

    /// The header of a message whose octets are written after it without copying them.
    public static ByteBuffer messageHeader(int length) {
        if (length < 0 || length > SessionPacket.MOST_MESSAGE) {
            throw new IllegalArgumentException("a message has at most " + SessionPacket.MOST_MESSAGE + " octets, not " + length);
        }
        return ByteBuffer.allocate(HEADER).putInt(length).flip();
    }

    private static ByteBuffer packet(int type, PacketWriter trailer) {
        return new PacketWriter().u8(type).u8(0).u16(trailer.size()).octets(trailer.toBuffer()).toBuffer();
    }

    /// Reads the four octets of a header and refuses lengths that its type cannot have.
    ///
    /// @throws SessionException.ProtocolViolation
    public static Header header(ByteBuffer octets) {
        var in = new PacketReader(octets, "session packet");
        int type = in.u8("the type");
        int flags = in.u8("the flags");
        int length = in.u16("the length");
        // Flag bit 0 is the 17th bit of the length; a direct TCP frame of SMB would need 24.
        if ((flags & 0xFE) != 0) {
            throw in.broken("the flags are 0 or 1, not " + Integer.toHexString(flags));
        }
        length |= flags << 16;
        boolean good = switch (type) {
            case MESSAGE -> true;
            case REQUEST -> length >= 68 && length <= MOST_REQUEST;
            case POSITIVE, KEEP_ALIVE -> length == 0;
            case NEGATIVE -> length == 1;
            case RETARGET -> length == 6;
            default -> throw in.broken("unknown type " + Integer.toHexString(type));
        };
        if (!good) {
            throw in.broken("a packet of type " + Integer.toHexString(type) + " with a length of " + length);
        }
        return new Header(type, length);
    }

    /// The packet of a header and its trailer, which must be exactly as long as the header says.
    ///
    /// @throws SessionException.ProtocolViolation
    public static SessionPacket trailer(Header header, ByteBuffer octets) {
        var in = new PacketReader(octets, "session packet");
        if (octets.remaining() != header.length()) {
            throw in.broken("the length says " + header.length() + " octets, but " + octets.remaining() + " follow");
        }
        return switch (header.type()) {
            case MESSAGE -> new SessionPacket.Message(octets.slice());
            case REQUEST -> {
                var request = new SessionPacket.Request(in.name(), in.name());
                in.end();
                yield request;
            }
            case POSITIVE -> new SessionPacket.Positive();
            case NEGATIVE -> new SessionPacket.Negative(in.u8("the error code"));
            case RETARGET -> new SessionPacket.Retarget(new Endpoint(new Ipv4(in.u32("an address")), in.u16("a port")));
            case KEEP_ALIVE -> new SessionPacket.KeepAlive();
            default -> throw in.broken("unknown type " + Integer.toHexString(header.type()));
        };
    }

    /// One whole packet.
    ///
    /// @throws SessionException.ProtocolViolation
    public static SessionPacket decode(ByteBuffer octets) {
        var header = header(octets);
        return trailer(header, octets.slice(octets.position() + HEADER, octets.remaining() - HEADER));
    }
}

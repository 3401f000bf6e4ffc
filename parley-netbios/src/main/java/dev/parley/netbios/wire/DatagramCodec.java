package dev.parley.netbios.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;

/// Datagram service packets to octets and back (RFC 1002 section 4.4).
public final class DatagramCodec {
    private static final int ERROR = 0x13;
    private static final int QUERY = 0x14;
    private static final int POSITIVE = 0x15;
    private static final int NEGATIVE = 0x16;
    private static final int MORE = 1;
    private static final int FIRST = 2;

    private DatagramCodec() {}

    public static ByteBuffer encode(Datagram packet) {
        var out = new PacketWriter();
        switch (packet) {
            case Datagram.Message m -> {
                var names = new PacketWriter().name(m.source()).name(m.destination());
                header(out, m.kind().code, m.header());
                out.u16(names.size() + m.data().remaining()).u16(m.offset()).octets(names.toBuffer()).octets(m.data());
            }
            case Datagram.Failure f -> header(out, ERROR, f.header()).u8(f.code());
            case Datagram.Query q -> header(out, QUERY, q.header()).name(q.destination());
            case Datagram.Answer a -> header(out, a.positive() ? POSITIVE : NEGATIVE, a.header()).name(a.destination());
        }
        return out.toBuffer();
    }

    private static PacketWriter header(PacketWriter out, int type, Datagram.Header header) {
        int flags = header.nodeType().ordinal() << 2 | (header.first() ? FIRST : 0) | (header.more() ? MORE : 0);
        return out.u8(type).u8(flags).u16(header.id()).u32(header.source().address().bits()).u16(header.source().port());
    }

    /// @throws SessionException.ProtocolViolation whatever is wrong with the octets
    public static Datagram decode(ByteBuffer octets) {
        var in = new PacketReader(octets, "datagram packet");
        int type = in.u8("the type");
        int flags = in.u8("the flags");
        int id = in.u16("the identifier");
        var source = new Endpoint(new Ipv4(in.u32("the source address")), in.u16("the source port"));
        var header = new Datagram.Header((flags & MORE) != 0, (flags & FIRST) != 0, NodeType.of(flags >> 2), id, source);
        return switch (type) {
            case 0x10 -> message(in, Datagram.Kind.DIRECT_UNIQUE, header);
            case 0x11 -> message(in, Datagram.Kind.DIRECT_GROUP, header);
            case 0x12 -> message(in, Datagram.Kind.BROADCAST, header);
            case ERROR -> new Datagram.Failure(header, in.u8("the error code"));
            case QUERY -> new Datagram.Query(header, in.name());
            case POSITIVE -> new Datagram.Answer(true, header, in.name());
            case NEGATIVE -> new Datagram.Answer(false, header, in.name());
            default -> throw in.broken("the type is 10 to 16, not " + Integer.toHexString(type));
        };
    }

    private static Datagram message(PacketReader in, Datagram.Kind kind, Datagram.Header header) {
        int length = in.u16("the length");
        int offset = in.u16("the offset");
        int start = in.position();
        if (length > in.remaining()) {
            throw in.broken("the length says " + length + " octets, but " + in.remaining() + " follow");
        }
        var source = in.name();
        var destination = in.name();
        int data = length - (in.position() - start);
        if (data < 0) {
            throw in.broken("the length of " + length + " octets ends inside the names");
        }
        if (offset + data > Datagram.Message.MOST_DATA) {
            throw in.broken("user data has at most " + Datagram.Message.MOST_DATA + " octets, not " + (offset + data));
        }
        return new Datagram.Message(kind, header, offset, source, destination, in.octets(data, "user data"));
    }
}

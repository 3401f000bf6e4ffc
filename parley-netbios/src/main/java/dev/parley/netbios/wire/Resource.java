package dev.parley.netbios.wire;

import java.nio.ByteBuffer;
import java.util.List;

/// A resource record of a name service packet (RFC 1002 section 4.2.1.3).
///
/// @param ttlSeconds unsigned; 0 is without end
public record Resource(NetbiosName name, long ttlSeconds, Data data) {
    public static final int TYPE_A = 0x0001;
    public static final int TYPE_NS = 0x0002;
    public static final int TYPE_NULL = 0x000A;
    public static final int TYPE_NB = 0x0020;
    public static final int TYPE_NBSTAT = 0x0021;
    public static final int CLASS_IN = 0x0001;

    public Resource {
        if (ttlSeconds < 0 || ttlSeconds > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("a time to live has 32 bits, not " + ttlSeconds);
        }
    }

    /// What a record says, by its type.
    public sealed interface Data {
        int type();
    }

    /// NB: who has the name.
    public record Addresses(List<Address> addresses) implements Data {
        /// What fits RDLENGTH.
        public static final int MOST = 0xFFFF / 6;

        public Addresses {
            addresses = List.copyOf(addresses);
            if (addresses.size() > MOST) {
                throw new IllegalArgumentException("an NB record has at most " + MOST + " addresses, not " + addresses.size());
            }
        }

        @Override
        public int type() {
            return TYPE_NB;
        }
    }

    /// One holder of a name.
    public record Address(boolean group, NodeType nodeType, Ipv4 address) {
        static final int GROUP = 0x8000;

        public int flags() {
            return (group ? GROUP : 0) | nodeType.ordinal() << 13;
        }

        static Address of(int flags, int bits) {
            return new Address((flags & GROUP) != 0, NodeType.of(flags >> 13 & 3), new Ipv4(bits));
        }
    }

    /// NBSTAT: the names of a node and what it tells about itself.
    ///
    /// @param statistics begins with the unit identifier; as long as the node made it
    public record Status(List<StatusName> names, ByteBuffer statistics) implements Data {
        public static final int MOST = 0xFF;

        public Status {
            names = List.copyOf(names);
            statistics = statistics.asReadOnlyBuffer();
            if (names.size() > MOST) {
                throw new IllegalArgumentException("a node status has at most " + MOST + " names, not " + names.size());
            }
            if (1 + 18 * names.size() + statistics.remaining() > 0xFFFF) {
                throw new IllegalArgumentException("a node status of more than 65535 octets");
            }
        }

        @Override
        public ByteBuffer statistics() {
            return statistics.duplicate();
        }

        @Override
        public int type() {
            return TYPE_NBSTAT;
        }
    }

    /// One name in a node status.
    ///
    /// @param flags as on the wire: 8000 group, 6000 node type, 1000 deregistering, 0800 conflict, 0400 active, 0200 permanent
    public record StatusName(NetbiosName name, int flags) {
        public static final int ACTIVE = 0x0400;
        public static final int CONFLICT = 0x0800;
        public static final int DEREGISTERING = 0x1000;
        public static final int PERMANENT = 0x0200;

        public boolean group() {
            return (flags & Address.GROUP) != 0;
        }
    }

    /// NULL, empty: the form of a negative answer.
    public record Nothing() implements Data {
        @Override
        public int type() {
            return TYPE_NULL;
        }
    }

    /// NB with the two octets of the request's flags: the form of a WACK, which says that the answer will take time.
    public record Waiting(int requestFlags) implements Data {
        @Override
        public int type() {
            return TYPE_NB;
        }
    }

    /// Any other type, kept as it is.
    public record Other(int type, ByteBuffer octets) implements Data {
        public Other {
            octets = octets.asReadOnlyBuffer();
            if (octets.remaining() > 0xFFFF) {
                throw new IllegalArgumentException("record data has at most 65535 octets, not " + octets.remaining());
            }
        }

        @Override
        public ByteBuffer octets() {
            return octets.duplicate();
        }
    }
}

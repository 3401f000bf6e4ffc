package dev.parley.netbios.wire;

import java.nio.ByteBuffer;

/// A packet of the datagram service (RFC 1002 section 4.4).
public sealed interface Datagram {
    /// What every packet begins with.
    ///
    /// @param nodeType of the sender; the bits of H are those of a datagram distribution server here
    /// @param source where the sender says that answers go
    record Header(boolean more, boolean first, NodeType nodeType, int id, Endpoint source) {
        public Header {
            if (id < 0 || id > 0xFFFF) {
                throw new IllegalArgumentException("a datagram identifier has 16 bits, not " + id);
            }
        }
    }

    Header header();

    /// How a message is addressed, with its code.
    enum Kind {
        DIRECT_UNIQUE(0x10), DIRECT_GROUP(0x11), BROADCAST(0x12);

        final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /// Types 10, 11, 12: user data, or a fragment of it.
    ///
    /// @param offset of this fragment in the user data
    record Message(Kind kind, Header header, int offset, NetbiosName source, NetbiosName destination, ByteBuffer data)
            implements Datagram {
        /// Octets of user data in all fragments together.
        public static final int MOST_DATA = 512;

        public Message {
            data = data.asReadOnlyBuffer();
            if (offset < 0 || offset + data.remaining() > 0xFFFF) {
                throw new IllegalArgumentException("a fragment at " + offset + " with " + data.remaining() + " octets");
            }
        }

        @Override
        public ByteBuffer data() {
            return data.duplicate();
        }
    }

    /// Type 13.
    record Failure(Header header, int code) implements Datagram {
        public static final int NO_DESTINATION = 0x82;
        public static final int BAD_SOURCE = 0x83;
        public static final int BAD_DESTINATION = 0x84;

        public Failure {
            if (code < 0 || code > 0xFF) {
                throw new IllegalArgumentException("an error code is one octet, not " + code);
            }
        }
    }

    /// Type 14: will the distribution server take datagrams for this name?
    record Query(Header header, NetbiosName destination) implements Datagram {}

    /// Types 15 (it will) and 16 (it will not).
    record Answer(boolean positive, Header header, NetbiosName destination) implements Datagram {}
}

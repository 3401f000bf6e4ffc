package dev.parley.trace.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// What a packet carries, below the protocols that we decode.
public sealed interface Content {
    /// @param payload what was captured of it; `missing` octets more were on the line
    record Segment(
            InetSocketAddress from, InetSocketAddress to, int sequence, int acknowledged, int flags, ByteBuffer payload, int missing)
            implements Content {
        static final int FIN = 0x01;
        static final int SYN = 0x02;
        static final int RST = 0x04;
        static final int ACK = 0x10;

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /// The sequence number behind the payload.
        int end() {
            return sequence + (has(SYN) ? 1 : 0) + payload.remaining() + missing;
        }
    }

    /// @param payload what was captured of it; `missing` octets more were on the line
    record Datagram(InetSocketAddress from, InetSocketAddress to, ByteBuffer payload, int missing) implements Content {}

    /// Something else, with the reason in words.
    record Other(String what) implements Content {}
}

package dev.parley.netbios.wire;

import java.nio.ByteBuffer;

/// A packet of the session service (RFC 1002 section 4.3).
public sealed interface SessionPacket {
    /// The 17 bits of the length field.
    int MOST_MESSAGE = 0x1_FFFF;

    /// Type 00: a message, whole.
    record Message(ByteBuffer data) implements SessionPacket {
        public Message {
            data = data.asReadOnlyBuffer();
            if (data.remaining() > MOST_MESSAGE) {
                throw new IllegalArgumentException("a message has at most " + MOST_MESSAGE + " octets, not " + data.remaining());
            }
        }

        @Override
        public ByteBuffer data() {
            return data.duplicate();
        }
    }

    /// Type 81.
    record Request(NetbiosName called, NetbiosName calling) implements SessionPacket {}

    /// Type 82.
    record Positive() implements SessionPacket {}

    /// Type 83.
    ///
    /// @param code one of the constants of [Refusal], or what the peer thought of
    record Negative(int code) implements SessionPacket {
        public Negative {
            if (code < 0 || code > 0xFF) {
                throw new IllegalArgumentException("an error code is one octet, not " + code);
            }
        }
    }

    /// Type 84: call again there.
    record Retarget(Endpoint target) implements SessionPacket {}

    /// Type 85; never answered.
    record KeepAlive() implements SessionPacket {}
}

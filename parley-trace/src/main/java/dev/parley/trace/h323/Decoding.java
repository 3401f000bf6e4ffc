package dev.parley.trace.h323;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What a decoder says of some octets: the value, or what is malformed.
record Decoding(Optional<Value> value, Optional<String> fault) {
    static Decoding of(Pdu pdu, Octets octets) {
        try {
            return new Decoding(Optional.of(pdu.decode(octets)), Optional.empty());
        } catch (ProtocolViolation e) {
            return new Decoding(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    /// Whether a stranger's octets are such a message: they are read, and written again to the same octets.
    static boolean isExactly(Pdu pdu, Octets octets) {
        try {
            return of(pdu, octets).value().map(v -> pdu.encode(v).equals(octets)).orElse(false);
        } catch (IllegalArgumentException e) {
            // A value that can be read and not be written is none of a sender who keeps to the rules.
            return false;
        }
    }

    static Octets octets(ByteBuffer buffer) {
        var octets = new byte[buffer.remaining()];
        buffer.get(buffer.position(), octets);
        return Octets.of(octets);
    }
}

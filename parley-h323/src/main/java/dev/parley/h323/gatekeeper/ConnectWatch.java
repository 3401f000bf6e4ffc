package dev.parley.h323.gatekeeper;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Reads along what the called side of a routed call sends, until its Connect. What cannot be read is passed on all the same; then nobody knows
/// when the call was answered.
final class ConnectWatch {
    private final Runnable answered;
    private Optional<Tpkt> frames = Optional.of(new Tpkt());

    ConnectWatch(Runnable answered) {
        this.answered = answered;
    }

    void passes(ByteBuffer octets) {
        if (frames.isEmpty()) {
            return;
        }
        var copy = new byte[octets.remaining()];
        octets.get(copy);
        try {
            for (var message : frames.get().read(copy, 0, copy.length)) {
                if (Q931.decode(message).messageType().equals(Optional.of(MessageType.CONNECT))) {
                    frames = Optional.empty();
                    answered.run();
                    return;
                }
            }
        } catch (ProtocolViolation _) {
            frames = Optional.empty();
        }
    }
}

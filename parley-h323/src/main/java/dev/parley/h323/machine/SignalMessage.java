package dev.parley.h323.machine;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// One message of call signalling as far as it can be read, and what is wrong with it (clause 5.8/Q.931).
///
/// @param type when it is one of H.225.0
/// @param user the user-user element; empty when there is none, or a broken one
public record SignalMessage(Q931 message, Optional<MessageType> type, Value user, Optional<Fault> fault) {
    /// No call begins or is answered without what H.225.0 has in these. In others we do without it, as gateways leave it out.
    private static final Set<MessageType> NEED_BODY = EnumSet.of(MessageType.SETUP, MessageType.CONNECT);

    /// @param cause what Q.931 has a message with it answered by: clauses 5.8.6.1 (96) and 5.8.6.2 (100)
    public record Fault(Cause cause, String words) {}

    /// @throws ProtocolViolation when not even the call reference can be read: such messages are not answered (clauses 5.8.1 to 5.8.3)
    static SignalMessage read(Octets octets) {
        var head = Q931.head(octets);
        var message = head;
        try {
            message = Q931.decode(octets);
            return new SignalMessage(message, message.messageType(), message.userInformation().orElse(Value.Struct.EMPTY), Optional.empty())
                    .checked();
        } catch (ProtocolViolation e) {
            return new SignalMessage(message, head.messageType(), Value.Struct.EMPTY,
                    Optional.of(new Fault(Cause.INVALID_CONTENTS, String.valueOf(e.getMessage()))));
        }
    }

    private SignalMessage checked() {
        if (type.filter(NEED_BODY::contains).isEmpty() || body() != Value.Struct.EMPTY) {
            return this;
        }
        var name = is(MessageType.SETUP) ? "a Setup" : "a Connect";
        return new SignalMessage(message, type, user, Optional.of(message.element(InformationElement.USER_USER).isPresent()
                ? new Fault(Cause.INVALID_CONTENTS, name + " with the H.323 information of another message")
                : new Fault(Cause.MANDATORY_ELEMENT_MISSING, name + " without H.323 information")));
    }

    /// What H.225.0 has in a message of this type; empty when it is not there.
    Value body() {
        return type.flatMap(t -> user.at("h323-uu-pdu/h323-message-body/" + t.body())).orElse(Value.Struct.EMPTY);
    }

    boolean is(MessageType other) {
        return type.equals(Optional.of(other));
    }
}

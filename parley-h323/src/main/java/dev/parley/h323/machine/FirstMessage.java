package dev.parley.h323.machine;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// The first message of a connection, read before there is a call, and the ReleaseComplete for one that gets none.
///
/// @param type when it is one of H.225.0
/// @param call its call identifier, when it has one that can be read
/// @param fault why it cannot be taken
public record FirstMessage(Q931 message, Optional<MessageType> type, Optional<Octets> call, Optional<SignalMessage.Fault> fault) {
    /// Empty when the octets have no call reference of Q.931 that can be read: nobody there would understand an answer.
    public static Optional<FirstMessage> read(Octets octets) {
        try {
            var read = SignalMessage.read(octets);
            return Optional.of(new FirstMessage(read.message(), read.type(), read.body().octetsAt("callIdentifier/guid"), read.fault()));
        } catch (ProtocolViolation _) {
            return Optional.empty();
        }
    }

    /// @param reason a ReleaseCompleteReason of H.225.0
    public Octets refused(Cause cause, String reason) {
        return refused(cause, Optional.of(reason));
    }

    /// When it has a fault.
    public Octets refused(SignalMessage.Fault why) {
        return refused(why.cause(), Optional.empty());
    }

    private Octets refused(Cause cause, Optional<String> reason) {
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).withOptional("reason", reason.map(Value::choice))
                .withOptional("callIdentifier", call.map(Signals::identifier));
        var information = Value.struct().with("h323-uu-pdu", Value.struct()
                .with("h323-message-body", Value.choice("releaseComplete", body)).with("h245Tunnelling", false));
        return new Q931(message.callReference(), !message.fromDestination(), MessageType.RELEASE_COMPLETE.code(), List.of(
                InformationElement.cause(cause), InformationElement.userUser(Pdu.USER_INFORMATION.encode(information)))).encode();
    }
}

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
public record FirstMessage(Q931 message, Optional<MessageType> type, Optional<Octets> call) {
    /// Empty when the octets are no message of Q.931: nobody there would understand an answer.
    public static Optional<FirstMessage> read(Octets octets) {
        try {
            var message = Q931.decode(octets);
            return Optional.of(new FirstMessage(message, message.messageType(), callIdentifier(message)));
        } catch (ProtocolViolation _) {
            return Optional.empty();
        }
    }

    private static Optional<Octets> callIdentifier(Q931 message) {
        try {
            return message.messageType().flatMap(type -> message.userInformation()
                    .flatMap(user -> user.octetsAt("h323-uu-pdu/h323-message-body/" + type.body() + "/callIdentifier/guid")));
        } catch (ProtocolViolation _) {
            return Optional.empty();
        }
    }

    /// @param reason a ReleaseCompleteReason of H.225.0
    public Octets refused(Cause cause, String reason) {
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).with("reason", Value.choice(reason))
                .withOptional("callIdentifier", call.map(Signals::identifier));
        var information = Value.struct().with("h323-uu-pdu", Value.struct()
                .with("h323-message-body", Value.choice("releaseComplete", body)).with("h245Tunnelling", false));
        return new Q931(message.callReference(), !message.fromDestination(), MessageType.RELEASE_COMPLETE.code(), List.of(
                InformationElement.cause(cause), InformationElement.userUser(Pdu.USER_INFORMATION.encode(information)))).encode();
    }
}

package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// One RAS message: its name in H.225.0 (`registrationRequest`) and its fields.
///
/// @param sequence 1..65535: an answer has the number of its request
public record RasMessage(String name, int sequence, Value.Struct body) {
    /// Version 7 of H.225.0.
    static final String PROTOCOL = "0.0.8.2250.0.7";

    static RasMessage of(String name, int sequence) {
        return new RasMessage(name, sequence, Value.struct().with("requestSeqNum", sequence));
    }

    /// @throws SessionException.ProtocolViolation when the datagram is no RAS message that we know
    public static RasMessage decode(Octets datagram) {
        if (Pdu.RAS.decode(datagram) instanceof Value.Chosen(String name, Value.Struct body)) {
            var sequence = body.numberAt("requestSeqNum");
            if (sequence.isPresent()) {
                return new RasMessage(name, sequence.get().intValue(), body);
            }
        }
        throw new SessionException.ProtocolViolation("a RAS message of a kind that is not known here");
    }

    public Octets encode() {
        return Pdu.RAS.encode(Value.choice(name, body));
    }

    RasMessage with(String field, Value value) {
        return new RasMessage(name, sequence, body.with(field, value));
    }

    RasMessage with(String field, long number) {
        return with(field, Value.number(number));
    }

    RasMessage with(String field, boolean flag) {
        return with(field, new Value.Flag(flag));
    }

    RasMessage with(String field, Octets octets) {
        return with(field, new Value.Bytes(octets));
    }

    RasMessage withText(String field, Optional<String> text) {
        return text.isPresent() ? with(field, Value.text(text.get())) : this;
    }

    RasMessage withList(String field, List<Value> items) {
        return items.isEmpty() ? this : with(field, new Value.Items(items));
    }

    RasMessage withAddress(String field, Optional<TransportAddress> address) {
        return address.isPresent() ? with(field, address.get().forH225()) : this;
    }

    Optional<Octets> callIdentifier() {
        return body.octetsAt("callIdentifier/guid");
    }

    static Value callIdentifier(Octets guid) {
        return Value.struct().with("guid", guid);
    }

    /// The name of what an answer answers: `registrationConfirm` and `registrationReject` a `registrationRequest`.
    Optional<String> request() {
        return switch (name) {
            case "infoRequestResponse" -> Optional.of("infoRequest");
            case "infoRequestAck", "infoRequestNak" -> Optional.of("infoRequestResponse");
            default -> name.endsWith("Confirm") ? Optional.of(name.replaceFirst("Confirm$", "Request"))
                    : name.endsWith("Reject") ? Optional.of(name.replaceFirst("Reject$", "Request")) : Optional.empty();
        };
    }

    /// Neither an answer nor a word on the way to one.
    boolean isDemand() {
        return request().isEmpty() && !name.equals("unknownMessageResponse") && !name.equals("requestInProgress");
    }

    boolean isConfirm() {
        return name.endsWith("Confirm") || name.equals("infoRequestResponse") || name.equals("infoRequestAck");
    }
}

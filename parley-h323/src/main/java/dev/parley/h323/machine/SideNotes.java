package dev.parley.h323.machine;

import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.PartyNumber;
import dev.parley.h323.wire.Q931;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the elements of Q.931 say beside the call (clause 4.5/Q.931, Q.951, Q.952): gateways to the telephone network send them. Nothing depends
/// on it, but people may want to know.
final class SideNotes {
    private SideNotes() {}

    static List<Effect> of(MessageType type, Q931 message) {
        return Stream.of(
                        message.redirectingNumber().flatMap(SideNotes::digits).map(digits -> "the call was sent on by " + digits),
                        message.connectedNumber().flatMap(SideNotes::digits).map(digits -> "connected to " + digits),
                        message.progress().map(p -> "progress " + p.description() + " of Q.931, from location " + p.location()),
                        message.notification().map(n -> "notification " + n + " of Q.931"),
                        message.signal().map(s -> "signal " + s + " of Q.931"),
                        Optional.of("the peer's state of the call is " + message.callState().map(String::valueOf).orElse("not given"))
                                .filter(_ -> type == MessageType.STATUS))
                .flatMap(Optional::stream).<Effect>map(Effect.Note::new).toList();
    }

    private static Optional<String> digits(PartyNumber number) {
        return Optional.of(number.digits()).filter(d -> !d.isEmpty());
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;

/// What happens at a gatekeeper, for its log and its call records.
public sealed interface GatekeeperEvent extends RasOutput {
    record Registered(Registration registration) implements GatekeeperEvent {}

    /// @param reason `left`, `expired`, `replaced` or `removed`
    record Unregistered(Registration registration, String reason) implements GatekeeperEvent {}

    /// Somebody was turned away.
    ///
    /// @param message the name of the request in H.225.0
    record Refused(String message, List<Alias> who, String reason) implements GatekeeperEvent {}

    record CallAdmitted(Octets callIdentifier, String from, String to) implements GatekeeperEvent {}

    /// A call is over.
    ///
    /// @param answeredMillis when the called side was admitted, since 1970
    /// @param reason of the end: `normalDrop`, `forcedDrop`, `undefinedReason`, or `unregistered` when one side's registration ended
    record CallEnded(
            Octets callIdentifier, String from, String to, boolean routed, long bandwidth, long startedMillis, Optional<Long> answeredMillis,
            long endedMillis, String reason) implements GatekeeperEvent {}
}

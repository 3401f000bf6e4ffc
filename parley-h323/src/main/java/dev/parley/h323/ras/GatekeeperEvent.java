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

    /// One end is out of a call; the call is over when both are.
    ///
    /// @param reason as that of a call
    record PartyLeft(Octets callIdentifier, String endpointIdentifier, String reason) implements GatekeeperEvent {}

    /// An end of a call uses so much from now on, as was demanded of it.
    ///
    /// @param bandwidth in units of 100 bit/s
    record BandwidthChanged(Octets callIdentifier, String endpointIdentifier, long bandwidth) implements GatekeeperEvent {}

    /// An end of a call does not take the bandwidth that was demanded.
    ///
    /// @param reason with the name of H.225.0, or `noAnswer`
    /// @param allowed what it would take, in units of 100 bit/s
    record BandwidthRefused(Octets callIdentifier, String endpointIdentifier, String reason, long allowed) implements GatekeeperEvent {}

    /// A call is over.
    ///
    /// @param answeredMillis since 1970, when Connect passed through the gatekeeper or an endpoint told that the call was connected; empty when
    ///        it was not, or nobody told
    /// @param reason of the end: `normalDrop`, `forcedDrop`, `undefinedReason`; `unregistered` when one side's registration ended, `notInCall` when
    ///        it told of its calls without this one, `noAnswer` when it told nothing
    record CallEnded(
            Octets callIdentifier, String from, String to, boolean routed, long bandwidth, long startedMillis, Optional<Long> answeredMillis,
            long endedMillis, String reason) implements GatekeeperEvent {}
}

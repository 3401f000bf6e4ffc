package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;

/// What an endpoint learns from its gatekeeper.
public sealed interface EndpointEvent extends RasOutput {
    /// From now on calls may be made and taken.
    record Registered(TransportAddress gatekeeper, String endpointIdentifier, Duration timeToLive) implements EndpointEvent {}

    /// The gatekeeper does not want us; the reason has the name of H.225.0. No further try is made.
    record RegistrationRefused(String reason) implements EndpointEvent {}

    /// No gatekeeper answers; tries go on.
    record GatekeeperLost(String what) implements EndpointEvent {}

    /// We are registered no more.
    ///
    /// @param byGatekeeper false when we asked for it
    record Unregistered(boolean byGatekeeper, String reason) implements EndpointEvent {}

    /// A call may be made or taken.
    ///
    /// @param signalAddress where Setup goes: the other endpoint, or the gatekeeper
    /// @param bandwidth in units of 100 bit/s
    record Admitted(Octets callIdentifier, TransportAddress signalAddress, boolean routed, long bandwidth) implements EndpointEvent {}

    /// A call may not be made or taken. The reason has the name of H.225.0, or is `noAnswer`.
    record AdmissionRefused(Octets callIdentifier, String reason) implements EndpointEvent {}

    /// @param bandwidth that the call may use now; less than was asked for when it was refused
    record BandwidthSet(Octets callIdentifier, long bandwidth, boolean asAsked) implements EndpointEvent {}

    /// The gatekeeper wants the call to end.
    record DisengageDemanded(Octets callIdentifier, String reason) implements EndpointEvent {}

    /// The gatekeeper knows that the call has ended, or does not answer any more.
    record Disengaged(Octets callIdentifier) implements EndpointEvent {}
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;

/// What a machine of RAS wants done.
public sealed interface RasOutput permits RasOutput.Send, RasOutput.Discover, EndpointEvent, GatekeeperEvent {
    /// A datagram to an address.
    record Send(TransportAddress to, Octets datagram) implements RasOutput {}

    /// A datagram to the multicast group of gatekeepers, 224.0.1.41 port 1718.
    record Discover(Octets datagram) implements RasOutput {}
}

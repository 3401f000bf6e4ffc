package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;

/// The machine that a gatekeeper runs on, when it listens on all of its addresses.
public interface OwnHost {
    /// Our address, of the same family, on the way to another one: where answers to it come from. It may change with the routes.
    Octets toward(Octets peer);

    /// Whether an address is one of this machine's.
    boolean has(Octets address);
}

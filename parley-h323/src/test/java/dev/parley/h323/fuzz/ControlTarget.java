package dev.parley.h323.fuzz;

import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;

/// A fuzz target: one message of H.245, or one channel of fast connect.
public final class ControlTarget {
    private ControlTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var octets = Octets.of(input);
        Shots.readsWhatItWrites(Pdu.H245, octets);
        Shots.readsWhatItWrites(Pdu.OPEN_LOGICAL_CHANNEL, octets);
    }
}

package dev.parley.h323.ras;

/// Why an endpoint is out of a call (DisengageReason of H.225.0).
public enum DisengageReason {
    /// The gatekeeper wanted it.
    FORCED_DROP("forcedDrop"),
    /// It ended as calls do, answered or not.
    NORMAL_DROP("normalDrop"),
    /// Anything else: it was lost, or broken off.
    UNDEFINED_REASON("undefinedReason");

    private final String inH225;

    DisengageReason(String inH225) {
        this.inH225 = inH225;
    }

    String inH225() {
        return inH225;
    }
}

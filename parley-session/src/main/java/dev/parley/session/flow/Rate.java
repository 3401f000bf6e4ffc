package dev.parley.session.flow;

/// How fast flows transmit while they hold a token, as far as it was measured. The past counts less and less.
final class Rate {
    private final double memoryNanos;
    private double octets;
    private double nanos;

    /// @param memoryNanos what is older than this counts for half and less
    Rate(double memoryNanos) {
        this.memoryNanos = memoryNanos;
    }

    void add(long moved, long heldNanos) {
        octets += moved;
        nanos += heldNanos;
        if (nanos > memoryNanos) {
            octets /= 2;
            nanos /= 2;
        }
    }

    /// Whether octets passed, in no less time than this.
    boolean isKnown(long leastNanos) {
        return octets > 0 && nanos > 0 && nanos >= leastNanos;
    }

    double nanosPerOctet() {
        return nanos / octets;
    }
}

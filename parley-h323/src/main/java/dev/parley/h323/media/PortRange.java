package dev.parley.h323.media;

/// Where RTP ports may lie, for firewalls that want to know.
///
/// @param first even
/// @param last odd
public record PortRange(int first, int last) {
    /// Below the ports that the system gives out by itself.
    public static final PortRange DEFAULT = new PortRange(16_384, 32_767);

    public PortRange {
        if (first < 1 || first % 2 != 0 || last % 2 != 1 || last < first || last > 65_535) {
            throw new IllegalArgumentException("ports " + first + ".." + last + ": expected an even one, and a larger odd one");
        }
    }

    /// The pairs within two ports, both included: the ends need not be an even and an odd one.
    ///
    /// @throws IllegalArgumentException when there is none
    public static PortRange within(int low, int high) {
        return new PortRange(low + low % 2, high - (high + 1) % 2);
    }

    /// How many sessions have room at a time.
    public int pairs() {
        return (last - first + 1) / 2;
    }

    @Override
    public String toString() {
        return first + ".." + last;
    }
}

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

    int pairs() {
        return (last - first + 1) / 2;
    }

    @Override
    public String toString() {
        return first + ".." + last;
    }
}

package dev.parley.h323.wire.per;

/// The constraint on a whole number, or on the size of a string or list. `Long.MIN_VALUE` and `Long.MAX_VALUE` stand for no bound.
///
/// @param extensible whether the constraint has an extension marker: one bit then says whether the value is outside of the root
public record Bounds(long lower, long upper, boolean extensible) {
    public static final Bounds NONE = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE, false);
    /// The size of a string or list without a size constraint.
    public static final Bounds ANY_SIZE = new Bounds(0, Long.MAX_VALUE, false);

    public Bounds {
        if (lower > upper) {
            throw new IllegalArgumentException("lower bound " + lower + " above upper bound " + upper);
        }
    }

    public boolean contains(long value) {
        return value >= lower && value <= upper;
    }

    public boolean hasLower() {
        return lower != Long.MIN_VALUE;
    }

    public boolean hasUpper() {
        return upper != Long.MAX_VALUE;
    }

    /// Whether only one value is possible, so that none is written.
    public boolean fixed() {
        return lower == upper && !extensible;
    }

    @Override
    public String toString() {
        var range = lower == upper ? "" + lower : (hasLower() ? lower : "") + ".." + (hasUpper() ? upper : "");
        return extensible ? range + ",..." : range;
    }
}

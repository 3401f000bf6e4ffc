package dev.parley.h323.wire.per;

/// What one encoding may ask of its reader. The length of the input bounds most of it; nesting and the number of values need bounds of
/// their own, because a list of empty values costs its sender no octets, and recursive types cost the reader stack.
///
/// @param nesting most types inside of each other
/// @param values most values in one message
/// @param octets longest message, and longest single string in it
public record Limits(int nesting, int values, int octets) {
    /// Real messages need about 20 levels and a few thousand values.
    public static final Limits DEFAULT = new Limits(64, 100_000, 1 << 17);

    public Limits {
        if (nesting < 1 || values < 1 || octets < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}

package dev.parley.h323.wire.per;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// Object identifiers between dotted form and the contents octets of BER (X.690 clause 8.19).
final class Oids {
    private static final int MOST_OCTETS_OF_AN_ARC = 5;

    private Oids() {}

    /// @throws IllegalArgumentException when the text is no object identifier
    static byte[] toContents(String dotted) {
        var arcs = dotted.split("\\.", -1);
        if (arcs.length < 2) {
            throw new IllegalArgumentException("an object identifier has two arcs or more: " + dotted);
        }
        long first = arc(arcs[0], dotted);
        long second = arc(arcs[1], dotted);
        if (first > 2 || first < 2 && second > 39) {
            throw new IllegalArgumentException("no such arcs at the root: " + dotted);
        }
        var out = new ByteArrayOutputStream();
        write(out, first * 40 + second);
        for (int i = 2; i < arcs.length; i++) {
            write(out, arc(arcs[i], dotted));
        }
        return out.toByteArray();
    }

    /// Empty when the octets are no object identifier: none at all, cut in an arc, padded with 80, or an arc above 35 bits.
    static Optional<String> toDotted(byte[] contents) {
        var dotted = new StringBuilder();
        long arc = 0;
        int octetsOfArc = 0;
        for (byte b : contents) {
            if (octetsOfArc == 0 && (b & 0xff) == 0x80 || ++octetsOfArc > MOST_OCTETS_OF_AN_ARC) {
                return Optional.empty();
            }
            arc = arc << 7 | b & 0x7f;
            if (b >= 0) {
                if (dotted.isEmpty()) {
                    long root = Math.min(2, arc / 40);
                    dotted.append(root).append('.').append(arc - 40 * root);
                } else {
                    dotted.append('.').append(arc);
                }
                arc = 0;
                octetsOfArc = 0;
            }
        }
        return octetsOfArc > 0 || dotted.isEmpty() ? Optional.empty() : Optional.of(dotted.toString());
    }

    private static long arc(String text, String dotted) {
        if (text.isEmpty() || text.length() > 11 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not an object identifier: " + dotted);
        }
        return Long.parseLong(text);
    }

    private static void write(ByteArrayOutputStream out, long arc) {
        for (int shift = 63 - Long.numberOfLeadingZeros(arc | 1); shift >= 0; shift--) {
            if (shift % 7 == 0) {
                out.write((int) (arc >> shift & 0x7f) | (shift > 0 ? 0x80 : 0));
            }
        }
    }
}

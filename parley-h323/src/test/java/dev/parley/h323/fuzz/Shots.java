package dev.parley.h323.fuzz;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What targets share: an input as a row of messages, and what must hold for each.
final class Shots {
    private static final int MOST = 60;

    /// @param kind an octet that says whom it is for
    record Shot(int kind, Octets octets) {}

    private Shots() {}

    /// Kind, length in two octets, octets; and so on from a position on. The last one has what is there.
    static List<Shot> of(byte[] input, int from) {
        var shots = new ArrayList<Shot>();
        int at = from;
        while (at + 3 <= input.length && shots.size() < MOST) {
            int length = Math.min((input[at + 1] & 0xff) << 8 | input[at + 2] & 0xff, input.length - at - 3);
            shots.add(new Shot(input[at] & 0xff, Octets.of(Arrays.copyOfRange(input, at + 3, at + 3 + length))));
            at += 3 + length;
        }
        return shots;
    }

    /// What can be read can be written, and is then read as the same.
    static void readsWhatItWrites(Pdu pdu, Octets octets) {
        try {
            var value = pdu.decode(octets);
            var again = pdu.decode(pdu.encode(value));
            check(again.equals(value), "another value is read than was written: " + value + " became " + again);
        } catch (ProtocolViolation e) {
            check(e.getMessage() != null, "a violation without words");
        }
    }

    static void check(boolean holds, String words) {
        if (!holds) {
            throw new IllegalStateException(words);
        }
    }
}

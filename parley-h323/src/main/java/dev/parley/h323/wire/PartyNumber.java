package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What the elements of numbers hold: calling, called, connected and redirecting party number (clause 4.5/Q.931, Q.951, Q.952). Octet 3 has
/// type and plan; the others are there or not, each one only behind the one before.
///
/// @param type of number, 0..7: 1 international, 2 national, 4 subscriber, 0 unknown
/// @param plan of numbering, 0..15: 1 is E.164
/// @param shown octet 3a
/// @param reason octet 3b of a redirecting number, 0..15: 1 busy, 2 no answer, 15 always; never without octet 3a
/// @param digits as they stand there, in ISO 8859-1
public record PartyNumber(int type, int plan, Optional<Shown> shown, Optional<Integer> reason, String digits) {
    /// The octets that fit beside the ones in front of the digits.
    private static final int MOST_DIGITS = 252;

    /// Octet 3a.
    ///
    /// @param presentation 0..3: 0 allowed, 1 restricted, 2 there is no number
    /// @param screening 0..3: 0 not checked, 1 checked and right, 2 checked and wrong, 3 given by the network
    public record Shown(int presentation, int screening) {
        public Shown {
            within("presentation", presentation, 3);
            within("screening", screening, 3);
        }
    }

    public PartyNumber {
        within("type of number", type, 7);
        within("numbering plan", plan, 15);
        reason.ifPresent(r -> within("reason", r, 15));
        within("digits", digits.length(), MOST_DIGITS);
        if (reason.isPresent() && shown.isEmpty()) {
            throw new IllegalArgumentException("a reason stands behind what may be shown");
        }
    }

    static void within(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(what + " is 0.." + most + ", not " + value);
        }
    }

    /// A number of unknown type in the E.164 plan.
    public static PartyNumber of(String digits) {
        return new PartyNumber(0, 1, Optional.empty(), Optional.empty(), digits);
    }

    /// Empty when the octets before the digits have no end, or are more than three, or too many digits follow: then nobody knows what is what.
    public static Optional<PartyNumber> read(Octets contents) {
        int last = 0;
        while (last < contents.size() && contents.at(last) < 0x80) {
            last++;
        }
        if (last > 2 || last >= contents.size() || contents.size() - last - 1 > MOST_DIGITS) {
            return Optional.empty();
        }
        return Optional.of(new PartyNumber(contents.at(0) >> 4 & 7, contents.at(0) & 0xf,
                last == 0 ? Optional.empty() : Optional.of(new Shown(contents.at(1) >> 5 & 3, contents.at(1) & 3)),
                last == 2 ? Optional.of(contents.at(2) & 0xf) : Optional.empty(), contents.latin1().substring(last + 1)));
    }

    /// The contents of an element.
    public Octets octets() {
        var out = new ByteArrayOutputStream();
        out.write((shown.isEmpty() ? 0x80 : 0) | type << 4 | plan);
        shown.ifPresent(s -> out.write((reason.isEmpty() ? 0x80 : 0) | s.presentation() << 5 | s.screening()));
        reason.ifPresent(r -> out.write(0x80 | r));
        out.writeBytes(digits.getBytes(StandardCharsets.ISO_8859_1));
        return Octets.of(out.toByteArray());
    }
}

package dev.parley.osi.machine;

import static dev.parley.osi.FunctionalUnit.ACTIVITY;
import static dev.parley.osi.FunctionalUnit.CAPABILITY_DATA;
import static dev.parley.osi.FunctionalUnit.DATA_SEPARATION;
import static dev.parley.osi.FunctionalUnit.DUPLEX;
import static dev.parley.osi.FunctionalUnit.EXCEPTIONS;
import static dev.parley.osi.FunctionalUnit.HALF_DUPLEX;
import static dev.parley.osi.FunctionalUnit.MAJOR_SYNC;
import static dev.parley.osi.FunctionalUnit.MINOR_SYNC;
import static dev.parley.osi.FunctionalUnit.NEGOTIATED_RELEASE;
import static dev.parley.osi.FunctionalUnit.RESYNCHRONIZE;
import static dev.parley.osi.FunctionalUnit.SYMMETRIC_SYNC;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Token;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of X.215 clause 9 and X.225 5.8.1 on sets of functional units.
final class Units {
    private Units() {}

    /// AV(t), A.5.3.
    static boolean available(Token token, Set<FunctionalUnit> units) {
        return switch (token) {
            case MINOR -> units.contains(MINOR_SYNC);
            case DATA -> units.contains(HALF_DUPLEX);
            case RELEASE -> units.contains(NEGOTIATED_RELEASE);
            case MAJOR_ACTIVITY -> units.contains(MAJOR_SYNC) || units.contains(ACTIVITY);
        };
    }

    /// Serial numbers begin with the connection: something counts, and activities do not begin anew themselves.
    static boolean numbered(Set<FunctionalUnit> units) {
        return !units.contains(ACTIVITY)
                && (units.contains(MINOR_SYNC) || units.contains(SYMMETRIC_SYNC) || units.contains(MAJOR_SYNC) || units.contains(RESYNCHRONIZE));
    }

    /// What is wrong with the units of an S-CONNECT request, in words, or null.
    static @Nullable String wrongProposal(Set<FunctionalUnit> units) {
        if (!units.contains(HALF_DUPLEX) && !units.contains(DUPLEX)) {
            return "half-duplex, duplex or both must be proposed";
        }
        if (units.contains(CAPABILITY_DATA) && !units.contains(ACTIVITY)) {
            return "capability data exchange needs activity management";
        }
        if (units.contains(EXCEPTIONS) && !units.contains(HALF_DUPLEX)) {
            return "exceptions need half-duplex";
        }
        return units.contains(DATA_SEPARATION) && !units.contains(MINOR_SYNC) && !units.contains(SYMMETRIC_SYNC)
                ? "data separation needs minor or symmetric synchronize"
                : null;
    }

    /// What is wrong with the units of an S-CONNECT response, in words, or null.
    static @Nullable String wrongAnswer(Set<FunctionalUnit> units, Set<FunctionalUnit> proposed) {
        if (units.contains(HALF_DUPLEX) == units.contains(DUPLEX)) {
            return "one of half-duplex and duplex must be selected";
        }
        if (!proposed.contains(units.contains(DUPLEX) ? DUPLEX : HALF_DUPLEX)) {
            return "the caller did not propose " + (units.contains(DUPLEX) ? DUPLEX : HALF_DUPLEX);
        }
        if (units.contains(MINOR_SYNC) && units.contains(SYMMETRIC_SYNC)) {
            return "minor and symmetric synchronize exclude each other";
        }
        return units.contains(DATA_SEPARATION) && units.contains(ACTIVITY) ? "data separation and activity management exclude each other" : null;
    }
}

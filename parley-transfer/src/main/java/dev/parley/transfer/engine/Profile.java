package dev.parley.transfer.engine;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Token;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// The functional units of a transfer, and where the tokens are at the start.
final class Profile {
    static final Set<FunctionalUnit> UNITS = EnumSet.of(
            FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC, FunctionalUnit.ACTIVITY, FunctionalUnit.RESYNCHRONIZE,
            FunctionalUnit.EXCEPTIONS, FunctionalUnit.CAPABILITY_DATA, FunctionalUnit.TYPED_DATA, FunctionalUnit.NEGOTIATED_RELEASE);

    private Profile() {}

    static Map<Token, Token.Side> all(Token.Side side) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            sides.put(token, side);
        }
        return sides;
    }
}

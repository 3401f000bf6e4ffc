package dev.parley.transfer.engine;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.session.connection.Json;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The functional units of a transfer, where the tokens are at the start, and how an activity begins.
final class Profile {
    static final Set<FunctionalUnit> UNITS = EnumSet.of(
            FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC, FunctionalUnit.ACTIVITY, FunctionalUnit.RESYNCHRONIZE,
            FunctionalUnit.EXCEPTIONS, FunctionalUnit.CAPABILITY_DATA, FunctionalUnit.TYPED_DATA, FunctionalUnit.NEGOTIATED_RELEASE);

    private static final ByteBuffer ACTIVITY = ByteBuffer.wrap(new byte[] {1}).asReadOnlyBuffer();

    private Profile() {}

    /// As X.215 says them.
    static List<String> names(Set<FunctionalUnit> units) {
        return units.stream().sorted().map(unit -> unit.name().toLowerCase(Locale.ROOT).replace('_', ' ')).toList();
    }

    /// An activity in which something begins, or goes on after the serial numbers of another one were used up.
    static Request start(long offset) {
        return new Request.ActivityStart(ACTIVITY.duplicate(), Json.encode(Json.object().put("offset", offset)));
    }

    static Request resume(long serial) {
        return new Request.ActivityResume(
                ACTIVITY.duplicate(), ACTIVITY.duplicate(), serial, Optional.empty(), ConnectionIdentifier.NONE, Optional.empty(), Spdu.NO_DATA);
    }

    static Map<Token, Token.Side> all(Token.Side side) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            sides.put(token, side);
        }
        return sides;
    }
}

package dev.parley.osi.machine;

import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.Token.Side;
import dev.parley.osi.wire.Spdu;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the tokens go: what the Token Setting Items of CONNECT, ACCEPT, RESYNCHRONIZE and RESYNCHRONIZE ACK say (8.3.1.11, 8.3.24, A.5.3).
/// On the wire all four pairs are written, so a token that a user left out is completed here: both sides then read the same.
final class Placement {
    private Placement() {}

    /// OWNED(t) for every available token: those on `mine` are ours.
    static void place(Variables v, Map<Token, Side> sides, Side mine) {
        for (var token : Token.values()) {
            var side = sides.get(token);
            if (!v.available(token)) {
                v.owned.remove(token);
            } else if (side == mine) {
                v.owned.add(token);
            } else if (side != null) {
                v.owned.remove(token);
            }
        }
    }

    /// The setting of an ACCEPT: as the CONNECT says (absent: the calling side), what it leaves open as our user says.
    static Map<Token, Side> accepted(Map<Token, Side> proposed, Map<Token, Side> chosen) {
        var sides = new EnumMap<Token, Side>(Token.class);
        for (var token : Token.values()) {
            var side = proposed.getOrDefault(token, Side.REQUESTOR);
            sides.put(token, side == Side.ACCEPTOR_CHOOSES ? decided(chosen.get(token)) : side);
        }
        return sides;
    }

    /// The setting of our RESYNCHRONIZE: a token that the user did not place stays where it is.
    static Map<Token, Side> asked(Variables v, Map<Token, Side> wanted) {
        var sides = new EnumMap<Token, Side>(Token.class);
        for (var token : Token.values()) {
            if (v.available(token)) {
                sides.put(token, wanted.getOrDefault(token, v.owned.contains(token) ? Side.REQUESTOR : Side.ACCEPTOR));
            }
        }
        return sides;
    }

    /// The setting of our RESYNCHRONIZE ACK: as the RESYNCHRONIZE says, what it leaves open as our user says; otherwise nothing moves.
    static Map<Token, Side> answered(Variables v, Map<Token, Side> chosen) {
        var sides = new EnumMap<Token, Side>(Token.class);
        for (var token : Token.values()) {
            if (v.available(token)) {
                var current = v.owned.contains(token) ? Side.ACCEPTOR : Side.REQUESTOR;
                var side = v.resyncTokens.getOrDefault(token, Side.ACCEPTOR_CHOOSES);
                sides.put(token, side == Side.ACCEPTOR_CHOOSES ? chosen.getOrDefault(token, current) : side);
            }
        }
        return sides;
    }

    /// The setting that a RESYNCHRONIZE asks for.
    static Map<Token, Side> tokens(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.Resynchronize s) -> s.tokens();
            case Event.FromUser(Request.Resynchronize r) -> r.tokens();
            default -> Map.of();
        };
    }

    private static Side decided(@Nullable Side side) {
        return side == null || side == Side.ACCEPTOR_CHOOSES ? Side.REQUESTOR : side;
    }
}

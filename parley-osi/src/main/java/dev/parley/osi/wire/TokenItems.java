package dev.parley.osi.wire;

import dev.parley.api.SessionException;
import dev.parley.osi.Token;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// The Token Item (PI 16) and the Token Setting Item (PI 26), 8.3.1.11 and 8.3.4.11.
final class TokenItems {
    private TokenItems() {}

    static int item(Set<Token> tokens) {
        return tokens.stream().mapToInt(Token::mask).sum();
    }

    static Set<Token> tokens(int octet) {
        var tokens = EnumSet.noneOf(Token.class);
        for (var token : Token.values()) {
            if ((octet & token.mask()) != 0) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    static int setting(Map<Token, Token.Side> sides) {
        int octet = 0;
        for (var entry : sides.entrySet()) {
            octet |= entry.getValue().ordinal() << entry.getKey().shift();
        }
        return octet;
    }

    static Map<Token, Token.Side> sides(int octet) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            int pair = octet >> token.shift() & 0x03;
            if (pair == 3) {
                throw new SessionException.ProtocolViolation("the token setting of " + token + " is 11, which is reserved");
            }
            sides.put(token, Token.Side.values()[pair]);
        }
        return sides;
    }
}

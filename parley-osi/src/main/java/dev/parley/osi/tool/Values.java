package dev.parley.osi.tool;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Values of parameters as text and back: octets, functional units, tokens. A mistake is an `IllegalArgumentException` with what was expected.
final class Values {
    /// Longer user data is shown by its size and first octets.
    private static final int MOST_SHOWN = 64;
    /// Octets that `fill:` may make.
    private static final int MOST_FILL = 64 << 20;

    private Values() {}

    /// `"text"`, `hex:0a0b`, or for long ones `1000 octets, hex:...`.
    static String octets(ByteBuffer octets) {
        var bytes = new byte[Math.min(octets.remaining(), MOST_SHOWN)];
        octets.get(octets.position(), bytes);
        boolean text = true;
        for (byte octet : bytes) {
            text &= octet >= 0x20 && octet < 0x7F && octet != '"';
        }
        var shown = text ? '"' + new String(bytes, StandardCharsets.US_ASCII) + '"' : "hex:" + HexFormat.of().formatHex(bytes);
        return octets.remaining() > MOST_SHOWN ? shown + "..." : shown;
    }

    /// `"text"`, `hex:0a0b`, or `fill:100000` for that many octets.
    static ByteBuffer octets(String text) {
        if (text.startsWith("\"") && text.endsWith("\"") && text.length() > 1) {
            return ByteBuffer.wrap(text.substring(1, text.length() - 1).getBytes(StandardCharsets.UTF_8));
        }
        if (text.startsWith("hex:")) {
            return ByteBuffer.wrap(HexFormat.of().parseHex(text.substring(4)));
        }
        if (text.startsWith("fill:")) {
            var octets = new byte[(int) number(text.substring(5), MOST_FILL)];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) i;
            }
            return ByteBuffer.wrap(octets);
        }
        throw new IllegalArgumentException("expected \"text\", hex:OCTETS or fill:COUNT, not " + text);
    }

    static long number(String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("expected a number from 0 to " + most + ", not " + text);
    }

    static String plain(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E constant(Class<E> type, String text) {
        for (var constant : type.getEnumConstants()) {
            if (plain(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("expected one of " + EnumSet.allOf(type).stream().map(Values::plain).toList() + ", not " + text);
    }

    static <E extends Enum<E>> String set(Set<E> constants) {
        return constants.stream().sorted().map(Values::plain).collect(Collectors.joining(","));
    }

    static <E extends Enum<E>> Set<E> set(Class<E> type, String text) {
        var constants = EnumSet.noneOf(type);
        for (var part : text.split(",")) {
            constants.add(constant(type, part));
        }
        return constants;
    }

    static Set<FunctionalUnit> units(String text) {
        return text.equals("all") ? EnumSet.allOf(FunctionalUnit.class) : set(FunctionalUnit.class, text);
    }

    /// `data:requestor,minor:acceptor`.
    static String sides(Map<Token, Token.Side> sides) {
        return new TreeMap<>(sides).entrySet().stream().map(e -> plain(e.getKey()) + ":" + plain(e.getValue())).collect(Collectors.joining(","));
    }

    static Map<Token, Token.Side> sides(String text) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        for (var part : text.split(",")) {
            var pair = part.split(":");
            if (pair.length != 2) {
                throw new IllegalArgumentException("expected TOKEN:SIDE, not " + part);
            }
            sides.put(constant(Token.class, pair[0]), constant(Token.Side.class, pair[1]));
        }
        return sides;
    }
}

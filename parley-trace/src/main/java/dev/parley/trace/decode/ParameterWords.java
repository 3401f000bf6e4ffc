package dev.parley.trace.decode;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Token;
import dev.parley.trace.model.Item;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Parameter groups and parameters of SPDUs in words (X.225 8.3). Lenient: it tells what is there, not whether it may be.
final class ParameterWords {
    private static final int MOST_UNITS = 64;

    private ParameterWords() {}

    /// A length indicator (8.2.5).
    static int length(ByteBuffer octets) {
        int length = take(octets, 1).get(0) & 0xFF;
        return length == 0xFF ? take(octets, 2).getShort(0) & 0xFFFF : length;
    }

    static ByteBuffer take(ByteBuffer octets, int count) {
        var taken = octets.slice(octets.position(), count);
        octets.position(octets.position() + count);
        return taken;
    }

    static boolean has(ByteBuffer units, int code) {
        var rest = units.duplicate();
        try {
            while (rest.hasRemaining()) {
                int found = take(rest, 1).get(0) & 0xFF;
                take(rest, length(rest));
                if (found == code) {
                    return true;
                }
            }
        } catch (IndexOutOfBoundsException e) {
            // Broken units: what stands before the break was looked at.
        }
        return false;
    }

    /// @throws IndexOutOfBoundsException when a length runs past the end
    static List<Item> units(ByteBuffer units, String spdu) {
        var rest = units.duplicate();
        var items = new ArrayList<Item>();
        while (rest.hasRemaining()) {
            if (items.size() == MOST_UNITS) {
                items.add(new Item("more", Octets.counted(rest, 16)));
                break;
            }
            int code = take(rest, 1).get(0) & 0xFF;
            items.add(unit(code, take(rest, length(rest)), spdu));
        }
        return items;
    }

    private static Item unit(int code, ByteBuffer value, String spdu) {
        return switch (code) {
            case 1 -> new Item("connection identifier", "", units(value, spdu));
            case 5 -> new Item("connect/accept item", "", units(value, spdu));
            case 33 -> new Item("linking information", "", units(value, spdu));
            case 9 -> new Item("called user reference", Octets.words(value, 64));
            case 10 -> new Item("calling user reference", Octets.words(value, 64));
            case 11 -> new Item("common reference", Octets.words(value, 64));
            case 12 -> new Item("additional reference", Octets.words(value, 8));
            case 15 -> octet("options", value, o -> spdu.equals("MAP") ? "major" : syncType(o));
            case 16 -> octet("tokens", value, ParameterWords::tokens);
            case 17 -> octet("transport", value, o -> disconnect(o, spdu));
            case 19 -> octet("protocol options", value, o -> (o & 1) != 0 ? "extended concatenation" : "no extended concatenation");
            case 20 -> new Item("functional units", value.remaining() == 2 ? functionalUnits(value.getShort(0) & 0xFFFF) : wrong(value));
            case 21 -> new Item("largest TSDU", value.remaining() == 4
                    ? size(value.getShort(0)) + " from the initiator, " + size(value.getShort(2)) + " from the responder" : wrong(value));
            case 22 -> octet("version", value, ParameterWords::versions);
            case 23, 57 -> new Item("initial serial number", digits(value));
            case 24 -> octet("prepare", value, o -> oneOf(o, 1, "MAJOR SYNC ACK", "RESYNCHRONIZE", "RESYNCHRONIZE ACK", "ABORT"));
            case 25 -> octet("enclosure", value, o -> oneOf(o & 3, 0, "middle segment", "first segment", "last segment", "whole"));
            case 26 -> octet("token setting", value, o -> setting(o, spdu));
            case 27 -> octet("type", value, o -> oneOf(o, 0, "restart", "abandon", "set"));
            case 53 -> octet("second type", value, o -> oneOf(o, 0, "restart", "abandon", "set"));
            case 41 -> new Item("activity", Octets.words(value, 6));
            case 42 -> new Item("serial number", digits(value));
            case 54 -> new Item("second serial number", digits(value));
            case 55, 58 -> new Item("second initial serial number", digits(value));
            case 56 -> octet("digits of serial numbers", value, o -> o == 0 ? "unlimited" : String.valueOf(o));
            case 46, 193, 194 -> new Item("user data", Octets.counted(value, 48));
            case 49 -> new Item("reflected", Octets.counted(value, 48));
            case 50 -> reason(value, spdu);
            case 51 -> new Item("calling selector", Octets.words(value, 16));
            case 52 -> new Item(spdu.equals("AC") ? "responding selector" : "called selector", Octets.words(value, 16));
            case 60 -> new Item("data overflow", "more user data follows");
            default -> new Item("parameter " + code, Octets.words(value, 32) + " (not in X.225: passed over)");
        };
    }

    private static Item octet(String name, ByteBuffer value, java.util.function.IntFunction<String> words) {
        return new Item(name, value.remaining() == 1 ? words.apply(value.get(0) & 0xFF) : wrong(value));
    }

    private static String wrong(ByteBuffer value) {
        return Octets.words(value, 16) + " (wrong length)";
    }

    private static String oneOf(int value, int first, String... words) {
        return value >= first && value - first < words.length ? words[value - first] : value + " (reserved)";
    }

    private static String digits(ByteBuffer value) {
        var text = StandardCharsets.US_ASCII.decode(value.duplicate()).toString();
        return text.length() <= 20 && text.matches("[0-9]+") ? text : Octets.words(value, 20) + " (no decimal digits)";
    }

    private static String size(short octets) {
        return octets == 0 ? "unlimited" : String.valueOf(octets & 0xFFFF);
    }

    private static String syncType(int octet) {
        return ((octet & 1) != 0 ? "no explicit confirmation" : "explicit confirmation") + ((octet & 2) != 0 ? ", data separation" : "");
    }

    private static String versions(int octet) {
        return switch (octet & 3) {
            case 1 -> "1";
            case 2 -> "2";
            case 3 -> "1 and 2";
            default -> octet + " (neither 1 nor 2)";
        };
    }

    private static String functionalUnits(int bits) {
        var units = FunctionalUnit.ofBits(bits).stream().map(ParameterWords::plain).collect(Collectors.joining(", "));
        int reserved = bits & 0xE000;
        return (units.isEmpty() ? "none" : units) + (reserved == 0 ? "" : ", reserved bits %04x".formatted(reserved));
    }

    private static String tokens(int octet) {
        var tokens = Arrays.stream(Token.values()).filter(t -> (octet & t.mask()) != 0).map(ParameterWords::plain)
                .collect(Collectors.joining(", "));
        return tokens.isEmpty() ? "none" : tokens;
    }

    /// In RESYNCHRONIZE and its acknowledgement the sides are requestor and acceptor, before that initiator and responder (8.3.24).
    private static String setting(int octet, String spdu) {
        boolean resynchronize = spdu.equals("RS") || spdu.equals("RA");
        return Arrays.stream(Token.values()).map(token -> plain(token) + " " + switch (octet >> token.shift() & 3) {
            case 0 -> resynchronize ? "requestor" : "initiator";
            case 1 -> resynchronize ? "acceptor" : "responder";
            case 2 -> "acceptor chooses";
            default -> "reserved";
        }).collect(Collectors.joining(", "));
    }

    private static String disconnect(int octet, String spdu) {
        var words = new ArrayList<String>();
        words.add((octet & 1) != 0 ? "released" : "kept");
        if (spdu.equals("AB")) {
            var causes = List.of("by the user", "protocol error", "no reason", "implementation restriction");
            for (int i = 0; i < causes.size(); i++) {
                if ((octet & 2 << i) != 0) {
                    words.add(causes.get(i));
                }
            }
        }
        return String.join(", ", words);
    }

    private static Item reason(ByteBuffer value, String spdu) {
        if (!value.hasRemaining()) {
            return new Item("reason", wrong(value));
        }
        int code = value.get(0) & 0xFF;
        if (!spdu.equals("RF")) {
            return new Item("reason", exception(code));
        }
        var data = value.slice(1, value.remaining() - 1);
        var words = refusal(code);
        return data.hasRemaining()
                ? new Item("refusal", "", List.of(new Item("reason", words), new Item("user data", Octets.counted(data, 48))))
                : new Item("reason", words);
    }

    private static String refusal(int code) {
        return code + switch (code) {
            case 0 -> " (by the user)";
            case 1 -> " (by the user: temporary congestion)";
            case 2 -> " (by the user, with data)";
            case 129 -> " (session selector unknown)";
            case 130 -> " (no user at this session selector)";
            case 131 -> " (congestion of the protocol machine)";
            case 132 -> " (protocol versions not supported)";
            case 133 -> " (by the protocol machine)";
            case 134 -> " (implementation restriction)";
            default -> " (reserved)";
        };
    }

    private static String exception(int code) {
        return code + switch (code) {
            case 0 -> " (no specific reason)";
            case 1 -> " (receiving ability jeopardized)";
            case 3 -> " (user sequence error)";
            case 5 -> " (local user error)";
            case 6 -> " (unrecoverable procedural error)";
            case 128 -> " (demand data token)";
            default -> " (reserved)";
        };
    }

    private static String plain(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("major activity", "major/activity");
    }
}

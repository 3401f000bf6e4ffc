package dev.parley.trace.h323;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Names and texts of messages for people.
final class Words {
    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_ALIASES = 8;
    private static final List<String> ALIASES = List.of("dialedDigits", "h323-ID", "url-ID", "email-ID");

    private Words() {}

    /// `calledPartyNotRegistered` as "called party not registered".
    static String spaced(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|-", " ").toLowerCase(Locale.ROOT);
    }

    /// A text from outside on one line: what would drive a terminal, turn the direction of writing or break a document is shown as a number.
    static String clean(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length() && i < MOST_CHARACTERS; i++) {
            char c = text.charAt(i);
            boolean odd = Character.isISOControl(c) || Character.isSurrogate(c) || Character.getType(c) == Character.FORMAT
                    || c == '\u2028' || c == '\u2029' || c >= '\uFFFE';
            out.append(odd ? String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c) : "" + c);
        }
        return text.length() > MOST_CHARACTERS ? out + "..." : out.toString();
    }

    /// A NUL that some stacks count as the last character is left out.
    static String alias(Value alias) {
        for (var kind : ALIASES) {
            var text = alias.textAt(kind);
            if (text.isPresent()) {
                return clean(text.get().endsWith("\0") ? text.get().substring(0, text.get().length() - 1) : text.get());
            }
        }
        var party = alias.textAt("partyNumber/e164Number/publicNumberDigits");
        if (party.isPresent()) {
            return clean(party.get());
        }
        return alias.at("transportID").flatMap(TransportAddress::fromH225).map(TransportAddress::toString)
                .orElseGet(() -> alias instanceof Value.Chosen c ? "a name of the kind " + c.name() : "a name of an unknown kind");
    }

    static String aliases(List<Value> aliases) {
        var words = aliases.stream().limit(MOST_ALIASES).map(Words::alias).collect(Collectors.joining(", "));
        return aliases.size() > MOST_ALIASES ? words + ", and " + (aliases.size() - MOST_ALIASES) + " more" : words;
    }

    /// Enough of a call identifier to tell calls apart. The ends, because some stacks make the beginning always the same, others the end.
    static String shortened(Octets identifier) {
        var hex = identifier.hex();
        return hex.length() <= 8 ? hex : hex.substring(0, 4) + ".." + hex.substring(hex.length() - 4);
    }

    /// From units of 100 bit/s, as bandwidths are counted.
    static String rate(long hundreds) {
        return hundreds % 10 == 0 ? hundreds / 10 + " kbit/s" : hundreds * 100 + " bit/s";
    }
}

package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// As which alternative of AliasAddress (H.225.0) a name of a user or of a peer is written.
public final class AliasKind {
    /// The most characters of `dialedDigits`, of `h323-ID`, and of `url-ID` and `email-ID`.
    public static final int MOST_DIGITS = 128;
    public static final int MOST_IDENTIFIER = 256;
    public static final int MOST_URL = 512;

    /// IPv4, or IPv6 in brackets or without, with a port or without. In digits dialled, `*` or `#` stand for the points.
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,3}([.*#])\\d{1,3}\\2\\d{1,3}\\2\\d{1,3}|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?"
            + "|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*");

    private AliasKind() {}

    /// Digits are `dialedDigits`, a text with `:` is a `url-ID`, one with `@` an `email-ID`, everything else an `h323-ID`. The two in the
    /// middle hold IA5 only; a text with other characters is an `h323-ID` whatever it contains. The other alternatives have forms of their own:
    /// `party:e164Number.internationalNumber:4912345`, `isup:...`, `transport:192.0.2.1:1720`, `mobile:gsm-uim:imsi=262011234567890`. Empty when
    /// none can hold the text.
    public static Optional<String> of(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (AliasForms.kind(text).isPresent()) {
            return AliasForms.toValue(text).flatMap(_ -> AliasForms.kind(text));
        }
        if (text.length() <= MOST_DIGITS && isDialed(text)) {
            return Optional.of("dialedDigits");
        }
        if (text.length() <= MOST_URL && isIa5(text) && (text.contains(":") || text.contains("@"))) {
            return Optional.of(text.contains(":") ? "url-ID" : "email-ID");
        }
        return text.length() <= MOST_IDENTIFIER ? Optional.of("h323-ID") : Optional.empty();
    }

    /// AliasAddress, of the kind that the text looks like.
    ///
    /// @throws IllegalArgumentException when no kind can hold the text
    public static Value toValue(String text) {
        var kind = of(text).orElseThrow(() -> new IllegalArgumentException(refusal(text)));
        return AliasForms.toValue(text).orElseGet(() -> Value.choice(kind, Value.text(text)));
    }

    /// An AliasAddress as text; empty when it is of a kind that is not known here. Some stacks count a trailing NUL as part of the name; it is
    /// taken off.
    public static Optional<String> toText(Value alias) {
        return alias instanceof Value.Chosen(_, Value.Text(String text))
                ? Optional.of(text.endsWith("\0") ? text.substring(0, text.length() - 1) : text).filter(t -> !t.isEmpty()) : AliasForms.toText(alias);
    }

    /// What can be dialled for a name that is a number of the public or the private plan; other names have nothing.
    public static Optional<String> dialled(String text) {
        return isDialed(text) ? Optional.of(text) : AliasForms.dialled(text);
    }

    /// Who is meant: what is dialled, the user of a URL or of an address of mail, otherwise the name itself. Empty for an address, which says
    /// where and not who.
    public static String user(String text) {
        if (AliasForms.kind(text).isPresent()) {
            return text.startsWith("transport:") ? "" : dialled(text).orElse(text);
        }
        var rest = text.regionMatches(true, 0, "h323:", 0, 5) ? text.substring(5) : text;
        int at = rest.lastIndexOf('@');
        var name = at < 0 ? rest : rest.substring(0, at);
        return ADDRESS.matcher(name).matches() ? "" : name;
    }

    public static boolean isDialed(String text) {
        return all(text, c -> "0123456789#*,".indexOf(c) >= 0);
    }

    public static boolean isIa5(String text) {
        return all(text, c -> c < 0x80);
    }

    private static boolean all(String text, IntPredicate characters) {
        return text.chars().allMatch(characters);
    }

    /// Why no alternative can hold a text.
    public static String refusal(String text) {
        if (AliasForms.kind(text).isPresent()) {
            return "'" + text + "' cannot be written; such names look like party:e164Number.internationalNumber:4912345, isup:telexPartyNumber:12,"
                    + " transport:192.0.2.1:1720 or mobile:gsm-uim:imsi=262011234567890";
        }
        return "a name of " + text.length() + " characters; it may have 1.." + MOST_IDENTIFIER + ", and a URL or an address of mail in ASCII 1.."
                + MOST_URL;
    }

    /// @throws IllegalArgumentException when one of the names cannot be written
    public static List<String> checked(List<String> names) {
        for (var name : names) {
            if (of(name).isEmpty()) {
                throw new IllegalArgumentException(refusal(name));
            }
        }
        return List.copyOf(names);
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// A name of an endpoint (AliasAddress of H.225.0), as far as it is a text.
///
/// @param kind `dialedDigits`, `h323-ID`, `url-ID` or `email-ID`
public record Alias(String kind, String text) {
    private static final List<String> KINDS = List.of("dialedDigits", "h323-ID", "url-ID", "email-ID");

    public Alias {
        int most = kind.equals("dialedDigits") ? 128 : kind.equals("h323-ID") ? 256 : 512;
        if (!KINDS.contains(kind) || text.isEmpty() || text.length() > most) {
            throw new IllegalArgumentException("an alias " + kind + " of " + text.length() + " characters, expected 1.." + most);
        }
        if (kind.equals("dialedDigits") && !text.chars().allMatch(c -> "0123456789#*,".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("'" + text + "' has other characters than 0-9 # * ,");
        }
    }

    /// Digits are digits, what has a colon is a URL, what has an @ an address of mail, and everything else an H.323 identifier.
    public static Alias of(String text) {
        if (text.contains(":")) {
            return new Alias("url-ID", text);
        }
        if (text.contains("@")) {
            return new Alias("email-ID", text);
        }
        return new Alias(text.chars().allMatch(c -> "0123456789#*,".indexOf(c) >= 0) ? "dialedDigits" : "h323-ID", text);
    }

    public Value toValue() {
        return Value.choice(kind, Value.text(text));
    }

    /// Those of the list that are texts. Some stacks count a trailing NUL as part of the name; it is taken off.
    public static List<Alias> from(List<Value> aliases) {
        return aliases.stream().map(Alias::from).flatMap(Optional::stream).toList();
    }

    static Optional<Alias> from(Value alias) {
        for (var kind : KINDS) {
            var text = alias.textAt(kind).map(t -> t.endsWith("\0") ? t.substring(0, t.length() - 1) : t).filter(t -> !t.isEmpty());
            if (text.isPresent()) {
                return Optional.of(new Alias(kind, text.get()));
            }
        }
        return Optional.empty();
    }

    static List<Value> toValues(List<Alias> aliases) {
        return aliases.stream().map(Alias::toValue).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}

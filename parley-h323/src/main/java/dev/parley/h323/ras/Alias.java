package dev.parley.h323.ras;

import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// A name of an endpoint (AliasAddress of H.225.0), as far as it is a text.
///
/// @param kind `dialedDigits`, `h323-ID`, `url-ID` or `email-ID`
public record Alias(String kind, String text) {
    private static final List<String> KINDS = List.of("dialedDigits", "h323-ID", "url-ID", "email-ID");

    public Alias {
        int most = kind.equals("dialedDigits") ? AliasKind.MOST_DIGITS : kind.equals("h323-ID") ? AliasKind.MOST_IDENTIFIER : AliasKind.MOST_URL;
        if (!KINDS.contains(kind) || text.isEmpty() || text.length() > most) {
            throw new IllegalArgumentException("an alias " + kind + " of " + text.length() + " characters, expected 1.." + most);
        }
        if (kind.equals("dialedDigits") && !AliasKind.isDialed(text)) {
            throw new IllegalArgumentException("'" + text + "' has other characters than 0-9 # * ,");
        }
        if ((kind.equals("url-ID") || kind.equals("email-ID")) && !AliasKind.isIa5(text)) {
            throw new IllegalArgumentException("'" + text + "' has other characters than those of ASCII, which " + kind + " cannot hold");
        }
    }

    /// Of the kind that the text looks like.
    ///
    /// @throws IllegalArgumentException when no kind can hold the text
    public static Alias of(String text) {
        return new Alias(AliasKind.of(text).orElseThrow(() -> new IllegalArgumentException(AliasKind.refusal(text))), text);
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

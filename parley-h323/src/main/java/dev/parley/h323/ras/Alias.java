package dev.parley.h323.ras;

import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// A name of an endpoint (AliasAddress of H.225.0).
///
/// @param kind `dialedDigits`, `h323-ID`, `url-ID`, `email-ID`, or one whose text has a form of its own: `transportID`, `partyNumber`,
///     `mobileUIM`, `isupNumber` ([AliasKind#of])
public record Alias(String kind, String text) {
    private static final List<String> KINDS = List.of("dialedDigits", "h323-ID", "url-ID", "email-ID");

    public Alias {
        boolean hasForm = !KINDS.contains(kind);
        if (hasForm && !AliasKind.of(text).equals(Optional.of(kind))) {
            throw new IllegalArgumentException("an alias " + kind + " '" + text + "'");
        }
        int most = kind.equals("dialedDigits") ? AliasKind.MOST_DIGITS : kind.equals("h323-ID") ? AliasKind.MOST_IDENTIFIER : AliasKind.MOST_URL;
        if (!hasForm && (text.isEmpty() || text.length() > most)) {
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
        return from(AliasKind.toValue(text)).orElseThrow();
    }

    public Value toValue() {
        return KINDS.contains(kind) ? Value.choice(kind, Value.text(text)) : AliasKind.toValue(text);
    }

    /// What can be dialled for it; names other than numbers have nothing.
    Optional<String> dialled() {
        return kind.equals("dialedDigits") || kind.equals("partyNumber") ? AliasKind.dialled(text) : Optional.empty();
    }

    /// Those of the list whose kinds are known here.
    public static List<Alias> from(List<Value> aliases) {
        return aliases.stream().map(Alias::from).flatMap(Optional::stream).toList();
    }

    static Optional<Alias> from(Value alias) {
        return alias instanceof Value.Chosen(String kind, _) ? AliasKind.toText(alias).map(text -> new Alias(kind, text)) : Optional.empty();
    }

    static List<Value> toValues(List<Alias> aliases) {
        return aliases.stream().map(Alias::toValue).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}

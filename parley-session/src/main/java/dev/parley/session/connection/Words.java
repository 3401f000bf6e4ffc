package dev.parley.session.connection;

/// Words of a peer for people here. A terminal takes control characters for orders, a log a new line for a new entry: neither is the peer's to give.
public final class Words {
    private static final int MOST = 1000;

    private Words() {}

    /// The words on one line, without control characters, and not too many.
    public static String plain(String words) {
        var line = words.length() > MOST ? words.substring(0, MOST) + "..." : words;
        return line.chars().anyMatch(Words::isOrder) ? clean(line) : line;
    }

    private static String clean(String line) {
        var clean = new StringBuilder();
        line.chars().forEach(c -> clean.append(isOrder(c) ? ' ' : (char) c));
        return clean.toString();
    }

    /// Control characters, and those that turn the direction of what follows.
    private static boolean isOrder(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }
}

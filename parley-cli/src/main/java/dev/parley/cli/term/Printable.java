package dev.parley.cli.term;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What may go to a terminal. Names of files and words of a peer come from outside: a control character in them could move the cursor, write over
/// what was said before, or have the terminal type for the user. Each is shown as `\x1b` instead; so is what turns the direction of writing.
final class Printable {
    private static final String DIRECTION = "\u202a-\u202e\u2066-\u2069";
    /// Our own colours pass.
    private static final Pattern IN_TEXT = Pattern.compile("\u001b\\[\\d{1,2}m|([\\p{Cc}" + DIRECTION + "&&[^\n\t]])");
    private static final Pattern IN_LINE = Pattern.compile("([\\p{Cc}" + DIRECTION + "])");

    private Printable() {}

    /// Any number of lines.
    static String text(String words) {
        return IN_TEXT.matcher(words).replaceAll(Printable::shown);
    }

    /// One line, without colours.
    static String line(String words) {
        return IN_LINE.matcher(words).replaceAll(Printable::shown);
    }

    private static String shown(MatchResult found) {
        if (found.group(1) == null) {
            return found.group();
        }
        int control = found.group(1).charAt(0);
        return String.format(control < 0x100 ? "\\\\x%02x" : "\\\\u%04x", control);
    }
}

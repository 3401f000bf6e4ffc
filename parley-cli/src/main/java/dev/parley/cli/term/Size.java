package dev.parley.cli.term;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Octets as people write them: `64KiB`, `50MiB`, `3TiB`, `1.5GiB`, a plain number; `/s` may follow where a rate is meant.
public record Size(long octets) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?) ?([kmgt]i?b?|b)?(?:/s)?", Pattern.CASE_INSENSITIVE);

    /// @throws IllegalArgumentException with words
    public static Size of(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException("expected a size such as 64KiB, 50MiB or 3GiB, not '" + text + "'");
        }
        var unit = match.group(2) == null ? "b" : match.group(2).toLowerCase(Locale.ROOT);
        int power = "bkmgt".indexOf(unit.charAt(0));
        double factor = Math.pow(unit.length() == 2 && unit.endsWith("b") ? 1000 : 1024, power);
        double octets = Double.parseDouble(match.group(1)) * factor;
        if (octets > 1L << 60) {
            throw new IllegalArgumentException("'" + text + "' is more than 1 EiB");
        }
        return new Size((long) octets);
    }

    /// For people, three digits: `1.50 GiB`.
    public static String text(double octets) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        int unit = 0;
        double left = octets;
        while (left >= 1000 && unit < units.length - 1) {
            left /= 1024;
            unit++;
        }
        var form = unit == 0 ? "%.0f %s" : left < 10 ? "%.2f %s" : left < 100 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, form, left, units[unit]);
    }

    /// For picocli.
    public static final class Converter implements ITypeConverter<Size> {
        @Override
        public Size convert(String text) {
            try {
                return of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}

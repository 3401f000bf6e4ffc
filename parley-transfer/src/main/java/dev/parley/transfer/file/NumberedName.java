package dev.parley.transfer.file;

import java.nio.charset.StandardCharsets;

/// `name.1`, `name.2` and so on: what is called so stands beside what has its name.
public final class NumberedName {
    /// Of one name, on every file system that is common.
    private static final int MOST_OCTETS = 255;

    private NumberedName() {}

    /// @param name may have folders before it; its last part loses whole characters at its end where it would be too long
    public static String of(String name, int number) {
        var suffix = "." + number;
        int begin = name.lastIndexOf('/') + 1;
        int end = name.length();
        while (end > begin && octets(name.substring(begin, end)) + suffix.length() > MOST_OCTETS) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + suffix;
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

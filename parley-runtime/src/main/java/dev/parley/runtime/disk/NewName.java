package dev.parley.runtime.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.file.Path;

/// A rename that replaces nothing, in one step: `renameat2` of Linux with RENAME_NOREPLACE. A link and an unlink would be two steps, and a power
/// failure between them could leave no name at all.
final class NewName {
    private static final int HERE = -100;
    private static final int NO_REPLACE = 1;
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final SystemCall RENAME = SystemCall.of(
            "renameat2", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    private NewName() {}

    /// False when it was not done, for whatever reason.
    static boolean rename(Path from, Path to) throws IOException {
        if (!RENAME.isThere()) {
            return false;
        }
        try (var arena = Arena.ofConfined()) {
            return RENAME.call(
                    HERE, arena.allocateFrom(from.toString(), NAMES), HERE, arena.allocateFrom(to.toString(), NAMES), NO_REPLACE) == 0;
        }
    }
}

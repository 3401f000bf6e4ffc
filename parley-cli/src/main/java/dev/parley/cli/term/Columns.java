package dev.parley.cli.term;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/// How wide the terminal is. The launcher has asked at the start; when the window changes, the system tells by a signal, and is asked again.
final class Columns {
    private static final int USUAL = 80;
    private static final AtomicBoolean FOLLOWED = new AtomicBoolean();
    private static volatile int now = Integer.getInteger("parley.columns", USUAL);

    private Columns() {}

    /// 20 to 500.
    static int now() {
        return Math.clamp(now, 20, 500);
    }

    /// From here on changes are noticed.
    static void follow() {
        if (FOLLOWED.compareAndSet(false, true)) {
            Signals.handle("WINCH", Columns::ask);
        }
    }

    /// `stty size` says lines and columns of the terminal on its standard input.
    private static void ask() {
        try {
            var stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip().split(" ", -1);
            now = Integer.parseInt(words[words.length - 1]);
        } catch (IOException | NumberFormatException e) {
            // No terminal, or one that does not know: the width stays.
        }
    }
}

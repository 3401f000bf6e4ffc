package dev.parley.cli.osi;

import dev.parley.api.SessionException;
import dev.parley.cli.term.Terminal;
import dev.parley.osi.tool.Forms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Lines that somebody types. A mistake is said and changes nothing.
final class Typed {
    private final Terminal terminal;

    Typed(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Until the end of the input.
    void lines(Consumer<String> issue) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.strip().equals("help") || line.strip().equals("?")) {
                Forms.ALL.forEach(terminal::warn);
                continue;
            }
            try {
                issue.accept(line);
            } catch (IllegalArgumentException | SessionException e) {
                terminal.warn(String.valueOf(e.getMessage()));
            }
        }
    }
}

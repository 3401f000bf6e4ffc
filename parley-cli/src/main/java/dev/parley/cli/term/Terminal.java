package dev.parley.cli.term;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.connection.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a command speaks through: words for people on stderr, data or events on stdout. May be used from several threads.
public final class Terminal {
    /// Set by the launcher, which can ask the system; Java cannot tell whether stderr alone is a terminal.
    private static final boolean ON_TERMINAL = Boolean.getBoolean("parley.terminal");

    private final OutputOptions options;
    private final OutputStream output;
    private final PrintStream err;
    private @Nullable Events events;
    private @Nullable PrintStream out;
    private String line = "";

    Terminal(OutputOptions options, OutputStream output, OutputStream errors) {
        this.options = options;
        this.output = output;
        this.err = new PrintStream(errors, true, StandardCharsets.UTF_8);
    }

    /// Says something to people, unless they want quiet.
    public void say(String words) {
        if (!options.quiet) {
            print(words);
        }
    }

    /// Says something that only some people want to know.
    public void detail(String words) {
        if (options.verbose && !options.quiet) {
            print(words);
        }
    }

    /// Says it in any case: an error or a question.
    public void warn(String words) {
        print(words);
    }

    private synchronized void print(String words) {
        clear();
        err.println(Printable.text(words));
        if (!line.isEmpty()) {
            err.print(line);
            err.flush();
        }
    }

    /// Shows a line that the next one overwrites; it stays below what is said meanwhile. Empty takes it away.
    public synchronized void show(String progress) {
        if (!hasProgress()) {
            return;
        }
        Columns.follow();
        clear();
        line = Printable.line(progress);
        err.print(line);
        err.flush();
    }

    private void clear() {
        if (!line.isEmpty()) {
            err.print("\r\u001b[2K");
        }
    }

    public boolean hasProgress() {
        return ON_TERMINAL && !options.quiet && !options.noProgress && !options.plainText && !options.json;
    }

    public boolean hasColour() {
        return ON_TERMINAL && !options.plainText && System.getenv("NO_COLOR") == null;
    }

    public boolean isPlainText() {
        return options.plainText;
    }

    public boolean isJson() {
        return options.json;
    }

    /// The width of the terminal, 20 to 500 columns; 80 where nobody knows.
    public int columns() {
        return Columns.now();
    }

    /// Words in a colour of the terminal: 31 red, 32 green, 33 yellow, 36 cyan, 1 bold, 2 dim.
    public String coloured(int colour, String words) {
        return hasColour() ? "\u001b[" + colour + "m" + words + "\u001b[0m" : words;
    }

    /// Data on stdout, a line of it; with `--json` commands tell objects instead.
    public synchronized void data(String text) {
        var stream = out;
        if (stream == null) {
            stream = new PrintStream(output, true, StandardCharsets.UTF_8);
            out = stream;
        }
        stream.println(options.json ? text : Printable.text(text));
    }

    public static ObjectNode event(String type) {
        return Json.object().put("type", type);
    }

    /// Tells an event on stdout when `--json` is given; nothing otherwise. Never blocks.
    public void tell(ObjectNode event) {
        if (options.json) {
            events().tell(event);
        }
    }

    /// As [#tell(ObjectNode)], but a later one of the same key replaces it while the reader is slow.
    public void tell(String key, ObjectNode event) {
        if (options.json) {
            events().tell(key, event);
        }
    }

    private synchronized Events events() {
        var open = events;
        if (open == null) {
            open = new Events(output);
            events = open;
        }
        return open;
    }

    public static ObjectNode error(CommandFailed failure) {
        boolean resumable = !failure.resume().isEmpty();
        var event = event("error").put("message", failure.message()).put("code", failure.code().number()).put("resumable", resumable);
        return resumable ? event.put("resume", failure.resume()) : event.putNull("resume");
    }

    /// Tells the end without success.
    public void failed(CommandFailed failure) {
        tell(error(failure));
        warn(coloured(31, "parley: " + failure.message()));
        if (!failure.kept().isEmpty()) {
            warn("        " + failure.kept());
        }
        if (!failure.resume().isEmpty()) {
            warn("        to go on: " + failure.resume());
        }
    }

    /// Writes what is still queued.
    public void drain() {
        opened().ifPresent(Events::drain);
    }

    /// The same, and tells nothing more.
    public void close() {
        show("");
        opened().ifPresent(Events::close);
    }

    /// Why standard output did not take all that was told; empty when it did.
    public synchronized Optional<String> lost() {
        if (out != null && out.checkError()) {
            return Optional.of("it takes no more");
        }
        return events == null ? Optional.empty() : events.lost();
    }

    private synchronized Optional<Events> opened() {
        return Optional.ofNullable(events);
    }
}

package dev.parley.cli.demo;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.trace.Condensed;
import dev.parley.trace.SequenceChart;
import dev.parley.trace.SvgChart;
import dev.parley.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the main job: a document arrives whatever happens on the way.
@Command(
        name = "demo",
        description = "See it work: damage, a cut line and two kills, on this machine.",
        footer = {
            "",
            "Examples:",
            "  parley demo                                       a document of 2,100 pages that it makes itself",
            "  parley demo dump.img --dir out                    a file of yours; all is kept in the folder out"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final long LEAST = 256 << 10;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The file to send, 256 KiB or more (default: it makes a document).")
    private @Nullable Path file;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where the files of the demonstration go (default: a new folder for temporary files).")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var terminal = output.terminal();
        var work = folder == null ? Files.createTempDirectory("parley-demo-") : Files.createDirectories(folder).toRealPath();
        if (Files.exists(work.resolve("inbox"))) {
            throw new CommandFailed(ExitCode.USAGE, "there was a demonstration in " + work + " before: name another folder");
        }
        var document = document(work);
        terminal.say("Sending " + document.path() + ": " + document.pages() + " pages of " + Size.text(document.pageSize())
                + ", a checkpoint after every 40 pages.\n");
        var story = new Story(terminal, document, work);
        var outcome = story.play();
        terminal.show("");
        draw(terminal, story, work);
        table(terminal, document, outcome);
        boolean same = outcome.sentDigest().equals(outcome.arrivedDigest());
        if (!same) {
            throw new CommandFailed(ExitCode.INTEGRITY, "what arrived is not what was sent");
        }
        return ExitCode.DONE.number();
    }

    private Document document(Path work) throws IOException {
        if (file == null) {
            return Document.make(work.resolve("document.txt"));
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CommandFailed(ExitCode.SOURCE, "there is no readable file " + file);
        }
        if (Files.size(file) < LEAST) {
            throw new CommandFailed(ExitCode.USAGE, file + " is smaller than 256 KiB: it would be there before anything can be broken");
        }
        return Document.of(file.toRealPath());
    }

    /// The chart shows what really crossed the line, from the capture.
    private static void draw(Terminal terminal, Story story, Path work) throws IOException {
        var trace = Condensed.of(Tracer.read(story.capture()));
        var picture = work.resolve("demo.svg");
        Files.writeString(picture, SvgChart.draw(trace));
        if (!terminal.isJson()) {
            terminal.data("\nWhat crossed the line (sender left, receiver right):\n\n"
                    + new SequenceChart(terminal.columns()).draw(trace).stripTrailing() + "\n");
        }
        terminal.say("The same as a picture: " + picture + "\nAll of it: parley trace " + story.capture() + "\n");
    }

    private static void table(Terminal terminal, Document document, Story.Outcome o) {
        boolean same = o.sentDigest().equals(o.arrivedDigest());
        terminal.tell(Terminal.event("demo").put("pages", document.pages()).put("checkpoints", o.checkpoints()).put("faults", o.faults().size())
                .put("bytes", document.size()).put("resent_bytes", o.resent()).put("sent_digest", o.sentDigest())
                .put("arrived_digest", o.arrivedDigest()).put("seconds", Math.round(o.seconds() * 10) / 10.0));
        if (terminal.isJson()) {
            return;
        }
        row(terminal, "pages", document.pages() + " (" + Size.text(document.size()) + ")");
        row(terminal, "checkpoints", String.valueOf(o.checkpoints()));
        row(terminal, "faults", o.faults().size() + ": " + String.join("; ", o.faults()));
        row(terminal, "sent twice", String.format(Locale.ROOT, "%s (%.1f %%)", Size.text(o.resent()), 100.0 * o.resent() / document.size()));
        row(terminal, "SHA-256 sent", o.sentDigest());
        row(terminal, "SHA-256 arrived", o.arrivedDigest());
        row(terminal, "result", terminal.coloured(same ? 32 : 31, same ? "identical" : "DIFFERENT")
                + String.format(Locale.ROOT, ", after %.1f s", o.seconds()));
    }

    private static void row(Terminal terminal, String name, String value) {
        terminal.data(String.format("  %-16s %s", name, value));
    }
}

package dev.parley.cli.term;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import picocli.CommandLine.Option;

/// The options about output that every command has. Commands mix them in and take their [Terminal] from them.
public final class OutputOptions {
    @Option(names = "--json", description = "Tell what happens as JSON objects, one a line, on standard output.")
    boolean json;

    @Option(names = {"-q", "--quiet"}, description = "Say only errors.")
    boolean quiet;

    @Option(names = {"-v", "--verbose"}, description = "Say more: what was negotiated, each checkpoint.")
    boolean verbose;

    @Option(names = "--no-progress", description = "Show no progress bar.")
    boolean noProgress;

    @Option(names = "--plain-text", description = "No colours, no moving lines, no drawing characters.")
    boolean plainText;

    private Terminal terminal =
            new Terminal(this, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));

    /// Speaks into these instead of the process's own standard output and standard error.
    public void speakInto(OutputStream out, OutputStream err) {
        terminal = new Terminal(this, out, err);
    }

    public Terminal terminal() {
        return terminal;
    }
}

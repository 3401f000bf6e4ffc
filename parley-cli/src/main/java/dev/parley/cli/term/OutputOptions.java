package dev.parley.cli.term;

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

    private final Terminal terminal = new Terminal(this);

    public Terminal terminal() {
        return terminal;
    }
}

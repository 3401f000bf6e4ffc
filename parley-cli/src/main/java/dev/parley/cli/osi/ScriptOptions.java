package dev.parley.cli.osi;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Span;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.tool.Script;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What both sides of `parley osi` have in common.
final class ScriptOptions {
    @Option(names = "--script", paramLabel = "FILE", description = "Run this side's lines of a conformance script (conformance/README.md).")
    Optional<Path> script = Optional.empty();

    @Option(names = "--patience", paramLabel = "TIME", description = "How long to wait for what a script expects (10s).")
    private String patience = "10s";

    @Mixin
    private final PcapOption pcap = new PcapOption();

    Duration patience() {
        try {
            return Span.of(patience);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    Script read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandFailed(ExitCode.SOURCE, "there is no readable script " + file);
        }
        try {
            return Script.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, file + ", " + e.getMessage());
        }
    }

    Optional<Capture> capture() throws IOException {
        return pcap.open();
    }

    /// Functional units are said by the caller, or in the script.
    static OsiProtocol protocol(Optional<Capture> capture) {
        var any = OsiProtocol.with(FunctionalUnit.DUPLEX);
        return capture.map(any::capture).orElse(any);
    }
}

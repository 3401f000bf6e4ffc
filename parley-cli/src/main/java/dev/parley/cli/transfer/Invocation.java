package dev.parley.cli.transfer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// The command line as it was given.
final class Invocation {
    private Invocation() {}

    static Commands.Command of(CommandSpec spec) {
        var parsed = spec.root().commandLine().getParseResult();
        List<String> arguments = parsed == null ? new ArrayList<>() : new ArrayList<>(parsed.originalArgs());
        return new Commands.Command(Path.of("").toAbsolutePath().toString(), arguments);
    }
}

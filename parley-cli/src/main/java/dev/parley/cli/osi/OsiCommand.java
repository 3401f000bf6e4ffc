package dev.parley.cli.osi;

import dev.parley.cli.term.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The X.215 session service from the command line.
@Command(
        name = "osi",
        description = "X.225 sessions over RFC 1006: an echoing responder, conformance scripts, or by hand.",
        subcommands = {OsiListenCommand.class, OsiConnectCommand.class},
        footer = {
            "",
            "Examples:",
            "  parley osi listen --echo --listen 127.0.0.1:10102      a responder that others can test against",
            "  parley osi connect 127.0.0.1:10102                     talk to it by hand",
            "  parley osi connect HOST --script minor-sync.script     test another stack's called side"
        })
public final class OsiCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE.number();
    }
}

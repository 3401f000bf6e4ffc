package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.PcapOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs the command of a session again, which goes on from its last checkpoint.
@Command(
        name = "resume",
        description = "Go on with a transfer of this side, by its session number.",
        footer = {
            "",
            "Examples:",
            "  parley ls                                         which sessions there are",
            "  parley resume 1795562667000",
            "  parley resume 1795562667000 --to newhost:7225     the same server has another address now",
            "  parley resume 1795562667000 --bwlimit 2MiB        more slowly from here on"
        })
public final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(paramLabel = "N", description = "The number of the session.")
    private long session;

    @Option(names = "--to", paramLabel = "HOST:PORT", converter = Remote.Converter.class, description = "Where the server is now.")
    private @Nullable Remote to;

    @Option(names = "--server", paramLabel = "FINGERPRINT", description = "Which server gave the number, when several gave the same one.")
    private String server = "";

    @Option(names = "--bwlimit", paramLabel = "RATE", description = "Another limit than the transfer had, such as 10MiB; 0 means none.")
    private @Nullable String rate;

    @Mixin
    private final PcapOption pcap = new PcapOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var found = found();
        var moved = to == null ? found : found.at(to);
        var command = rate == null ? moved : moved.with("--bwlimit", rate);
        output.terminal().detail("running " + command.text());
        var arguments = new ArrayList<>(command.arguments());
        if (output.terminal().isJson() && !arguments.contains("--json")) {
            arguments.add(1, "--json");
        }
        arguments.addAll(1, pcap.arguments());
        return spec.root().commandLine().execute(arguments.toArray(String[]::new));
    }

    private Commands.Command found() {
        var known = new Commands(state).find(session).stream().filter(k -> k.server().startsWith(server)).toList();
        if (known.isEmpty()) {
            throw new CommandFailed(ExitCode.OTHER, "this side has no session " + session + " that can go on: `parley ls` lists them");
        }
        if (known.size() > 1) {
            throw ambiguous(session, known.stream().map(Commands.Known::server).toList());
        }
        return known.getFirst().command();
    }

    static CommandFailed ambiguous(long session, List<String> servers) {
        return new CommandFailed(
                ExitCode.USAGE, "several servers gave the number " + session + ", say which with --server: " + String.join(", ", servers));
    }
}

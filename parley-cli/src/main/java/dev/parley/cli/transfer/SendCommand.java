package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.transfer.engine.TransferEvent;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Sends files and folders; run again after whatever happened, it goes on from the last checkpoint.
@Command(
        name = "send",
        description = "Send files or folders; the same command again goes on where it was.",
        footer = {
            "",
            "Examples:",
            "  parley send dump.img alice@server                 into the served folder",
            "  parley send photos alice@server:7225/backup       a folder with its tree, below backup",
            "  pg_dump base | parley send - alice@server --name base.sql",
            "  parley send dump.img alice@server --password-file pw --fingerprint SHA256:... --json"
        })
public final class SendCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final TransferOptions options = new TransferOptions();

    @Parameters(paramLabel = "SRC... [USER@]HOST[:PORT][/PATH]", arity = "2..*", hideParamSyntax = true, description = "What is sent, and where to.")
    private List<String> arguments = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called there; needed for standard input.")
    private @Nullable String name;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var remote = options.complete(remote(arguments.getLast()));
        var paths = arguments.subList(0, arguments.size() - 1);
        var sources = sources(paths);
        long total = sources.stream().mapToLong(s -> Math.max(0, s.size())).sum();
        options.run(output, state, new TransferOptions.Order(
                false, remote, identity(paths, remote), sources, Path.of("."), total, invocation()));
        return ExitCode.DONE.number();
    }

    private Commands.Command invocation() {
        var last = arguments.size() - 1;
        var positional = new ArrayList<>(arguments.subList(0, last).stream().map(Invocation::absolute).toList());
        positional.add(arguments.getLast());
        return Invocation.of(spec, positional, last);
    }

    private static Remote remote(String text) {
        try {
            return Remote.of(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private List<Source> sources(List<String> paths) {
        if (paths.contains(STDIN)) {
            if (paths.size() > 1 || name == null) {
                throw new CommandFailed(ExitCode.USAGE, "standard input (-) is sent alone and needs a name: --name NAME");
            }
            return List.of(Source.stream(System.in, name, System.currentTimeMillis()));
        }
        for (var text : paths) {
            if (!Files.exists(Path.of(text))) {
                throw new CommandFailed(ExitCode.SOURCE, "there is no " + text);
            }
            if (!Files.isReadable(Path.of(text))) {
                throw new CommandFailed(ExitCode.SOURCE, text + " cannot be read");
            }
        }
        try {
            var found = new Sources(options.links(), this::warn).find(paths);
            if (name == null) {
                return found;
            }
            if (found.size() != 1) {
                throw new CommandFailed(ExitCode.USAGE, "--name names one file, not " + found.size());
            }
            return List.of(Source.of(found.getFirst().path(), name));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), "", "", e);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.SOURCE, DiskWords.of(e), "", "", e);
        }
    }

    private void warn(String words) {
        output.terminal().tell(EventWords.of(new TransferEvent.Warning(words)));
        output.terminal().say(words);
    }

    /// What makes two runs the same transfer: what is sent, by whom, and to where on the server; not the server's present address.
    private String identity(List<String> paths, Remote remote) {
        return paths.stream().map(Invocation::absolute)
                .collect(Collectors.joining("\n", "send\n" + remote.user() + "\n" + remote.path() + "\n" + (name == null ? "" : name) + "\n", ""));
    }
}

package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.engine.TransferClient;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  parley send dump.img alice@server --password-file pw --fingerprint SHA256:... --json"
        })
public final class SendCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final ConnectOptions connection = new ConnectOptions();

    @Mixin
    private final TransferOptions options = new TransferOptions();

    @Parameters(paramLabel = "SRC... [USER@]HOST[:PORT][/PATH]", arity = "2..*", description = "What is sent, and where to.")
    private List<String> arguments = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var remote = connection.complete(remote(arguments.getLast()));
        var paths = arguments.subList(0, arguments.size() - 1);
        var sources = sources(paths);
        var settings = options.settings();
        try (var store = SqliteStore.open(state.client())) {
            var trust = connection.trust(store, remote, output.terminal()::say);
            var job = new TransferClient.Job(
                    identity(paths, remote), remote.address(), trust.map(ConnectOptions::tls), remote.user(), connection.password(remote), false,
                    remote.path(), options.onExists(), sources, Path.of("."), settings, connection.patience(), options.flow());
            new Run(output.terminal(), store, new Commands(state), invocation(), trust, job, sources.stream().mapToLong(Source::size).sum())
                    .run();
            return ExitCode.DONE.number();
        }
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
        var sources = new ArrayList<Source>();
        for (var text : paths) {
            var path = Path.of(text);
            try {
                if (!Files.exists(path)) {
                    throw new CommandFailed(ExitCode.SOURCE, "there is no " + text);
                }
                if (!Files.isReadable(path)) {
                    throw new CommandFailed(ExitCode.SOURCE, text + " cannot be read");
                }
                sources.addAll(new Sources(Sources.Links.KEEP, output.terminal()::say).find(text));
            } catch (IOException e) {
                throw new CommandFailed(ExitCode.SOURCE, text + " cannot be read: " + e.getMessage(), "", "", e);
            }
        }
        return sources;
    }

    /// What makes two runs the same transfer: what is sent, by whom, and to where on the server; not the server's present address.
    private static String identity(List<String> paths, Remote remote) {
        return paths.stream().map(p -> Path.of(p).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining("\n", "send\n" + remote.user() + "\n" + remote.path() + "\n", ""));
    }
}

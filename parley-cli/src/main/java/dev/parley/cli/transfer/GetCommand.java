package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.engine.TransferClient;
import dev.parley.transfer.file.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Fetches a file or a folder; run again after whatever happened, it goes on from the last checkpoint.
@Command(
        name = "get",
        description = "Fetch a file or a folder; the same command again goes on where it was.",
        footer = {
            "",
            "Examples:",
            "  parley get alice@server/dump.img                  into the current folder",
            "  parley get alice@server:7225/photos backup        a folder with its tree, below backup"
        })
public final class GetCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final ConnectOptions connection = new ConnectOptions();

    @Mixin
    private final TransferOptions options = new TransferOptions();

    @Parameters(index = "0", paramLabel = "[USER@]HOST[:PORT]/PATH", converter = Remote.Converter.class, description = "What is fetched.")
    private Remote from = new Remote("", "", Remote.DEFAULT_PORT, "");

    @Parameters(index = "1", paramLabel = "DEST", arity = "0..1", description = "The folder to put it into (default: the current one).")
    private Path folder = Path.of(".");

    @Option(names = "--receipt", paramLabel = "FILE", description = "Write the receipt into FILE too, for `parley verify`.")
    private @Nullable Path receipt;

    @Option(names = "--checksum", description = "Compare all that is here already when going on, not only the last interval.")
    private boolean checksum;

    @Option(names = "--links", paramLabel = "WHAT", description = "Symbolic links in folders: keep (default), follow or skip.")
    private Sources.Links links = Sources.Links.KEEP;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var remote = connection.complete(from);
        if (remote.path().isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "say what to fetch: [USER@]HOST[:PORT]/PATH");
        }
        Files.createDirectories(folder);
        var into = folder.toRealPath();
        var settings = options.settings();
        try (var store = SqliteStore.open(state.client())) {
            var trust = connection.trust(store, remote, output.terminal()::say);
            var identity = String.join("\n", "get", remote.user(), remote.path(), into.toString());
            var job = new TransferClient.Job(
                    identity, remote.address(), trust.map(ConnectOptions::tls), remote.user(), connection.password(remote), true, remote.path(),
                    options.onExists(), List.of(), into, settings, connection.patience(), options.flow(),
                    new TransferClient.Options(checksum, links));
            var invocation = Invocation.of(spec, List.of(remote.text(), into.toString()), 0);
            new Run(output.terminal(), store, Books.of(state, identity, receipt), invocation, trust, job, 0).run();
            return ExitCode.DONE.number();
        }
    }
}

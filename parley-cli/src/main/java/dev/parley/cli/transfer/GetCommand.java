package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.session.store.SqliteStore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  parley get alice@server/dump.img monday.img       under another name",
            "  parley get alice@server:7225/photos backup/       a folder with its tree, below backup",
            "  parley get alice@server/base.sql - | psql base    to standard output"
        })
public final class GetCommand implements Callable<Integer> {
    private static final String STDOUT = "-";

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final TransferOptions options = new TransferOptions();

    @Parameters(index = "0", paramLabel = "[USER@]HOST[:PORT]/PATH", converter = Remote.Converter.class, description = "What is fetched.")
    private Remote from = new Remote("", "", Remote.DEFAULT_PORT, "");

    @Parameters(index = "1", paramLabel = "DEST", arity = "0..1",
            description = {"The folder to put it into (default: the current one), or its new name, as with cp: one that is there or ends in / is a "
                + "folder. - is standard output, for one file."})
    private String destination = ".";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var remote = options.complete(from);
        if (remote.path().isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "say what to fetch: [USER@]HOST[:PORT]/PATH");
        }
        if (destination.equals(STDOUT)) {
            print(remote);
        } else {
            fetch(remote, Destination.of(destination));
        }
        return ExitCode.DONE.number();
    }

    private void fetch(Remote remote, Destination to) throws IOException, InterruptedException {
        var order = order(remote, to.folder());
        boolean open;
        try (var store = SqliteStore.open(state.client())) {
            open = store.transfers().stream().anyMatch(t -> t.command().startsWith(order.identity() + " "));
        }
        if (to.prepare(options.onExists(), open)) {
            output.terminal().say("an earlier run has fetched it; only its name was missing");
        } else {
            options.run(output, state, order);
        }
        to.settle(options.onExists());
    }

    private void print(Remote remote) throws IOException, InterruptedException {
        if (output.terminal().isJson()) {
            throw new CommandFailed(ExitCode.USAGE, "standard output carries the file (-) or events (--json), not both");
        }
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            options.run(output, state, order(remote, Path.of(STDOUT)), out);
        }
    }

    private TransferOptions.Order order(Remote remote, Path folder) {
        var identity = String.join("\n", "get", remote.user(), remote.path(), folder.toString());
        var command = Invocation.of(spec, List.of(remote.text(), Invocation.absolute(destination)), 0);
        return new TransferOptions.Order(true, remote, identity, List.of(), folder, 0, command);
    }
}

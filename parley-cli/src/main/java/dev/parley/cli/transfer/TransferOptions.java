package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.TapOptions;
import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.engine.FileOptions;
import dev.parley.transfer.engine.FlowOptions;
import dev.parley.transfer.engine.Settings;
import dev.parley.transfer.engine.TransferClient;
import dev.parley.transfer.file.OutputDisk;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `send` and `get` have in common: how the server is reached, what is negotiated, and the run itself.
final class TransferOptions {
    /// What is to be done.
    ///
    /// @param identity what makes two runs the same transfer: what, by whom, from where to where, and not the server's present address
    /// @param sources what is sent; nothing for a get
    /// @param folder where it is put by a get
    /// @param total octets of the whole; 0 when it is not known yet
    record Order(
            boolean get, Remote remote, String identity, List<Source> sources, Path folder, long total, Commands.Command command) {
        Order into(Path other) {
            return new Order(get, remote, identity, sources, other, total, command);
        }
    }

    /// What is kept of a run.
    ///
    /// @param store the journal
    record Keeping(Store store, Disk disk, Books books) {}

    @Mixin
    private final ConnectOptions connection = new ConnectOptions();

    @Mixin
    private final TapOptions taps = new TapOptions();

    @Option(names = "--page-size", paramLabel = "SIZE", converter = Size.Converter.class, description = "Octets of a page (default: 64KiB).")
    private Size pageSize = new Size(Settings.DEFAULT.pageSize());

    @Option(names = "--checkpoint-every", paramLabel = "PAGES",
            description = "Pages from one checkpoint to the next, 16 MiB at most (default: ${DEFAULT-VALUE}).")
    private int interval = Settings.DEFAULT.interval();

    @Option(names = "--window", paramLabel = "N", description = "How many checkpoints may be unconfirmed (default: ${DEFAULT-VALUE}).")
    private int window = Settings.DEFAULT.window();

    @Option(names = "--keepalive", paramLabel = "TIME", converter = Span.Converter.class,
            description = "After how much silence the peer counts as lost (default: 30s).")
    private Duration keepalive = Settings.DEFAULT.keepalive();

    @Option(names = "--on-exists", paramLabel = "fail|replace|rename",
            description = "When there is a file of that name: fail (default), replace or rename.")
    private Target.OnExists onExists = Target.OnExists.FAIL;

    @Option(names = "--class", paramLabel = "NAME", description = "Heavy transfers of one class share its flow tokens (default: bulk).")
    private String flowClass = FlowOptions.DEFAULT.flowClass();

    @Option(names = "--priority", paramLabel = "0-9", description = "The larger the more urgent (default: ${DEFAULT-VALUE}).")
    private int priority = FlowOptions.DEFAULT.priority();

    @Option(names = "--no-wait", description = "End with 75 when there is no flow token, rather than wait for one.")
    private boolean noWait;

    @Option(names = "--receipt", paramLabel = "FILE", description = "Write the receipts into FILE too, one a line, for `parley verify`.")
    private @Nullable Path receipt;

    @Option(names = "--checksum", description = "When going on, compare all that arrived already, not only the last interval.")
    private boolean checksum;

    @Option(names = "--on-change", paramLabel = "fail|restart",
            description = "When a source has changed since an earlier run: fail (default, exit 7) or restart (send it from its beginning).")
    private OnChange onChange = OnChange.FAIL;

    @Option(names = "--links", paramLabel = "keep|follow|skip", description = "Symbolic links in folders: keep (default), follow or skip.")
    private Sources.Links links = Sources.Links.KEEP;

    /// What becomes of what was sent of another version.
    enum OnChange {
        FAIL,
        RESTART
    }

    Remote complete(Remote remote) {
        return connection.complete(remote);
    }

    Sources.Links links() {
        return links;
    }

    /// Runs a transfer that a later run can go on with.
    void run(OutputOptions output, StateOption state, Order order) throws IOException, InterruptedException {
        try (var store = SqliteStore.open(state.client())) {
            run(output, store, order, new Keeping(store, new OsDisk(), Books.of(state, order.identity(), receipt)));
        }
    }

    /// Runs a transfer to an output stream, which cannot be gone on with after this process: its journal goes with it.
    void run(OutputOptions output, StateOption state, Order order, OutputStream out) throws IOException, InterruptedException {
        if (onChange == OnChange.RESTART) {
            throw new CommandFailed(ExitCode.USAGE, "what went to standard output cannot begin again: leave out --on-change restart");
        }
        var passing = Files.createTempDirectory("parley");
        try (var store = SqliteStore.open(state.client())) {
            try (var journal = SqliteStore.open(passing.resolve("client"))) {
                var books = Books.of(state, order.identity(), receipt).passing(passing);
                run(output, store, order.into(passing.toRealPath()), new Keeping(journal, new OutputDisk(out), books));
            }
        } finally {
            Destination.deleteAll(passing);
        }
    }

    private void run(OutputOptions output, Store known, Order order, Keeping keeping) throws IOException, InterruptedException {
        var terminal = output.terminal();
        var remote = order.remote();
        var door = connection.door(known, remote, terminal::say);
        var job = new TransferClient.Job(
                order.identity(), remote.address(), door.tls(), remote.user(), door.password(), order.get(), remote.path(),
                onExists, order.sources(), order.folder(), settings(), connection.patience(), flow(),
                new FileOptions(checksum, links, onChange == OnChange.RESTART));
        try (var line = taps.open(true, terminal)) {
            new Run(terminal, keeping, line.tap(), order, door.refusal(), job).run();
        }
    }

    private FlowOptions flow() {
        try {
            return new FlowOptions(flowClass, priority, !noWait);
        } catch (SessionException.Refused e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Settings settings() {
        try {
            return new Settings((int) Math.min(pageSize.octets(), Integer.MAX_VALUE), interval, window, keepalive);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    Target.OnExists onExists() {
        return onExists;
    }
}

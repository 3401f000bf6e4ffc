package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.transfer.engine.FlowOptions;
import dev.parley.transfer.engine.Settings;
import dev.parley.transfer.file.Target;
import java.time.Duration;
import picocli.CommandLine.Option;

/// What is negotiated for a transfer.
final class TransferOptions {
    @Option(names = "--page-size", paramLabel = "SIZE", converter = Size.Converter.class, description = "Octets of a page (default: 64KiB).")
    private Size pageSize = new Size(Settings.DEFAULT.pageSize());

    @Option(names = "--checkpoint-every", paramLabel = "PAGES", description = "Pages from one checkpoint to the next (default: ${DEFAULT-VALUE}).")
    private int interval = Settings.DEFAULT.interval();

    @Option(names = "--window", paramLabel = "N", description = "How many checkpoints may be unconfirmed (default: ${DEFAULT-VALUE}).")
    private int window = Settings.DEFAULT.window();

    @Option(names = "--keepalive", paramLabel = "TIME", converter = Span.Converter.class,
            description = "After how much silence the peer counts as lost (default: 30s).")
    private Duration keepalive = Settings.DEFAULT.keepalive();

    @Option(names = "--on-exists", paramLabel = "WHAT", description = "When there is a file of that name: fail (default), replace or rename.")
    private Target.OnExists onExists = Target.OnExists.FAIL;

    @Option(names = "--class", paramLabel = "NAME", description = "Heavy transfers of one class share its flow tokens (default: bulk).")
    private String flowClass = FlowOptions.DEFAULT.flowClass();

    @Option(names = "--priority", paramLabel = "0-9", description = "The larger the more urgent (default: ${DEFAULT-VALUE}).")
    private int priority = FlowOptions.DEFAULT.priority();

    @Option(names = "--no-wait", description = "End with 75 when there is no flow token, rather than wait for one.")
    private boolean noWait;

    FlowOptions flow() {
        try {
            return new FlowOptions(flowClass, priority, !noWait);
        } catch (SessionException.Refused e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    Settings settings() {
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

package dev.parley.cli.transfer;

import dev.parley.cli.term.Span;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a client reaches a server, and how long it goes on trying.
final class ConnectOptions extends LoginOptions {
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(10);

    @Option(names = "--retry", description = "Go on trying for ever when the connection is lost.")
    private boolean retry;

    @Option(names = "--max-stall", paramLabel = "TIME", converter = Span.Converter.class,
            description = "Give up when nothing moved for TIME (default: 10m; with --retry never).")
    private @Nullable Duration maxStall;

    Duration patience() {
        return maxStall != null ? maxStall : retry ? Duration.ofDays(36500) : USUAL_PATIENCE;
    }
}

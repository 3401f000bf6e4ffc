package dev.parley.cli.term;

import dev.parley.runtime.Tap;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.pace.Pace;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is done to the connections of a command: they are slowed down and written down.
public final class TapOptions {
    private static final int RFC1006 = 102;

    @Option(names = "--bwlimit", paramLabel = "RATE", converter = Size.Converter.class,
            description = "At most RATE a second over all connections of this process, such as 10MiB; 64KiB or more, 0 means no limit (default).")
    private Size rate = new Size(0);

    @Mixin
    private final PcapOption pcap = new PcapOption();

    /// The connections of one run.
    public record Line(Tap tap, Optional<Capture> capture, Terminal terminal) implements AutoCloseable {
        @Override
        public void close() {
            PcapOption.finish(capture, terminal);
        }
    }

    /// @param calling whether this side opens the connections
    /// @throws CommandFailed when the rate is out of its bounds
    public Line open(boolean calling, Terminal terminal) throws IOException {
        var pace = pace();
        var capture = pcap.open();
        var written = capture.map(c -> (Tap) (handler, _) -> c.tap(handler, calling, RFC1006)).orElse(Tap.NONE);
        return new Line(written.and(pace), capture, terminal);
    }

    private Tap pace() {
        try {
            return rate.octets() == 0 ? Tap.NONE : new Pace(rate.octets());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, "--bwlimit: " + e.getMessage());
        }
    }
}

package dev.parley.cli.trace;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.trace.SequenceChart;
import dev.parley.trace.SvgChart;
import dev.parley.trace.Tracer;
import dev.parley.trace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Decodes a capture, prints it and draws it.
@Command(
        name = "trace",
        description = "Decode a capture (pcap, pcapng) in words and draw it as a sequence chart.",
        footer = {
            "",
            "Examples:",
            "  parley trace call.pcapng                 the chart, then each message with all of its parameters",
            "  parley trace call.pcapng --chart         only the chart",
            "  parley trace call.pcapng --svg call.svg  also a picture",
            "  parley osi connect host:102 --pcap call.pcapng && parley trace call.pcapng",
            "  parley call bob@192.0.2.7 --pcap call.pcapng && parley trace call.pcapng",
            "",
            "What it decodes: X.225 sessions; H.323 call signalling, H.245 (apart and tunnelled) and RAS;",
            "of RTP and RTCP the figures."
        })
public final class TraceCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", description = "The capture, made by Parley's --pcap, Wireshark, tcpdump or others.")
    private Path file = Path.of("");

    @Option(names = "--svg", paramLabel = "OUT", description = "Draw the chart into this SVG file too.")
    private Optional<Path> svg = Optional.empty();

    @Option(names = "--chart", description = "Print only the chart.")
    private boolean chart;

    @Option(names = "--list", description = "Print only the messages with all of their parameters.")
    private boolean list;

    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandFailed(ExitCode.SOURCE, "there is no readable file " + file);
        }
        var trace = read();
        if (svg.isPresent()) {
            Files.writeString(svg.get(), SvgChart.draw(trace));
            output.terminal().say("drawn into " + svg.get());
        }
        if (output.terminal().isJson()) {
            TraceJson.lines(trace).forEach(output.terminal()::data);
        } else {
            print(trace);
        }
        return ExitCode.DONE.number();
    }

    private Trace read() {
        try {
            return Tracer.read(file);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.SOURCE, file + ": " + e.getMessage());
        }
    }

    private void print(Trace trace) {
        var words = new SequenceChart(output.terminal().columns());
        if (!list) {
            output.terminal().data(words.draw(trace).stripTrailing());
        }
        if (!chart) {
            output.terminal().data((list ? "" : "\n") + words.list(trace).stripTrailing());
        }
    }
}

package dev.parley.cli.osi;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Terminal;
import dev.parley.osi.tool.ByHandCalled;
import dev.parley.osi.tool.EchoResponder;
import dev.parley.osi.tool.ScriptFailed;
import dev.parley.osi.tool.ScriptRunner;
import dev.parley.osi.user.OsiProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The called side.
@Command(
        name = "listen",
        description = "Be the called side: echo everything, follow a script, or answer by hand.",
        footer = {
            "",
            "Examples:",
            "  parley osi listen --echo                              until Ctrl-C, on 127.0.0.1:10102",
            "  parley osi listen --echo --half-duplex --json         takes half-duplex when both are proposed",
            "  parley osi listen --script conformance/duplex.script --listen :102    waits for one caller",
            "  parley osi listen --echo --pcap echo.pcapng           and writes down what crosses the line",
            "  parley osi listen --echo --tls                        inside TLS; says its fingerprint",
            "  parley osi listen                                     shows a call; then type, for example:",
            "      S-CONNECT response units=duplex",
            "      S-DATA request data=\"hello\"",
            "      S-RELEASE response",
            "      help"
        })
public final class OsiListenCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ScriptOptions options = new ScriptOptions();

    @Mixin
    private final LineOptions line = new LineOptions();

    @Mixin
    private final CalledTls tls = new CalledTls();

    @Option(names = "--listen", paramLabel = "H:P", description = "Where to listen (127.0.0.1:10102); port 0 takes a free one.")
    private String listen = "127.0.0.1:10102";

    @Option(names = "--echo", description = "Accept what the caller proposes, send all data back, confirm and give what it asks for.")
    private boolean echo;

    @Option(names = "--half-duplex", description = "Take half-duplex when the caller proposes both kinds.")
    private boolean halfDuplex;

    @Override
    public Integer call() throws Exception {
        if (echo && options.script.isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, "give --echo or --script FILE, not both");
        }
        var address = Endpoint.of(listen);
        var capture = options.capture();
        try {
            var protocol = tls.applied(line.applied(ScriptOptions.protocol(capture), ""), output.terminal());
            if (echo) {
                echo(protocol, address);
            } else if (options.script.isPresent()) {
                script(protocol, address, options.script.get());
            } else {
                byHand(protocol, address);
            }
            return ExitCode.DONE.number();
        } finally {
            PcapOption.finish(capture, output.terminal());
        }
    }

    private void echo(OsiProtocol protocol, InetSocketAddress address) throws IOException, InterruptedException {
        var any = protocol.transport(protocol.transport().withExpedited());
        try (var server = any.listen(address, new EchoResponder(halfDuplex, new SpokenLog(output.terminal())))) {
            listening(server.address());
            server.awaitStop();
        }
    }

    private void byHand(OsiProtocol protocol, InetSocketAddress address) throws IOException {
        var hand = new ByHandCalled(new SpokenLog(output.terminal()));
        try (var server = protocol.transport(protocol.transport().withExpedited()).listen(address, hand)) {
            listening(server.address());
            output.terminal().say("a call is shown here; the first primitive is S-CONNECT response, `help` shows all, Ctrl-D ends");
            new Typed(output.terminal()).lines(hand::issue);
            hand.awaitEnd(options.patience());
        }
    }

    private void script(OsiProtocol protocol, InetSocketAddress address, Path file) throws IOException {
        var script = options.read(file);
        var runner = new ScriptRunner(protocol, options.patience(), new SpokenLog(output.terminal()));
        try (var listening = runner.listen(address)) {
            listening(listening.address());
            listening.run(script);
            output.terminal().say("passed: " + file);
        } catch (ScriptFailed e) {
            throw new CommandFailed(ExitCode.OTHER, file + ", " + e.getMessage());
        }
    }

    private void listening(InetSocketAddress address) {
        output.terminal().tell(Terminal.event("ready").put("address", Endpoint.words(address)));
        output.terminal().say("listening on " + Endpoint.words(address));
    }
}

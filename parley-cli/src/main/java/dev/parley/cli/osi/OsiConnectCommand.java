package dev.parley.cli.osi;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.PcapOption;
import dev.parley.osi.tool.ByHand;
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
import picocli.CommandLine.Parameters;

/// The calling side.
@Command(
        name = "connect",
        description = "Be the calling side: follow a script, or issue primitives by hand, one a line on standard input.",
        footer = {
            "",
            "Examples:",
            "  parley osi connect 127.0.0.1:10102 --script conformance/duplex.script",
            "  parley osi connect 127.0.0.1:10102                    then type, for example:",
            "      S-CONNECT request units=half-duplex,minor-sync serial=1",
            "      S-DATA request data=\"hello\"",
            "      S-SYNC-MINOR request",
            "      S-RELEASE request",
            "      help",
            "  parley osi connect HOST --t-selector hex:0001 --tpdu-size 1024 --script conformance/duplex.script",
            "  parley osi connect HOST:PORT --tls --fingerprint SHA256:... --script conformance/duplex.script"
        })
public final class OsiConnectCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ScriptOptions options = new ScriptOptions();

    @Mixin
    private final LineOptions line = new LineOptions();

    @Mixin
    private final CallingTls tls = new CallingTls();

    @Option(names = "--calling-t-selector", paramLabel = "SEL", description = "The calling side's own T-selector (default: none).")
    private String callingSelector = "";

    @Parameters(paramLabel = "HOST[:PORT]", description = "The called side; the port is 102 unless said.")
    private String host = "";

    @Override
    public Integer call() throws IOException {
        var address = Endpoint.of(host);
        var capture = options.capture();
        try {
            var protocol = tls.applied(line.applied(ScriptOptions.protocol(capture), callingSelector), address.getHostString());
            if (options.script.isPresent()) {
                script(protocol, address, options.script.get());
            } else {
                byHand(protocol, address);
            }
            return ExitCode.DONE.number();
        } catch (SessionException e) {
            throw tls.explained(e);
        } finally {
            PcapOption.finish(capture, output.terminal());
        }
    }

    private void script(OsiProtocol protocol, InetSocketAddress address, Path file) throws IOException {
        try {
            new ScriptRunner(protocol, options.patience(), new SpokenLog(output.terminal())).call(options.read(file), address);
            output.terminal().say("passed: " + file);
        } catch (ScriptFailed e) {
            throw new CommandFailed(ExitCode.OTHER, file + ", " + e.getMessage());
        }
    }

    private void byHand(OsiProtocol protocol, InetSocketAddress address) throws IOException {
        try (var hand = new ByHand(protocol.open(address), new SpokenLog(output.terminal()))) {
            output.terminal().say("connected to " + Endpoint.words(address)
                    + "; the first primitive is S-CONNECT request, `help` shows all, Ctrl-D ends");
            new Typed(output.terminal()).lines(hand::issue);
            hand.awaitEnd(options.patience());
        }
    }
}

package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Calls a name and joins the session to standard input and output.
@Command(
        name = "call",
        description = "Call a NetBIOS name: standard input and output through a session.",
        footer = {
            "",
            "The session is hung up at the end of the input. With --json events are written instead of what",
            "is received.",
            "",
            "Examples:",
            "  parley netbios call SERVER#7A < data          to a `listen` there",
            "  parley netbios call SERVER#7A -n > data       only receive",
            "  parley netbios call SERVER --at 192.0.2.7     where the name is known already",
        })
final class CallCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Parameters(paramLabel = "NAME[#SUFFIX]", description = "The name to call (default suffix: 20).")
    private String name = "";

    @Option(names = "--at", paramLabel = "ADDRESS", description = "Do not ask the name service, call there.")
    private Optional<String> at = Optional.empty();

    @Option(names = {"-n", "--no-input"}, description = "Do not read standard input, only receive.")
    private boolean noInput;

    @Override
    public Integer call() throws Exception {
        return network.recorded(output.terminal(), this::converse);
    }

    private int converse() throws IOException, InterruptedException {
        var called = network.name(name, Suffix.FILE_SERVER.octet());
        try (var session = session(called, at.isPresent() ? NetworkOptions.ipv4("--at", at.get()) : resolve(called))) {
            output.terminal().say("session " + session.id() + " with " + session.peer());
            output.terminal().tell(Terminal.event("session").put("session", session.id().toString()).put("local", session.local().toString())
                    .put("remote", session.remote().toString()).put("address", session.peer().address()));
            new Conversation(session, output, noInput).run();
            return ExitCode.DONE.number();
        }
    }

    private Ipv4 resolve(NetbiosName called) throws IOException {
        try (var names = network.asking()) {
            return NetworkOptions.host(names, called);
        }
    }

    private NetbiosSession session(NetbiosName called, Ipv4 host) throws IOException {
        try {
            var address = new InetSocketAddress(InetAddress.getByAddress(host.octets()), network.sessionPort);
            return new Caller(network.limits(), network.source(), network.recorder()).call(address, called, network.callingName());
        } catch (Caller.CallRefused e) {
            throw new CommandFailed(ExitCode.REFUSED, e.getMessage() + " (code " + Integer.toHexString(e.refusal().code()) + ")");
        }
    }
}

package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.name.LocalNetwork;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Takes one call of a name and joins the session to standard input and output.
@Command(
        name = "listen",
        description = "Take one call of a NetBIOS name: standard input and output through a session.",
        footer = {
            "",
            "Registers the name while it waits. The session is hung up at the end of the input.",
            "With --json events are written instead of what is received.",
            "",
            "Examples:",
            "  parley netbios listen SERVER#7A -n > data      receive what a `call` sends",
            "  parley netbios listen SERVER#7A --from CLIENT  only from there",
        })
final class ListenCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Parameters(paramLabel = "NAME[#SUFFIX]", description = "The name to be called by (default suffix: 20).")
    private String name = "";

    @Option(names = "--from", paramLabel = "NAME[#SUFFIX]", description = "Take only this caller (default suffix: 00).")
    private Optional<String> from = Optional.empty();

    @Option(names = {"-n", "--no-input"}, description = "Do not read standard input, only receive.")
    private boolean noInput;

    @Option(names = "--no-register", description = "Leave the name service alone: callers must know the address.")
    private boolean noRegister;

    @Override
    public Integer call() throws Exception {
        return network.recorded(output.terminal(), this::listen);
    }

    private int listen() throws IOException, InterruptedException {
        var local = network.local();
        var own = network.name(name, Suffix.FILE_SERVER.octet());
        if (noRegister) {
            return listen(local, own, new CalledNames(false));
        }
        try (var names = network.answering(network.config(local, network.server()), local, Optional.empty())) {
            register(names, own);
            return listen(local, own, new CalledNames(false, names::owns));
        }
    }

    private static void register(NameService names, NetbiosName own) {
        switch (names.register(own, false)) {
            case Output.Outcome.Registered _ -> { }
            case Output.Outcome.Denied denied -> throw new CommandFailed(ExitCode.REFUSED, own + " belongs to " + denied.by());
            case Output.Outcome _ -> throw new CommandFailed(ExitCode.LOST, "the name server does not answer");
        }
    }

    /// Takes the first call that suits.
    private static final class First implements CalledNames.Listener {
        final CompletableFuture<NetbiosSession> session = new CompletableFuture<>();
        private final Optional<NetbiosName> from;
        private final AtomicBoolean taken = new AtomicBoolean();

        First(Optional<NetbiosName> from) {
            this.from = from;
        }

        @Override
        public boolean claims(NetbiosName calling) {
            return from.map(calling::equals).orElse(true) && !taken.getAndSet(true);
        }

        @Override
        public Refusal refusal(NetbiosName calling) {
            return taken.get() ? Refusal.NOT_LISTENING_ON_CALLED_NAME : Refusal.NOT_LISTENING_FOR_CALLING_NAME;
        }

        @Override
        public void left() {
            taken.set(false);
        }

        @Override
        public void accept(NetbiosSession accepted) {
            session.complete(accepted);
            accepted.ended().toCompletableFuture().join();
        }
    }

    private int listen(LocalNetwork local, NetbiosName own, CalledNames called) throws IOException, InterruptedException {
        var first = new First(from.map(f -> network.name(f, 0)));
        called.listen(own, first);
        try (var server = server(local, called)) {
            output.terminal().say(own + " listens on " + local.address() + ":" + server.address().getPort());
            output.terminal().tell(Terminal.event("ready").put("name", own.toString()).put("address", local.address().toString())
                    .put("port", server.address().getPort()));
            var session = first.session.get();
            output.terminal().say("session " + session.id() + " with " + session.peer());
            output.terminal().tell(Terminal.event("session").put("session", session.id().toString()).put("local", session.local().toString())
                    .put("remote", session.remote().toString()).put("address", session.peer().address()));
            new Conversation(session, output, noInput).run();
            return ExitCode.DONE.number();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private SessionServer server(LocalNetwork local, CalledNames called) throws IOException {
        try {
            return SessionServer.listen(new InetSocketAddress(InetAddress.getByAddress(local.address().octets()), network.sessionPort), called,
                    network.limits(), network.recorder());
        } catch (IOException e) {
            throw NetworkOptions.notBound(network.sessionPort, "--session-port", e);
        }
    }
}

package dev.parley.cli.transfer;

import dev.parley.api.AddressText;
import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Signals;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.TapOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.runtime.Tap;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.server.Daemon;
import dev.parley.server.DaemonOptions;
import dev.parley.session.flow.FlowRules;
import dev.parley.transfer.engine.TransferEvent;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs a server until a signal ends it.
@Command(
        name = "serve",
        description = "Receive files into a folder and offer what is in it.",
        footer = {
            "",
            "Examples:",
            "  parley user add alice                             first say who may come",
            "  parley serve inbox                                on all addresses, port 7225, TLS",
            "  parley serve inbox --certificate server.pem --key server.key    known by its name",
            "  parley serve inbox --listen 127.0.0.1:0 --json    any free port; the event `ready` says which"
        })
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final TapOptions taps = new TapOptions();

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "The folder (default: the current one).")
    private Path folder = Path.of(".");

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to listen (default: 0.0.0.0:7225); port 0 means any free one.")
    private String listen = "0.0.0.0:" + Remote.DEFAULT_PORT;

    @Option(names = "--insecure-plain", description = "Plain TCP: everybody on the way can read and change what is sent.")
    private boolean plain;

    @Option(names = "--certificate", paramLabel = "FILE",
            description = "The server's certificate with those that vouch for it (PEM, or PKCS #12 if it ends in .p12), in place of its own one.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The key of the certificate (PEM), when its file does not hold it.")
    private @Nullable Path key;

    @Option(names = "--key-password-file", paramLabel = "FILE", description = "Take the password of an encrypted key from the first line of FILE.")
    private @Nullable Path keyPassword;

    @Option(names = "--keep", paramLabel = "TIME", converter = Span.Converter.class,
            description = "Forget what nobody resumes for TIME (default: 7d).")
    private Duration keep = DaemonOptions.DEFAULT_KEEP;

    @Option(names = "--max-connections", paramLabel = "N", description = "Close further ones at once (default: ${DEFAULT-VALUE}).")
    private int connections = DaemonOptions.DEFAULT_CONNECTIONS;

    @Option(names = "--login-failures", paramLabel = "N",
            description = "Bear N wrong passwords a minute of one user from one address, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int loginFailures = DaemonOptions.DEFAULT_LOGIN_FAILURES;

    @Option(names = "--tokens", paramLabel = "CLASS=N,...", description = "How many heavy flows of a class may transmit at once (default: 1).")
    private String tokens = "";

    @Option(names = "--heavy", paramLabel = "SIZE", converter = Size.Converter.class,
            description = "Smaller transfers need no flow token (default: 64MiB).")
    private Size heavy = new Size(FlowRules.DEFAULT_HEAVY);

    @Override
    public Integer call() throws IOException, InterruptedException {
        var terminal = output.terminal();
        var end = new CountDownLatch(1);
        var signals = Signals.install(end::countDown);
        try (var receipts = new ServedReceipts(state.server(), terminal::say);
                var line = taps.open(false, terminal); var daemon = start(terminal, line.tap(), receipts)) {
            var address = AddressText.of(daemon.address());
            terminal.tell(Terminal.event("ready").put("address", address).put("fingerprint", daemon.fingerprint())
                    .put("folder", folder.toRealPath().toString()));
            terminal.say("serving " + folder.toRealPath() + " on " + address + (plain ? ", plain TCP" : ", TLS 1.3"));
            terminal.say("fingerprint " + daemon.fingerprint());
            if (!daemon.hasUsers()) {
                terminal.say("nobody may come yet: parley user add NAME" + (state.isGiven() ? " --state " + state.given() : ""));
            }
            end.await();
            terminal.say("ending");
        }
        return signals.stopped().orElse(ExitCode.DONE).number();
    }

    private Daemon start(Terminal terminal, Tap tap, ServedReceipts receipts) throws IOException {
        var options = options();
        try {
            return Daemon.start(options, tap, (session, event) -> {
                tell(terminal, session, event);
                receipts.event(session, event);
            });
        } catch (BindException e) {
            throw new CommandFailed(ExitCode.OTHER, "cannot listen on " + listen + ": " + e.getMessage(), "", "", e);
        }
    }

    private DaemonOptions options() {
        try {
            return new DaemonOptions(folder, state.server(), identity(), address(), plain, connections, flows(), keep, loginFailures);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Optional<TlsKey> identity() {
        var file = certificate;
        if (file == null) {
            if (key != null) {
                throw new CommandFailed(ExitCode.USAGE, "--key needs its certificate: --certificate FILE");
            }
            return Optional.empty();
        }
        if (plain) {
            throw new CommandFailed(ExitCode.USAGE, "--certificate proves nothing with --insecure-plain: there are no certificates on plain TCP");
        }
        return Optional.of(LoginOptions.key(file, key, keyPassword));
    }

    private FlowRules flows() {
        try {
            return FlowRules.DEFAULT.withCapacities(FlowRules.capacities(tokens)).withHeavy(heavy.octets());
        } catch (SessionException.Refused e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private InetSocketAddress address() {
        int colon = listen.lastIndexOf(':');
        try {
            var host = colon < 0 ? listen : listen.substring(0, colon).replaceAll("[\\[\\]]", "");
            int port = colon < 0 ? Remote.DEFAULT_PORT : Integer.parseInt(listen.substring(colon + 1));
            var address = new InetSocketAddress(host.isEmpty() ? "0.0.0.0" : host, port);
            if (!address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new CommandFailed(ExitCode.USAGE, "expected HOST:PORT after --listen, not '" + listen + "'");
    }

    private static void tell(Terminal terminal, long session, TransferEvent event) {
        switch (event) {
            case TransferEvent.Started _, TransferEvent.Sent _, TransferEvent.Lost _ -> {}
            case TransferEvent.Checkpoint c -> terminal.tell("checkpoint " + session, EventWords.of(c).put("session", session));
            default -> terminal.tell(EventWords.of(event).put("session", session));
        }
        EventWords.sentence(event).ifPresent(s -> terminal.detail("session " + session + ": " + s));
    }
}

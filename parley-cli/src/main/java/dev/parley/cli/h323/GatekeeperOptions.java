package dev.parley.cli.h323;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Password;
import dev.parley.h323.H323Call;
import dev.parley.h323.H323Endpoint;
import dev.parley.h323.gatekeeper.Addresses;
import dev.parley.h323.gatekeeper.RasEndpoint;
import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/// The gatekeeper that a command registers with.
final class GatekeeperOptions {
    private static final int PATIENCE_SECONDS = 15;
    /// Both directions of G.711, in units of 100 bit/s.
    private static final long BANDWIDTH = 1280;

    @Option(names = "--gatekeeper", paramLabel = "HOST[:PORT]", description = "Register there, and ask it for every call (default port: 1719).")
    private Optional<String> gatekeeper = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "Who we are at a gatekeeper that asks for passwords (default: --name).")
    private Optional<String> user = Optional.empty();

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "Its first line is the password at the gatekeeper (default: the environment variable PARLEY_PASSWORD, or a question when "
                + "--user is given).")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(names = "--md5", description = "Prove the password by the MD5 baseline, for gatekeepers that do not know H.235.1.")
    private boolean md5;

    boolean given() {
        return gatekeeper.isPresent();
    }

    private InetSocketAddress address() {
        var address = CallTarget.address(gatekeeper.orElse(""), Addresses.RAS_PORT);
        if (address.isUnresolved()) {
            throw new CommandFailed(ExitCode.LOST, "the gatekeeper " + gatekeeper.orElse("") + " is unknown");
        }
        return address;
    }

    /// Our address as the gatekeeper can reach it.
    InetAddress local() throws IOException {
        return Addresses.toward(address());
    }

    /// What we prove ourselves with; nothing when no option speaks of it.
    private Optional<Credentials> credentials(String name) {
        if (user.isEmpty() && passwordFile.isEmpty()) {
            if (md5) {
                throw new CommandFailed(ExitCode.USAGE, "--md5 needs --password-file or --user");
            }
            return Optional.empty();
        }
        var who = user.orElse(name);
        var password = Password.read(passwordFile.orElse(null), "Password of " + who + " at the gatekeeper: ");
        try {
            return Optional.of(new Credentials(who, new String(password), md5 ? Credentials.Scheme.MD5 : Credentials.Scheme.HMAC_SHA1_96));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), "", "", e);
        }
    }

    private EndpointConfig config(String name, TransportAddress ras, InetSocketAddress signalling) {
        var config = EndpointConfig.of(List.of(Alias.of(name)), ras, Addresses.of(signalling), Optional.of(Addresses.of(address())));
        return credentials(name).map(config::with).orElse(config);
    }

    /// A registration, for as long as the command runs.
    static final class Link implements AutoCloseable {
        private final VirtualLoop loop = new VirtualLoop("ras");
        private final RasEndpoint ras;
        private final List<Alias> own;
        private final InetSocketAddress signalling;

        private Link(GatekeeperOptions options, String name, InetSocketAddress signalling) throws IOException {
            own = List.of(Alias.of(name));
            this.signalling = signalling;
            ras = RasEndpoint.open(new Udp(), loop, new SecureRandom(), new InetSocketAddress(options.local(), 0),
                    address -> options.config(name, address, signalling), _ -> { });
        }

        /// Where a call of ours goes.
        InetSocketAddress admit(H323Endpoint.Identifiers call, String wanted) {
            return Addresses.of(ask(ras.admit(admission(call.call(), call.conference(), call.reference(), false, List.of(Alias.of(wanted)))))
                    .signalAddress());
        }

        /// Whether we may take a call.
        void admit(H323Call call) {
            call.from().ifPresent(from -> ask(ras.admit(admission(from.callIdentifier(), from.conferenceId(), 1, true, own))));
        }

        private Admission admission(Octets call, Octets conference, int reference, boolean answer, List<Alias> destination) {
            return new Admission(call, conference, reference, answer, destination, Optional.empty(), answer ? List.of() : own,
                    Optional.of(Addresses.of(signalling)), BANDWIDTH);
        }

        void ended(Octets call) {
            ask(ras.disengage(call));
        }

        /// Leaves the gatekeeper.
        @Override
        public void close() {
            ask(ras.unregister());
            stop();
        }

        private void stop() {
            ras.close();
            loop.stop();
        }
    }

    Link register(String name, InetSocketAddress signalling) throws IOException {
        var link = new Link(this, name, signalling);
        try {
            ask(link.ras.registered());
            return link;
        } catch (SessionException | CommandFailed e) {
            link.stop();
            throw e;
        }
    }

    private static <T> T ask(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw new CommandFailed(ExitCode.LOST, "the gatekeeper does not answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SessionException known ? known : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while the gatekeeper was asked", e);
        }
    }
}

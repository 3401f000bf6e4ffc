package dev.parley.cli.h323;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Password;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.gatekeeper.Addresses;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The gatekeeper that a command registers with.
final class GatekeeperOptions {
    /// In place of a host.
    private static final String DISCOVER = "discover";

    @Option(names = "--gatekeeper", paramLabel = "HOST[:PORT]|discover",
            description = "Register there, and ask it for every call (default port: 1719); discover looks for one by multicast "
                + "(224.0.1.41 port 1718).")
    private Optional<String> gatekeeper = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "Who we are at a gatekeeper that asks for passwords (default: --name).")
    private Optional<String> user = Optional.empty();

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "Its first line is the password at the gatekeeper (default: the environment variable PARLEY_PASSWORD, which counts "
                + "whenever --gatekeeper is given, or a question when --user is).")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(names = "--md5", description = "Prove the password by the MD5 baseline, for gatekeepers that do not know H.235.1.")
    private boolean md5;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    boolean given() {
        return gatekeeper.isPresent();
    }

    /// What is for a gatekeeper alone shall not be said in vain. A setting for all calls may be there without one.
    ///
    /// @throws CommandFailed with exit code 2
    void check() {
        for (var option : List.of("--user", "--md5", "--password-file")) {
            if (!given() && command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new CommandFailed(ExitCode.USAGE, option + " is for a gatekeeper: give --gatekeeper HOST, or leave it out");
            }
        }
    }

    /// Whom a target means with the gatekeeper, or without one.
    CallTarget.Destination destination(CallTarget target, ExitCode unknown) {
        return given() && !gatekeeper.orElseThrow().equals(DISCOVER)
                ? target.destinationAt(CallTarget.host("--gatekeeper", gatekeeper.orElseThrow()), unknown) : target.destination(given(), unknown);
    }

    /// Nothing: any that answers.
    private Optional<InetSocketAddress> address() {
        if (gatekeeper.orElse("").equals(DISCOVER)) {
            return Optional.empty();
        }
        return Optional.of(CallTarget.address("--gatekeeper", gatekeeper.orElse(""), Addresses.RAS_PORT, ExitCode.LOST));
    }

    /// Our address as the gatekeeper can reach it.
    InetAddress local() throws IOException {
        try {
            return Addresses.toward(address().orElse(new InetSocketAddress(Addresses.DISCOVERY_GROUP, Addresses.DISCOVERY_PORT)));
        } catch (SocketException e) {
            throw new CommandFailed(ExitCode.LOST, "no network leads to the gatekeeper: " + e.getMessage(), "", "", e);
        }
    }

    Optional<String> user() {
        return user;
    }

    /// Whether we prove ourselves: when there is a password, or somebody to be asked for one.
    private boolean proves() {
        return user.isPresent() || Password.isThere(passwordFile.orElse(null));
    }

    private Optional<Credentials> credentials(String name) {
        if (!proves()) {
            if (md5) {
                throw new CommandFailed(ExitCode.USAGE, "--md5 needs --password-file, PARLEY_PASSWORD or --user");
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
        var config = EndpointConfig.of(List.of(Alias.of(name)), ras, Addresses.of(signalling), address().map(Addresses::of));
        return credentials(name).map(config::with).orElse(config);
    }

    /// @param formats that our calls offer
    /// @param capture where RAS is written
    GatekeeperLink register(String name, InetSocketAddress signalling, List<Capability> formats, Optional<Capture> capture, Terminal terminal)
            throws IOException {
        var local = new InetSocketAddress(local(), 0);
        try {
            return GatekeeperLink.open(local, ras -> config(name, ras, signalling), List.of(Alias.of(name)), signalling,
                    formats, capture, terminal);
        } catch (CommandFailed e) {
            if (e.code() == ExitCode.LOST && proves() && !md5) {
                throw new CommandFailed(ExitCode.LOST, e.message() + ", or does not sign its answers: one without passwords wants neither "
                        + "--user nor --password-file nor PARLEY_PASSWORD", "", "", e);
            }
            throw e;
        }
    }
}

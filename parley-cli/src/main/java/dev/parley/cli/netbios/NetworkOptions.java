package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.name.LocalNetwork;
import dev.parley.netbios.name.NameServer;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.name.Timers;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.socket.NetbiosSockets;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/// The options that say in which network a command is and how it finds names; and what they come to.
final class NetworkOptions {
    @Option(names = "--network", paramLabel = "WHICH",
            description = "The network to be in: a device, an own address, or ADDRESS/BITS (default: the first with broadcasts).")
    Optional<String> network = Optional.empty();

    @Option(names = "--name-server", paramLabel = "ADDRESS", description = "Ask this name server (NBNS, WINS) first, then by broadcast.")
    Optional<String> nameServer = Optional.empty();

    @Option(names = "--node", paramLabel = "B|P|M|H",
            description = "How to find names: broadcast, point to point, mixed, hybrid (default: B; with a name server H).")
    Optional<NodeType> node = Optional.empty();

    @Option(names = "--scope", paramLabel = "SCOPE", description = "The NetBIOS scope (default: the empty one).")
    String scope = "";

    @Option(names = "--name-port", paramLabel = "PORT", description = "The port of the name service (default: ${DEFAULT-VALUE}).")
    int namePort = NameService.Ports.STANDARD;

    @Option(names = "--session-port", paramLabel = "PORT", description = "The port of the session service (default: ${DEFAULT-VALUE}).")
    int sessionPort = NetbiosSockets.SESSION_PORT;

    @Option(names = "--calling", paramLabel = "NAME", description = "The name to call from (default: this computer's).")
    Optional<String> calling = Optional.empty();

    @Option(names = "--wait", paramLabel = "SECONDS", description = "How long to wait for a connection and its answer (default: ${DEFAULT-VALUE}).")
    int waitSeconds = 10;

    @Option(names = "--pcap", paramLabel = "FILE",
            description = "Write what crosses the network into this pcapng file for Wireshark; what SMB encrypts stays encrypted in it.")
    private Optional<Path> pcap = Optional.empty();

    private Recorder recorder = Recorder.NONE;

    /// Does a command while what it sends and receives is written down, if that is wanted.
    int recorded(Terminal terminal, Callable<Integer> command) throws Exception {
        return recorded(terminal, pcap.isPresent() ? Optional.of(PcapOption.open(pcap.get())) : Optional.empty(), command);
    }

    /// The same for a command that ends in good order when the process is stopped: its last packets are in the file too.
    int recordedToTheEnd(Terminal terminal, Callable<Integer> command) throws Exception {
        return recorded(terminal, pcap.isPresent() ? Optional.of(Capture.open(pcap.get())) : Optional.empty(), command);
    }

    private int recorded(Terminal terminal, Optional<Capture> capture, Callable<Integer> command) throws Exception {
        recorder = new Recorder(capture);
        try {
            return command.call();
        } finally {
            PcapOption.finish(capture, terminal);
        }
    }

    Recorder recorder() {
        return recorder;
    }

    LocalNetwork local() {
        try {
            return LocalNetwork.find(network);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "--network: " + e.getMessage(), "", "", e);
        }
    }

    /// Where calls come from: the network that was asked for, else what the system finds best.
    Optional<InetAddress> source() throws IOException {
        return network.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByAddress(local().address().octets()));
    }

    /// What the options must keep to before they are used.
    private void check() {
        for (int port : new int[] {namePort, sessionPort}) {
            if (port < 1 || port > 0xFFFF) {
                throw new CommandFailed(ExitCode.USAGE, "a port is a number from 1 to 65535, not " + port);
            }
        }
        if (waitSeconds < 1 || waitSeconds > 3_600) {
            throw new CommandFailed(ExitCode.USAGE, "--wait takes 1 to 3600 seconds, not " + waitSeconds);
        }
    }

    static Ipv4 ipv4(String what, String text) {
        try {
            return Ipv4.of(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, what + ": " + e.getMessage(), "", "", e);
        }
    }

    NodeConfig config(LocalNetwork local, Optional<Endpoint> server) {
        check();
        var type = node.orElse(server.isEmpty() ? NodeType.B : NodeType.H);
        if (type != NodeType.B && server.isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "a " + type + " node needs --name-server");
        }
        return new NodeConfig(type, local.address(), local.prefix(), type == NodeType.B ? Optional.empty() : server,
                server.isEmpty() ? 0 : 259_200, Timers.RFC);
    }

    Optional<Endpoint> server() {
        check();
        return nameServer.map(s -> new Endpoint(ipv4("--name-server", s), namePort));
    }

    /// The name service for one who only asks: on any port.
    NameService asking() throws IOException {
        var local = local();
        return NameService.open(config(local, server()), new NameService.Ports(0, namePort, local.broadcast(), recorder), Optional.empty());
    }

    /// The name service for one who has names.
    NameService answering(NodeConfig config, LocalNetwork local, Optional<NameServer> server) throws IOException {
        try {
            return NameService.open(config, new NameService.Ports(namePort, namePort, local.broadcast(), recorder), server);
        } catch (IOException e) {
            throw notBound(namePort, "--name-port", e);
        }
    }

    /// What to do when a port may not be bound.
    static CommandFailed notBound(int port, String option, IOException e) {
        var message = String.valueOf(e.getMessage());
        if (e instanceof BindException && message.contains("in use")) {
            return new CommandFailed(ExitCode.OTHER, "port " + port + " is in use here, perhaps by nmbd or smbd of Samba: stop it, choose another "
                    + "address with --network, or another port with " + option, "", "", e);
        }
        if (message.toLowerCase(Locale.ROOT).contains("permission denied")) {
            return new CommandFailed(ExitCode.OTHER, "port " + port + " may not be bound: run as root, allow it with `sysctl "
                    + "net.ipv4.ip_unprivileged_port_start=137`, or choose another port with " + option, "", "", e);
        }
        return new CommandFailed(ExitCode.OTHER, "port " + port + " cannot be bound: " + message, "", "", e);
    }

    NetbiosName name(String text, int suffix) {
        try {
            var name = NetbiosName.parse(text, suffix);
            return name.scope().isEmpty() && !scope.isEmpty() ? new NetbiosName(name.text(), name.suffix(), scope) : name;
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    NetbiosName callingName() throws IOException {
        var text = calling.orElseGet(NetworkOptions::hostName);
        return name(text, 0);
    }

    static String hostName() {
        try {
            var name = InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
            return name.isEmpty() ? "PARLEY" : name.substring(0, Math.min(15, name.length()));
        } catch (IOException e) {
            return "PARLEY";
        }
    }

    SessionLimits limits() {
        check();
        return SessionLimits.DEFAULT.withSetUp(Duration.ofSeconds(waitSeconds));
    }

    NetbiosSockets sockets(NameService names) throws IOException {
        var sockets = new NetbiosSockets(NetbiosSockets.Resolver.of(names), callingName(), sessionPort, limits()).recordedBy(recorder);
        return source().map(sockets::from).orElse(sockets);
    }

    static Optional<Ipv4> address(String text) {
        return text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+") ? Optional.of(ipv4("the address", text)) : Optional.empty();
    }

    /// Where a name is that must be somewhere.
    static List<Resource.Address> found(NameService names, NetbiosName name) {
        return switch (names.query(name)) {
            case Output.Outcome.Found found -> found.addresses();
            case Output.Outcome.Unknown _ -> throw new CommandFailed(ExitCode.LOST, "the name server knows no " + name);
            case Output.Outcome _ -> throw new CommandFailed(ExitCode.LOST, "nobody says that he has " + name);
        };
    }

    /// The first address of a name that a host can have.
    static Ipv4 host(NameService names, NetbiosName name) {
        return found(names, name).stream().map(Resource.Address::address).filter(Ipv4::isHost).findFirst()
                .orElseThrow(() -> new CommandFailed(ExitCode.LOST, "the name server has " + name + ", but tells no address of it"));
    }
}

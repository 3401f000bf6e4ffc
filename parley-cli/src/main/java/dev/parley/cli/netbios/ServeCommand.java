package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Places;
import dev.parley.cli.term.StopSignal;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.datagram.DatagramNode;
import dev.parley.netbios.datagram.DatagramService;
import dev.parley.netbios.datagram.Distributor;
import dev.parley.netbios.name.LocalNetwork;
import dev.parley.netbios.name.NameServer;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Suffix;
import dev.parley.server.names.DurableRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Has names, and is a name server where that is wanted, until it is stopped.
@Command(
        name = "serve",
        description = "Have a NetBIOS name in the network; with --wins also be its name server.",
        footer = {
            "",
            "Registers NAME<00> and NAME<20>, answers queries and status requests, and tells callers that",
            "nobody listens here.",
            "",
            "Examples:",
            "  parley netbios serve --name OFFICE --group WORKGROUP",
            "  parley netbios serve --name OFFICE --wins              a name server that others use as theirs",
            "  parley netbios serve --name OFFICE --name-server 192.0.2.1",
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Option(names = "--name", paramLabel = "NAME", description = "The name (default: this computer's).")
    private Optional<String> name = Optional.empty();

    @Option(names = "--group", paramLabel = "NAME", description = "Also be a member of this workgroup: GROUP<00> and GROUP<1E>.")
    private Optional<String> group = Optional.empty();

    @Option(names = "--wins", description = "Be a name server (NBNS, WINS) too; what it knows is kept in the state folder.")
    private boolean wins;

    @Option(names = "--nbdd", description = "Be a datagram distribution server too; needs --wins.")
    private boolean distribute;

    @Option(names = "--no-sessions", description = "Leave the port of the session service alone, where smbd or others have it.")
    private boolean noSessions;

    @Option(names = "--datagram-port", paramLabel = "PORT", description = "The port of the datagram service (default: ${DEFAULT-VALUE}).")
    private int datagramPort = DatagramService.STANDARD_PORT;

    @Option(names = "--state", paramLabel = "DIR", description = "Where the name server keeps what it knows.")
    private Optional<Path> state = Optional.empty();

    private final List<AutoCloseable> open = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (distribute && !wins) {
            throw new CommandFailed(ExitCode.USAGE, "--nbdd needs --wins: it sends to the members that the name server knows");
        }
        var local = network.local();
        if (datagramPort < 1 || datagramPort > 0xFFFF) {
            throw new CommandFailed(ExitCode.USAGE, "a port is a number from 1 to 65535, not " + datagramPort);
        }
        try (var stop = new StopSignal()) {
            return network.recordedToTheEnd(output.terminal(), () -> serve(local, stop));
        }
    }

    private int serve(LocalNetwork local, StopSignal stop) throws Exception {
        try {
            serve(local);
            stop.await();
            return ExitCode.DONE.number();
        } finally {
            for (var part : open.reversed()) {
                part.close();
            }
        }
    }

    private void serve(LocalNetwork local) throws IOException {
        var own = network.name(name.orElseGet(NetworkOptions::hostName), 0);
        var self = new Endpoint(local.address(), network.namePort);
        if (wins && network.node.isEmpty()) {
            // Its own client too: claims by broadcast and at itself, so that both kinds of nodes find it.
            network.node = Optional.of(NodeType.M);
        }
        var config = network.config(local, wins ? Optional.of(self) : network.server());
        var names = network.answering(config, local, wins ? Optional.of(nameServer()) : Optional.empty());
        open.add(names);
        names.onLost(lost -> {
            output.terminal().warn("parley: lost " + lost.name() + ": " + lost.why());
            output.terminal().tell(Terminal.event("lost").put("name", lost.name().toString()).put("why", lost.why()));
        });
        var called = new CalledNames(true, names::owns);
        var all = new ArrayList<NetbiosName>();
        claim(names, called, all, own, false);
        claim(names, called, all, own.withSuffix(Suffix.FILE_SERVER.octet()), false);
        if (group.isPresent()) {
            claim(names, called, all, network.name(group.get(), 0), true);
            claim(names, called, all, network.name(group.get(), Suffix.BROWSER_ELECTIONS.octet()), true);
        }
        if (!noSessions) {
            open.add(sessions(local, called));
        }
        if (distribute) {
            open.add(distributor(local, names, config.type()));
        }
        ready(local, all);
    }

    private NameServer nameServer() {
        var folder = state.orElseGet(() -> Places.state("server"));
        var durable = DurableRegistry.open(folder);
        open.add(durable);
        return new NameServer(NameServer.Config.DEFAULT, new SecureRandom(), durable.registry(network.namePort, System.currentTimeMillis()));
    }

    private static void claim(NameService names, CalledNames called, List<NetbiosName> all, NetbiosName name, boolean group) {
        switch (names.register(name, group)) {
            case Output.Outcome.Registered _ -> {
                called.add(name);
                all.add(name);
            }
            case Output.Outcome.Denied denied -> throw new CommandFailed(
                    ExitCode.REFUSED, name + " belongs to " + denied.by() + ": choose another name, or stop that one");
            case Output.Outcome _ -> throw new CommandFailed(ExitCode.LOST, "the name server does not answer, so " + name + " is not registered");
        }
    }

    private SessionServer sessions(LocalNetwork local, CalledNames called) throws IOException {
        try {
            return SessionServer.listen(new InetSocketAddress(InetAddress.getByAddress(local.address().octets()), network.sessionPort), called,
                    network.limits(), network.recorder());
        } catch (IOException e) {
            throw NetworkOptions.notBound(network.sessionPort, "--session-port, or leave it out with --no-sessions", e);
        }
    }

    private DatagramService distributor(LocalNetwork local, NameService names, NodeType type) throws IOException {
        var at = new Endpoint(local.address(), datagramPort);
        var members = new Distributor.Members() {
            @Override
            public List<Ipv4> of(NetbiosName name) {
                return names.holders(name);
            }

            @Override
            public Set<Ipv4> hosts(String scope) {
                return names.hosts(scope);
            }
        };
        try {
            return DatagramService.open(new DatagramNode(type, at, new SecureRandom().nextInt()), at, local.broadcast(),
                    new DatagramService.Groups.Broadcast(), Optional.of(new Distributor(members, at)), network.recorder());
        } catch (IOException e) {
            throw NetworkOptions.notBound(datagramPort, "--datagram-port", e);
        }
    }

    private void ready(LocalNetwork local, List<NetbiosName> all) {
        var event = Terminal.event("ready").put("address", local.address().toString()).put("namePort", network.namePort).put("wins", wins);
        var names = event.putArray("names");
        all.forEach(n -> names.add(n.toString()));
        output.terminal().tell(event);
        output.terminal().say(local.address() + " has " + all + (wins ? " and is a name server" : "") + "; Ctrl-C ends it");
    }
}

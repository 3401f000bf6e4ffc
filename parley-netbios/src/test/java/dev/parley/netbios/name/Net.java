package dev.parley.netbios.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NodeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/// A network of nodes and one name server in virtual time that loses, doubles and delays datagrams by a seed.
final class Net {
    static final Ipv4 SERVER = Ipv4.of("10.0.0.250");
    static final int PORT = 137;
    static final Timers TIMERS = new Timers(250, 3, 5_000, 3, 1_000, 60_000, 60_000);

    private record Flying(long at, long order, Ipv4 to, Endpoint from, NamePacket packet) {}

    final Random random;
    final Map<Ipv4, NameNode> nodes = new HashMap<>();
    final Map<Ipv4, List<Output.Lost>> lost = new HashMap<>();
    final Map<Ipv4, Map<Long, Output.Outcome>> done = new HashMap<>();
    NameServer server;
    boolean serverIsDown;
    double loss;
    double doubling;
    long now = 1_000_000;
    private long order;
    private final PriorityQueue<Flying> flying = new PriorityQueue<>(Comparator.comparingLong(Flying::at).thenComparing(Flying::order));

    Net(long seed) {
        random = new Random(seed);
        server = newServer();
    }

    NameServer newServer() {
        var config = new NameServer.Config(60, 120, 1_000, 8, 16, 500, 5);
        return new NameServer(config, random, new Registry(Registry.Journal.NONE, PORT));
    }

    Ipv4 add(NodeType type, int host) {
        var address = Ipv4.of("10.0.0." + host);
        var server = type == NodeType.B ? Optional.<Endpoint>empty() : Optional.of(new Endpoint(SERVER, PORT));
        nodes.put(address, new NameNode(new NodeConfig(type, address, 24, server, 100, TIMERS), random));
        return address;
    }

    NameNode node(Ipv4 address) {
        return Objects.requireNonNull(nodes.get(address));
    }

    /// What a request of a node came to, after the time that it may take.
    Output.Outcome outcome(Ipv4 of, long ticket) {
        run(90_000);
        return Objects.requireNonNull(done.getOrDefault(of, Map.of()).get(ticket), "no outcome yet");
    }

    void run(long millis) {
        long end = now + millis;
        collect();
        while (true) {
            long next = flying.isEmpty() ? Long.MAX_VALUE : flying.peek().at();
            for (var node : nodes.values()) {
                next = Math.min(next, node.nextDeadline());
            }
            next = Math.min(next, server.nextDeadline());
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            while (!flying.isEmpty() && flying.peek().at() <= now) {
                deliver(flying.poll());
            }
            nodes.values().forEach(n -> n.tick(now));
            server.tick(now);
            collect();
        }
    }

    private void deliver(Flying datagram) {
        if (datagram.to().equals(SERVER) && serverIsDown) {
            return;
        } else if (datagram.to().equals(SERVER)) {
            server.receive(datagram.from(), datagram.packet(), now);
        } else if (nodes.containsKey(datagram.to())) {
            node(datagram.to()).receive(datagram.from(), datagram.packet(), now);
        }
        collect();
    }

    void collect() {
        for (var entry : nodes.entrySet()) {
            for (var output : entry.getValue().drain()) {
                perform(entry.getKey(), output);
            }
        }
        server.drain().forEach(o -> perform(SERVER, o));
    }

    private void perform(Ipv4 by, Output output) {
        switch (output) {
            case Output.Send send -> {
                var packet = NamePacketCodec.decode(NamePacketCodec.encode(send.packet()));
                if (send.to().isPresent()) {
                    fly(by, send.to().get().address(), packet);
                } else {
                    new ArrayList<>(nodes.keySet()).stream().sorted().forEach(to -> fly(by, to, packet));
                }
            }
            case Output.Done d -> done.computeIfAbsent(by, _ -> new HashMap<>()).put(d.ticket(), d.outcome());
            case Output.Lost l -> lost.computeIfAbsent(by, _ -> new ArrayList<>()).add(l);
        }
    }

    private void fly(Ipv4 from, Ipv4 to, NamePacket packet) {
        int copies = random.nextDouble() < doubling ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() >= loss) {
                flying.add(new Flying(now + 1 + random.nextInt(loss > 0 ? 200 : 5), order++, to, new Endpoint(from, PORT), packet));
            }
        }
        assertThat(flying.size()).isLessThan(100_000);
    }

    void inject(Ipv4 from, Ipv4 to, NamePacket packet) {
        flying.add(new Flying(now + 1, order++, to, new Endpoint(from, PORT), packet));
    }
}

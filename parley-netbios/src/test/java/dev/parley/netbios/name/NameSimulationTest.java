package dev.parley.netbios.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Nodes and a name server under loss, doubling and reordering in virtual time: whatever happened, once the network is quiet no two hosts
/// believe that they own the same unique name, and released or dead names are free. Of each type, and of those that can live together; B nodes and P
/// or H nodes cannot, since the one does not hear the other.
class NameSimulationTest {
    private static final List<NetbiosName> NAMES = List.of(NetbiosName.of("ALPHA", 0x20), NetbiosName.of("BETA", 0x20), NetbiosName.of("GAMMA", 0));

    private static final List<List<NodeType>> MIXES = List.of(
            List.of(NodeType.B), List.of(NodeType.P), List.of(NodeType.M), List.of(NodeType.H), List.of(NodeType.P, NodeType.M),
            List.of(NodeType.H, NodeType.P), List.of(NodeType.M, NodeType.H), List.of(NodeType.B, NodeType.M),
            List.of(NodeType.H, NodeType.M, NodeType.P));

    @Test
    void noTwoHostsOwnAUniqueNameOnceTheNetworkIsQuiet() {
        simulate(120);
    }

    @Test
    @Tag("slow")
    void norInManyMoreNetworks() {
        simulate(Integer.getInteger("parley.netbios.rounds", 150));
    }

    private static void simulate(int rounds) {
        long base = new Random().nextLong();
        for (int round = 0; round < rounds; round++) {
            simulate(MIXES.get(round % MIXES.size()), base + round);
        }
    }

    private static void simulate(List<NodeType> types, long seed) {
        var net = new Net(seed);
        var hosts = new ArrayList<Ipv4>();
        for (int i = 1; i <= 5; i++) {
            hosts.add(net.add(types.get(i % types.size()), i));
        }
        net.loss = 0.35;
        net.doubling = 0.3;
        for (int step = 0; step < 40; step++) {
            var host = hosts.get(net.random.nextInt(hosts.size()));
            var name = NAMES.get(net.random.nextInt(NAMES.size()));
            var node = net.node(host);
            try {
                if (net.random.nextInt(3) > 0) {
                    node.register(name, false, net.now);
                } else {
                    node.release(name, net.now);
                }
            } catch (dev.parley.api.SessionException.OutOfSequence taken) {
                // It has that name, or has it not: the next step is another one.
            }
            if (net.random.nextInt(20) == 0) {
                net.server = net.newServer();
            }
            net.run(net.random.nextInt(6_000));
        }

        net.loss = 0;
        net.doubling = 0;
        net.run(20 * 60_000);

        for (var name : NAMES) {
            var owners = hosts.stream().filter(h -> net.node(h).owned().contains(name)).toList();
            assertThat(owners).as("owners of %s among %s nodes, seed %s", name, types, seed).hasSizeLessThanOrEqualTo(1);
            // The owner gives the name up, or dies: it must become free in either way.
            for (var owner : owners) {
                if (net.random.nextBoolean()) {
                    net.node(owner).release(name, net.now);
                } else {
                    net.nodes.remove(owner);
                    hosts.remove(owner);
                }
            }
            net.run(30_000);
            var newcomer = net.add(types.getFirst(), 99);
            long ticket = net.node(newcomer).register(name, false, net.now);
            assertThat(net.outcome(newcomer, ticket)).as("claim of the free %s among %s nodes, seed %s", name, types, seed)
                    .isEqualTo(new Output.Outcome.Registered());
            net.nodes.remove(newcomer);
        }
    }
}

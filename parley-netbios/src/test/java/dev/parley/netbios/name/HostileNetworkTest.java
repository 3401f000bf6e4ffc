package dev.parley.netbios.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What hosts that lie, servers that fail and users that ask too much may do to a node and to a name server, and what not.
@Timeout(20)
class HostileNetworkTest {
    private static final NetbiosName NAME = NetbiosName.of("PRINTER", 0x20);
    private static final Ipv4 LIAR = Ipv4.of("10.0.0.66");

    private final Net net = new Net(1);

    private static NetbiosName name(int number) {
        return NetbiosName.of("N" + number, 0);
    }

    private static Resource.Address holder(Ipv4 address) {
        return new Resource.Address(false, NodeType.P, address);
    }

    private int registerAt(NameServer server, Ipv4 from, int flags, NetbiosName name, Ipv4 address) {
        server.receive(new Endpoint(from, 137), NamePacket.claim(1, flags, name, 100, holder(address)), net.now);
        return server.drain().stream().map(o -> ((Output.Send) o).packet()).filter(NamePacket::isResponse).findFirst().orElseThrow().rcode();
    }

    private int register(Ipv4 from, NetbiosName name) {
        return registerAt(net.server, from, 0x2900, name, from);
    }

    private NamePacket lastSent(Ipv4 by) {
        return ((Output.Send) net.node(by).drain().getLast()).packet();
    }

    private void answer(Ipv4 node, Ipv4 from, int id, int flags, NetbiosName name, Resource.Data data) {
        net.node(node).receive(new Endpoint(from, 137), NamePacket.response(id, flags, new Resource(name, 60, data)), net.now);
    }

    @Test
    void onlyTheNameServerMakesAClaimWait() {
        var a = net.add(NodeType.B, 1);
        long ticket = net.node(a).register(NAME, false, net.now);
        answer(a, LIAR, lastSent(a).id(), 0xBC00, NAME, new Resource.Waiting(0x2910));

        net.run(3_000);

        assertThat(net.done.getOrDefault(a, Map.of()).get(ticket)).isEqualTo(new Output.Outcome.Registered());
        assertThat(net.node(a).ignored()).isEqualTo(1);
    }

    @Test
    void aNameServerThatAlwaysAsksToWaitIsNotWaitedForForEver() {
        var a = net.add(NodeType.P, 1);
        net.serverIsDown = true;
        long ticket = net.node(a).register(NAME, false, net.now);
        int id = lastSent(a).id();
        for (int i = 0; i < 20; i++) {
            answer(a, Net.SERVER, id, 0xBC00, NAME, new Resource.Waiting(0x2900));
            net.run(30_000);
        }
        assertThat(net.done.getOrDefault(a, Map.of()).get(ticket)).isEqualTo(new Output.Outcome.NoAnswer());
    }

    @Test
    void aNameServerThatFailsTakesNoNameAway() {
        var a = net.add(NodeType.P, 1);
        net.outcome(a, net.node(a).register(NAME, false, net.now));
        var failing = new NameServer(NameServer.Config.DEFAULT, new Random(1), new Registry(new Registry.Journal() {
            @Override
            public void put(NetbiosName name, Resource.Address holder, Ipv4 registrar, long expiresAt) {
                throw new SessionException.StorageFailure("the disk is full", new java.io.IOException());
            }

            @Override
            public void remove(NetbiosName name, Ipv4 holder) {
                throw new SessionException.StorageFailure("the disk is full", new java.io.IOException());
            }
        }, 137));
        assertThat(registerAt(failing, a, 0x2900, NAME, a)).as("said, not thrown").isEqualTo(NamePacket.SERVER_FAILURE);
        assertThat(failing.names(net.now)).isEmpty();

        var working = net.server;
        net.server = failing;
        net.run(40_000);
        net.server = working;
        net.run(60_000);

        assertThat(net.node(a).owned()).containsExactly(NAME);
        assertThat(net.lost.getOrDefault(a, List.of())).isEmpty();
    }

    @Test
    void aNameIsClaimedAgainWhenTheNameServerComesBack() {
        var a = net.add(NodeType.P, 1);
        net.outcome(a, net.node(a).register(NAME, false, net.now));
        net.serverIsDown = true;
        net.run(20 * 60_000);
        assertThat(net.node(a).owned()).as("what the server has forgotten may be another's").isEmpty();

        net.serverIsDown = false;
        net.run(10 * 60_000);

        assertThat(net.node(a).owned()).containsExactly(NAME);
    }

    @Test
    void tooManyRequestsAreRefusedAndLeaveNothingBehind() {
        var a = net.add(NodeType.B, 1);
        var node = net.node(a);
        net.outcome(a, node.register(NAME, false, net.now));
        for (int i = 0; i < NameNode.MOST_EXCHANGES; i++) {
            node.query(name(i), net.now);
        }
        assertThatThrownBy(() -> node.query(name(0), net.now)).isInstanceOf(SessionException.LimitReached.class);
        assertThatThrownBy(() -> node.register(name(0), false, net.now)).isInstanceOf(SessionException.LimitReached.class);
        // What the node does by itself goes on meanwhile: here the time to verify the name comes.
        net.now += 200_000;
        node.tick(net.now);
        net.collect();

        net.run(10_000);
        assertThat(net.outcome(a, node.register(name(0), false, net.now))).isEqualTo(new Output.Outcome.Registered());
        assertThat(node.owned()).containsExactly(NAME, name(0));
    }

    @Test
    void manyAnsweredQueriesDoNotUseUpTheRequests() {
        var a = net.add(NodeType.B, 1);
        var node = net.node(a);
        for (int i = 0; i < 70_000; i++) {
            long ticket = node.query(NAME, net.now);
            answer(a, LIAR, lastSent(a).id(), 0x8500, NAME, new Resource.Addresses(List.of(holder(LIAR))));
            assertThat(node.drain()).contains(new Output.Done(ticket, new Output.Outcome.Found(List.of(holder(LIAR)), LIAR, false)));
        }
    }

    @Test
    void expiredNamesMakeRoomAtTheServer() {
        for (int i = 0; i < 8; i++) {
            assertThat(register(LIAR, name(i))).isEqualTo(NamePacket.OK);
        }
        assertThat(register(LIAR, name(8))).isEqualTo(NamePacket.SERVER_FAILURE);
        for (int i = 8; i < 1_000; i++) {
            assertThat(register(Ipv4.of("10.0." + i / 8 + ".1"), name(i))).isEqualTo(NamePacket.OK);
        }
        assertThat(register(Ipv4.of("10.0.1.2"), name(1_000))).isEqualTo(NamePacket.SERVER_FAILURE);

        net.now += 100_000;

        assertThat(register(LIAR, name(9))).isEqualTo(NamePacket.OK);
        assertThat(register(Ipv4.of("10.0.1.2"), name(1_000))).isEqualTo(NamePacket.OK);
    }

    @Test
    void whoNamesTheAddressOfAnotherPaysForItHimself() {
        var victim = Ipv4.of("10.0.0.7");
        for (int i = 0; i < 4; i++) {
            assertThat(register(LIAR, name(i))).isEqualTo(NamePacket.OK);
            assertThat(registerAt(net.server, LIAR, 0x7900, name(i), victim)).isEqualTo(NamePacket.OK);
        }
        assertThat(registerAt(net.server, LIAR, 0x7900, name(0), Ipv4.of("10.0.0.8"))).isEqualTo(NamePacket.SERVER_FAILURE);
        for (int i = 10; i < 18; i++) {
            assertThat(register(victim, name(i))).isEqualTo(NamePacket.OK);
        }
    }

    @Test
    void aUniqueNameHasAsManyAddressesAsAnInternetGroupAtMost() {
        var server = new NameServer(NameServer.Config.DEFAULT, new Random(1), new Registry(Registry.Journal.NONE, 137));
        assertThat(registerAt(server, LIAR, 0x2900, NAME, LIAR)).isEqualTo(NamePacket.OK);
        for (int i = 1; i <= Registry.MOST_INTERNET_GROUP; i++) {
            net.now++;
            assertThat(registerAt(server, LIAR, 0x7900, NAME, Ipv4.of("10.0.1." + i))).isEqualTo(NamePacket.OK);
        }
        assertThat(server.holders(NAME, net.now)).hasSize(Registry.MOST_INTERNET_GROUP).contains(Ipv4.of("10.0.1.25")).doesNotContain(LIAR);
    }

    @Test
    void oneHostChallengesOnlySoManyOthersAtATime() {
        var server = new NameServer(NameServer.Config.DEFAULT, new Random(1), new Registry(Registry.Journal.NONE, 137));
        for (int i = 0; i <= NameServer.MOST_CHALLENGES_PER_HOST; i++) {
            assertThat(registerAt(server, Ipv4.of("10.0.1.1"), 0x2900, name(i), Ipv4.of("10.0.1.1"))).isEqualTo(NamePacket.OK);
        }
        for (int i = 0; i < NameServer.MOST_CHALLENGES_PER_HOST; i++) {
            server.receive(new Endpoint(LIAR, 137), NamePacket.claim(1, 0x2900, name(i), 100, holder(LIAR)), net.now);
            assertThat(server.drain()).as("told to wait, and the owner is asked").hasSize(2);
        }
        assertThat(registerAt(server, LIAR, 0x2900, name(NameServer.MOST_CHALLENGES_PER_HOST), LIAR)).isEqualTo(NamePacket.SERVER_FAILURE);
    }
}

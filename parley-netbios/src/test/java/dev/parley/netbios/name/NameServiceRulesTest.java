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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NameServiceRulesTest {
    private static final NetbiosName NAME = NetbiosName.of("PRINTER", 0x20);
    private static final NetbiosName GROUP = NetbiosName.of("WORKGROUP", 0x1E);

    private final Net net = new Net(1);

    private Output.Outcome register(Ipv4 at, NetbiosName name, boolean group) {
        return net.outcome(at, net.node(at).register(name, group, net.now));
    }

    private Output.Outcome query(Ipv4 at, NetbiosName name) {
        return net.outcome(at, net.node(at).query(name, net.now));
    }

    @ParameterizedTest
    @EnumSource(NodeType.class)
    void aNameIsClaimedFoundDefendedAndReleased(NodeType type) {
        var a = net.add(type, 1);
        var b = net.add(type, 2);

        assertThat(register(a, NAME, false)).isEqualTo(new Output.Outcome.Registered());
        assertThat(query(b, NAME)).isInstanceOfSatisfying(Output.Outcome.Found.class,
                f -> assertThat(f.addresses()).containsExactly(new Resource.Address(false, type, a)));
        assertThat(register(b, NAME, false)).isInstanceOfSatisfying(Output.Outcome.Denied.class,
                d -> assertThat(d.rcode()).isEqualTo(NamePacket.ACTIVE));
        assertThat(net.outcome(a, net.node(a).release(NAME, net.now))).isEqualTo(new Output.Outcome.Released());
        assertThat(register(b, NAME, false)).isEqualTo(new Output.Outcome.Registered());
        assertThat(net.node(b).owned()).containsExactly(NAME);
    }

    @ParameterizedTest
    @EnumSource(NodeType.class)
    void aNameOfACrashedHostBecomesFree(NodeType type) {
        var a = net.add(type, 1);
        var b = net.add(type, 2);
        register(a, NAME, false);

        net.nodes.remove(a);

        assertThat(register(b, NAME, false)).isEqualTo(new Output.Outcome.Registered());
    }

    @ParameterizedTest
    @EnumSource(NodeType.class)
    void groupsHaveManyMembersAndClashWithUniqueNames(NodeType type) {
        var a = net.add(type, 1);
        var b = net.add(type, 2);
        var c = net.add(type, 3);

        assertThat(register(a, GROUP, true)).isEqualTo(new Output.Outcome.Registered());
        assertThat(register(b, GROUP, true)).isEqualTo(new Output.Outcome.Registered());
        assertThat(register(c, GROUP, false)).isInstanceOf(Output.Outcome.Denied.class);
        assertThat(query(c, GROUP)).isInstanceOf(Output.Outcome.Found.class);
        if (type == NodeType.P) {
            assertThat(((Output.Outcome.Found) query(c, GROUP)).addresses()).hasSize(2);
        }
    }

    @Test
    void namesAreRefreshedAndOutliveTheirTime() {
        var a = net.add(NodeType.P, 1);
        register(a, NAME, false);

        net.run(10 * 60_000);

        assertThat(net.node(a).owned()).containsExactly(NAME);
        assertThat(query(net.add(NodeType.P, 2), NAME)).isInstanceOf(Output.Outcome.Found.class);
    }

    @Test
    void aForgedConflictTakesNoNameAndIsCounted() {
        var a = net.add(NodeType.B, 1);
        register(a, NAME, false);

        net.inject(Ipv4.of("10.0.0.66"), a, NamePacket.response(7, 0xAD87, new Resource(NAME, 0, new Resource.Addresses(List.of()))));
        net.inject(Ipv4.of("10.0.0.66"), a, NamePacket.claim(8, 0x3010, NAME, 0, new Resource.Address(false, NodeType.B, a)));
        net.run(10_000);

        assertThat(net.node(a).owned()).containsExactly(NAME);
        assertThat(net.node(a).ignored()).isEqualTo(2);
    }

    @Test
    void anAnswerFromElsewhereIsIgnored() {
        var a = net.add(NodeType.P, 1);
        long ticket = net.node(a).query(NAME, net.now);
        var id = ((Output.Send) net.node(a).drain().getFirst()).packet().id();
        var lie = NamePacket.response(id, 0x8500, new Resource(NAME, 0,
                new Resource.Addresses(List.of(new Resource.Address(false, NodeType.B, Ipv4.of("10.0.0.66"))))));

        net.inject(Ipv4.of("10.0.0.66"), a, lie);

        assertThat(net.outcome(a, ticket)).isEqualTo(new Output.Outcome.Unknown());
        assertThat(net.node(a).ignored()).isEqualTo(1);
    }

    @Test
    void nobodyRegistersOrReleasesForAnotherHost() {
        var a = net.add(NodeType.P, 1);
        register(a, NAME, false);
        var mine = new Resource.Address(false, NodeType.P, a);

        net.inject(Ipv4.of("10.0.0.66"), Net.SERVER, NamePacket.claim(1, 0x3000, NAME, 0, mine));
        net.inject(Ipv4.of("10.0.0.66"), Net.SERVER, NamePacket.claim(2, 0x2900, NetbiosName.of("OTHER", 0), 0, mine));
        net.run(100);

        assertThat(net.server.ignored()).isEqualTo(2);
        assertThat(query(net.add(NodeType.P, 2), NAME)).isInstanceOf(Output.Outcome.Found.class);
        assertThat(query(net.add(NodeType.P, 3), NetbiosName.of("OTHER", 0))).isEqualTo(new Output.Outcome.Unknown());
    }

    @Test
    void aHostHasNoMoreNamesThanTheServerAllows() {
        var a = net.add(NodeType.P, 1);
        for (int i = 0; i < 8; i++) {
            assertThat(register(a, NetbiosName.of("N" + i, 0), false)).isEqualTo(new Output.Outcome.Registered());
        }
        assertThat(register(a, NetbiosName.of("N8", 0), false)).isEqualTo(new Output.Outcome.Denied(Net.SERVER, NamePacket.SERVER_FAILURE));
    }

    @Test
    void aHybridNodeFallsBackToBroadcastWithoutItsServer() {
        var a = net.add(NodeType.H, 1);
        var b = net.add(NodeType.B, 2);
        net.inject(a, a, NamePacket.statusRequest(1, NAME));
        net.loss = 0;
        long ticket = net.node(a).register(NAME, false, net.now);
        net.node(a).drain();
        net.run(15_500);
        assertThat(query(b, NAME)).isInstanceOf(Output.Outcome.Found.class);
        assertThat(net.outcome(a, ticket)).isEqualTo(new Output.Outcome.Registered());
    }

    @Test
    void theStatusListsTheNamesAndIsLimitedPerSource() {
        var a = net.add(NodeType.B, 1);
        var b = net.add(NodeType.B, 2);
        register(a, NAME, false);
        register(a, GROUP, true);

        var status = net.outcome(b, net.node(b).status(new Endpoint(a, 137), NetbiosName.WILDCARD, net.now));
        assertThat(status).isInstanceOfSatisfying(Output.Outcome.StatusOf.class, s -> assertThat(s.status().names())
                .containsExactly(new Resource.StatusName(NAME, 0x0400), new Resource.StatusName(GROUP, 0x8400)));

        net.run(2_000);
        for (int i = 0; i < 11; i++) {
            net.node(a).receive(new Endpoint(Ipv4.of("10.0.0.9"), 137), NamePacket.statusRequest(i, NetbiosName.WILDCARD), net.now);
        }
        assertThat(net.node(a).drain()).hasSize(10);
    }

    @Test
    void theTableHasALimitAndRefusesWhatCannotBeOwned() {
        var node = net.node(net.add(NodeType.B, 1));
        for (int i = 0; i < NameNode.MOST_NAMES; i++) {
            node.register(NetbiosName.of("N" + i, 0), false, net.now);
        }
        assertThatThrownBy(() -> node.register(NAME, false, net.now)).isInstanceOf(SessionException.LimitReached.class);
        assertThatThrownBy(() -> node.register(NetbiosName.of("N1", 0), false, net.now)).isInstanceOf(SessionException.OutOfSequence.class);
        assertThatThrownBy(() -> node.register(NetbiosName.ANY_SERVER, false, net.now)).isInstanceOf(SessionException.Refused.class);
    }

    @Test
    void aMultihomedOwnerIsAskedAtAllItsAddresses() {
        var a = net.add(NodeType.P, 1);
        register(a, NAME, false);
        var b = net.add(NodeType.P, 2);
        var second = new Resource.Address(false, NodeType.P, Ipv4.of("10.0.0.77"));
        net.inject(a, Net.SERVER, NamePacket.claim(1, 0x7900, NAME, 100, second));
        net.run(100);

        assertThat(register(b, NAME, false)).isInstanceOf(Output.Outcome.Denied.class);
        net.nodes.remove(a);
        assertThat(register(b, NAME, false)).isEqualTo(new Output.Outcome.Registered());
        assertThat(query(b, NAME)).isInstanceOfSatisfying(Output.Outcome.Found.class, f -> assertThat(f.addresses()).hasSize(1));
    }

    @Test
    void longAnswersAreLimitedPerSource() {
        for (int i = 1; i <= 20; i++) {
            register(net.add(NodeType.P, i), GROUP, true);
        }
        for (int i = 0; i < 6; i++) {
            net.server.receive(new Endpoint(Ipv4.of("10.0.0.9"), 137), NamePacket.query(i, GROUP, false), net.now);
        }
        var sizes = net.server.drain().stream().map(o -> ((Output.Send) o).packet())
                .map(p -> ((Resource.Addresses) p.answer().orElseThrow().data()).addresses().size() + (p.isTruncated() ? 1_000 : 0)).toList();
        assertThat(sizes).containsExactly(20, 20, 20, 20, 20, 1_001);
    }

    @Test
    void anAnswerOfAnotherKindIsIgnored() {
        var a = net.add(NodeType.P, 1);
        long ticket = net.node(a).query(NAME, net.now);
        var id = ((Output.Send) net.node(a).drain().getFirst()).packet().id();

        net.inject(Net.SERVER, a, NamePacket.response(id, 0xB400, new Resource(NAME, 0,
                new Resource.Addresses(List.of(new Resource.Address(false, NodeType.B, Ipv4.of("10.0.0.66")))))));

        assertThat(net.outcome(a, ticket)).isEqualTo(new Output.Outcome.Unknown());
        assertThat(net.node(a).ignored()).isEqualTo(1);
    }

    @Test
    void aPointToPointNodeDoesNotHearBroadcasts() {
        var p = net.add(NodeType.P, 1);
        var b = net.add(NodeType.B, 2);
        register(p, NAME, false);

        assertThat(query(b, NAME)).isEqualTo(new Output.Outcome.NoAnswer());
    }
}

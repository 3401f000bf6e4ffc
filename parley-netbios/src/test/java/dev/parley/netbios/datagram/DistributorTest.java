package dev.parley.netbios.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DistributorTest {
    private static final NetbiosName GROUP = NetbiosName.of("GROUP", 0x1E);
    private static final NetbiosName SENDER = NetbiosName.of("SENDER", 0);
    private static final Endpoint SERVER = at(9);
    private static final Endpoint A = at(1);

    private final Map<NetbiosName, List<Ipv4>> names = Map.of(
            GROUP, List.of(A.address(), at(2).address(), at(3).address(), SERVER.address()), SENDER, List.of(A.address()));
    private final Distributor distributor = new Distributor(new Distributor.Members() {
        @Override
        public List<Ipv4> of(NetbiosName name) {
            return names.getOrDefault(name, List.of());
        }

        @Override
        public Set<Ipv4> hosts(String scope) {
            return names.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        }
    }, SERVER);

    private static Endpoint at(int host) {
        return new Endpoint(Ipv4.of("10.0.0." + host), 138);
    }

    private static Datagram.Message message(Datagram.Kind kind, Endpoint claimed, NodeType type) {
        return new Datagram.Message(kind, new Datagram.Header(false, true, type, 7, claimed), 0, SENDER, GROUP, ByteBuffer.allocate(3));
    }

    @Test
    void aGroupDatagramGoesToEveryOtherMemberUnchanged() {
        var message = message(Datagram.Kind.DIRECT_GROUP, A, NodeType.P);
        assertThat(distributor.receive(A, message, 0)).containsExactly(new Distributor.Copy(at(2), message), new Distributor.Copy(at(3), message));
        assertThat(distributor.receive(A, message(Datagram.Kind.BROADCAST, A, NodeType.M), 0)).extracting(Distributor.Copy::to)
                .containsExactlyInAnyOrder(at(2), at(3));
        assertThat(distributor.receive(A, message(Datagram.Kind.DIRECT_GROUP, A, NodeType.B), 0)).isEmpty();
        assertThat(distributor.receive(A, message(Datagram.Kind.DIRECT_UNIQUE, A, NodeType.P), 0)).isEmpty();
    }

    @Test
    void itSaysForWhichNamesItDistributes() {
        for (boolean known : new boolean[] {true, false}) {
            var name = known ? GROUP : NetbiosName.of("NOBODY", 0);
            var copies = distributor.receive(A, new Datagram.Query(new Datagram.Header(false, true, NodeType.P, 5, A), name), 0);
            assertThat(copies).singleElement().satisfies(c -> {
                assertThat(c.to()).isEqualTo(A);
                assertThat(c.packet()).isInstanceOfSatisfying(Datagram.Answer.class, a -> assertThat(a.positive()).isEqualTo(known));
            });
        }
    }

    @Test
    void whoDoesNotHaveTheSourceNameIsNotServed() {
        assertThat(distributor.receive(at(66), message(Datagram.Kind.DIRECT_GROUP, A, NodeType.P), 0)).isEmpty();
        assertThat(distributor.receive(at(2), message(Datagram.Kind.DIRECT_GROUP, at(2), NodeType.P), 0)).isEmpty();
        assertThat(distributor.refused()).isEqualTo(2);
    }

    @Test
    void oneSourceIsServedOnlySoOften() {
        var message = message(Datagram.Kind.DIRECT_GROUP, A, NodeType.P);
        for (int i = 0; i < Distributor.MOST_PER_SECOND; i++) {
            assertThat(distributor.receive(A, message, 0)).hasSize(2);
        }
        assertThat(distributor.receive(A, message, 999)).isEmpty();
        assertThat(distributor.receive(A, message, 1_000)).hasSize(2);
    }
}

package dev.parley.netbios.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DatagramNodeTest {
    private static final Endpoint A = new Endpoint(Ipv4.of("10.0.0.1"), 138);
    private static final Endpoint B = new Endpoint(Ipv4.of("10.0.0.2"), 138);
    private static final NetbiosName FROM = new NetbiosName("SENDER", 0, "a.scope.of.many.octets");
    private static final NetbiosName TO = new NetbiosName("TARGET", 0, "a.scope.of.many.octets");
    private static final NetbiosName GROUP = NetbiosName.of("GROUP", 0x1E);

    private final DatagramNode a = new DatagramNode(NodeType.B, A, 0xFFFF);
    private final DatagramNode b = new DatagramNode(NodeType.B, B, 1);

    DatagramNodeTest() {
        a.add(FROM, false);
        b.add(TO, false);
        b.add(GROUP, true);
    }

    private static ByteBuffer data(int size) {
        var octets = new byte[size];
        new Random(size).nextBytes(octets);
        return ByteBuffer.wrap(octets);
    }

    private List<DatagramNode.Received> deliver(List<Datagram.Message> packets, long now) {
        var delivered = new ArrayList<DatagramNode.Received>();
        for (var packet : packets) {
            var octets = DatagramCodec.encode(packet);
            assertThat(octets.remaining()).isLessThanOrEqualTo(576);
            if (b.receive(A, true, DatagramCodec.decode(octets), now) instanceof DatagramNode.Result.Deliver d) {
                delivered.add(d.datagram());
            }
        }
        return delivered;
    }

    @Test
    void everySizeArrivesWholeInAnyOrderEvenDoubled() {
        for (int size : new int[] {0, 1, 400, 420, 511, 512}) {
            var packets = a.send(Datagram.Kind.DIRECT_UNIQUE, FROM, TO, data(size));
            assertThat(packets.size()).isEqualTo(size > 450 ? 2 : 1);
            assertThat(deliver(packets.reversed(), 0)).extracting(DatagramNode.Received::data).containsExactly(data(size));
        }
        var doubled = a.send(Datagram.Kind.DIRECT_UNIQUE, FROM, TO, data(512));
        assertThat(deliver(List.of(doubled.getFirst(), doubled.getFirst(), doubled.getLast()), 0)).hasSize(1);
        assertThatThrownBy(() -> a.send(Datagram.Kind.DIRECT_UNIQUE, FROM, TO, data(513))).isInstanceOf(SessionException.LimitReached.class);
    }

    @Test
    void aBroadcastStaysInItsScope() {
        for (var scope : new String[] {"", TO.scope()}) {
            assertThat(deliver(a.send(Datagram.Kind.BROADCAST, FROM, new NetbiosName("*", 0, scope), data(9)), 0)).hasSize(1);
        }
        assertThat(deliver(a.send(Datagram.Kind.BROADCAST, FROM, new NetbiosName("*", 0, "another"), data(9)), 0)).isEmpty();
        assertThat(b.dropped()).isEqualTo(1);
    }

    @Test
    void fragmentsWithoutTheRestAreDroppedInTime() {
        var packets = a.send(Datagram.Kind.DIRECT_UNIQUE, FROM, TO, data(512));
        assertThat(deliver(packets.subList(0, 1), 0)).isEmpty();
        assertThat(deliver(packets.subList(1, packets.size()), DatagramNode.FRAGMENT_MILLIS)).isEmpty();
        assertThat(b.dropped()).isEqualTo(1);
    }

    @Test
    void incompleteDatagramsAreLimited() {
        for (int i = 0; i <= DatagramNode.MOST_INCOMPLETE; i++) {
            deliver(a.send(Datagram.Kind.DIRECT_UNIQUE, FROM, TO, data(512)).subList(0, 1), 0);
        }
        assertThat(b.dropped()).isEqualTo(1);
    }

    @Test
    void aMissingNameIsReportedForUniqueDatagramsOnly() {
        var stray = a.send(Datagram.Kind.DIRECT_UNIQUE, FROM, NetbiosName.of("NOBODY", 0), data(1)).getFirst();
        assertThat(b.receive(A, true, stray, 0)).isInstanceOfSatisfying(DatagramNode.Result.Reply.class,
                r -> assertThat(r.packet()).isInstanceOfSatisfying(Datagram.Failure.class, f -> assertThat(f.code()).isEqualTo(0x82)));
        var group = a.send(Datagram.Kind.DIRECT_GROUP, FROM, NetbiosName.of("OTHERS", 0x1E), data(1)).getFirst();
        assertThat(b.receive(A, true, group, 0)).isEqualTo(new DatagramNode.Result.Nothing());
        assertThat(deliver(a.send(Datagram.Kind.DIRECT_GROUP, FROM, GROUP, data(9)), 0)).hasSize(1);
        assertThat(deliver(a.send(Datagram.Kind.BROADCAST, FROM, NetbiosName.WILDCARD, data(9)), 0)).hasSize(1);
        assertThat(b.receive(A, false, stray, 0)).as("what came by broadcast is not answered").isEqualTo(new DatagramNode.Result.Nothing());
        assertThat(b.dropped()).isEqualTo(3);
        assertThatThrownBy(() -> a.send(Datagram.Kind.BROADCAST, TO, TO, data(1))).isInstanceOf(SessionException.OutOfSequence.class);
    }
}

package dev.parley.netbios.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.netbios.FreePort;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Timers;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The tables of an adapter at their limits, and a name in conflict.
@Timeout(60)
class TablesTest {
    private static final Ipv4 ADDRESS = Ipv4.of("127.0.11.1");
    private static final Ipv4 EVERYBODY = Ipv4.of("127.255.255.255");
    private static final NetbiosName NAME = NetbiosName.of("DISPUTED", 0x20);

    private static NetbiosAdapter adapter(int namePort) throws IOException {
        var node = new NodeConfig(NodeType.B, ADDRESS, 8, Optional.empty(), 0, new Timers(10, 1, 500, 2, 200, 200, 60_000));
        return NetbiosAdapter.open(new NetbiosAdapter.Config(
                node, new NameService.Ports(namePort, namePort, EVERYBODY), FreePort.next(), FreePort.next(),
                SessionLimits.DEFAULT, true));
    }

    @Test
    void theNameTableHoldsThoseOfNumbers2To254() throws IOException {
        try (var adapter = adapter(FreePort.next())) {
            var adds = IntStream.rangeClosed(2, 254).mapToObj(i -> adapter.begin(a -> a.addGroupName(NetbiosName.of("N" + i, 0)))).toList();
            assertThat(adds.stream().map(Pending::await)).hasSize(253).doesNotHaveDuplicates().allMatch(n -> n >= 2 && n <= 254);
            assertThatThrownBy(() -> adapter.addName(NAME)).isInstanceOfSatisfying(VerbFailed.class,
                    e -> assertThat(e.code()).isEqualTo(ReturnCode.NAME_TABLE_FULL));
            adapter.deleteName(NetbiosName.of("N7", 0));
            assertThat(adapter.addGroupName(NAME)).isBetween(2, 254);
        }
    }

    @Test
    void theSessionTableHolds254() {
        var table = new SessionTable();
        for (int i = 0; i < SessionTable.MOST; i++) {
            assertThat(table.reserve()).isTrue();
        }
        assertThat(table.reserve()).isFalse();
        table.unreserve();
        assertThat(table.reserve()).isTrue();
    }

    @Test
    void aNameInConflictCanBeDeletedButNotUsed() throws IOException {
        int port = FreePort.next();
        try (var adapter = adapter(port); var hearing = new DatagramSocket(null)) {
            hearing.setReuseAddress(true);
            hearing.setSoTimeout(500);
            hearing.bind(new InetSocketAddress(InetAddress.getByAddress(EVERYBODY.octets()), port));
            adapter.addName(NAME);
            while (conflictless(adapter)) {
                defend(hearing);
            }
            assertThat(adapter.adapterStatus().names()).singleElement()
                    .satisfies(n -> assertThat(n.flags() & Resource.StatusName.CONFLICT).isNotZero());
            assertThatThrownBy(() -> adapter.sendBroadcastDatagram(NAME, ByteBuffer.allocate(1))).isInstanceOfSatisfying(VerbFailed.class,
                    e -> assertThat(e.code()).isEqualTo(ReturnCode.NAME_CONFLICT));
            adapter.deleteName(NAME);
            assertThat(adapter.adapterStatus().names()).isEmpty();
        }
    }

    private static boolean conflictless(NetbiosAdapter adapter) {
        return adapter.adapterStatus().names().stream().allMatch(n -> (n.flags() & Resource.StatusName.CONFLICT) == 0);
    }

    /// Answers the next claim that is heard as if the name were ours.
    private static void defend(DatagramSocket hearing) throws IOException {
        var packet = new DatagramPacket(new byte[600], 600);
        try {
            hearing.receive(packet);
        } catch (SocketTimeoutException e) {
            // The answer before may have been enough.
            return;
        }
        var claim = NamePacketCodec.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        if (claim.isResponse() || claim.claim().isEmpty()) {
            return;
        }
        var holder = new Resource.Address(false, NodeType.B, Ipv4.of("127.0.11.66"));
        var answer = NamePacketCodec.encode(NamePacket.response(claim.id(), 0xAD86, new Resource(NAME, 0, new Resource.Addresses(List.of(holder)))));
        try (var liar = new DatagramSocket(new InetSocketAddress("127.0.11.66", 0))) {
            liar.send(new DatagramPacket(answer.array(), answer.remaining(), packet.getSocketAddress()));
        }
    }
}

package dev.parley.netbios.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Datagrams to a group on real sockets, by each of the three ways.
@Timeout(30)
class DatagramServiceTest {
    private static final Ipv4 SENDER = Ipv4.of("127.0.4.1");
    private static final Ipv4 MEMBER = Ipv4.of("127.0.4.2");
    private static final Ipv4 SERVER = Ipv4.of("127.0.4.3");
    private static final Ipv4 EVERYBODY = Ipv4.of("127.255.255.255");
    private static final NetbiosName FROM = NetbiosName.of("SENDER", 0);
    private static final NetbiosName GROUP = NetbiosName.of("GROUP", 0x1E);
    private static final Map<NetbiosName, List<Ipv4>> NAMES = Map.of(FROM, List.of(SENDER), GROUP, List.of(MEMBER, SERVER));

    private final List<DatagramService> open = new ArrayList<>();
    private int port;

    @BeforeEach
    void aFreePort() throws IOException {
        try (var probe = new DatagramSocket(0)) {
            port = probe.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        open.forEach(DatagramService::close);
    }

    private DatagramService host(Ipv4 address, NodeType type, DatagramService.Groups groups, Optional<Distributor> distributor) throws IOException {
        var at = new Endpoint(address, port);
        var node = new DatagramNode(type, at, 1);
        node.add(address.equals(SENDER) ? FROM : GROUP, !address.equals(SENDER));
        var service = DatagramService.open(node, at, EVERYBODY, groups, distributor, Recorder.NONE);
        open.add(service);
        return service;
    }

    private void arrives(DatagramService.Groups groups, NodeType type, DatagramService... receivers) throws Exception {
        var octets = new byte[512];
        host(SENDER, type, groups, Optional.empty()).sendToGroup(FROM, GROUP, ByteBuffer.wrap(octets));
        for (var receiver : receivers) {
            assertThat(receiver.receive(Duration.ofSeconds(20))).hasValueSatisfying(d -> {
                assertThat(d.from()).isEqualTo(FROM);
                assertThat(d.data()).isEqualTo(ByteBuffer.wrap(octets));
            });
        }
    }

    @Test
    void byBroadcast() throws Exception {
        var member = host(MEMBER, NodeType.B, new DatagramService.Groups.Broadcast(), Optional.empty());
        arrives(new DatagramService.Groups.Broadcast(), NodeType.B, member);
    }

    @Test
    void toEachMemberThatTheNameServerTells() throws Exception {
        var member = host(MEMBER, NodeType.P, new DatagramService.Groups.Broadcast(), Optional.empty());
        arrives(new DatagramService.Groups.FanOut(n -> NAMES.getOrDefault(n, List.of())), NodeType.P, member);
    }

    @Test
    void throughTheDistributionServer() throws Exception {
        var members = new Distributor.Members() {
            @Override
            public List<Ipv4> of(NetbiosName name) {
                return NAMES.getOrDefault(name, List.of());
            }

            @Override
            public Set<Ipv4> hosts(String scope) {
                return Set.of(SENDER, MEMBER, SERVER);
            }
        };
        var at = new Endpoint(SERVER, port);
        var server = host(SERVER, NodeType.M, new DatagramService.Groups.Broadcast(), Optional.of(new Distributor(members, at)));
        var member = host(MEMBER, NodeType.P, new DatagramService.Groups.Broadcast(), Optional.empty());
        arrives(new DatagramService.Groups.Distributed(at), NodeType.P, member, server);
    }
}

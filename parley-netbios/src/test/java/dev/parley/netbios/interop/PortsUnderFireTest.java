package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.FreePort;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.verbs.NetbiosAdapter;
import dev.parley.netbios.verbs.ReturnCode;
import dev.parley.netbios.verbs.VerbFailed;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The three ports, shot at with damaged packets by a seed: afterwards the host still answers, talks and has its name.
@Timeout(60)
class PortsUnderFireTest {
    private static final NetbiosName NAME = NetbiosName.of("TARGET", 0x20);
    private static final NetbiosName FRIEND = NetbiosName.of("FRIEND", 0);
    private static final NetbiosName FOE = NetbiosName.of("FOE", 0);
    private static final Resource.Address HOLDER = new Resource.Address(false, NodeType.B, Ipv4.of("127.0.6.1"));
    private static final Datagram.Header HEADER = new Datagram.Header(false, true, NodeType.B, 7, new Endpoint(Ipv4.of("127.0.6.9"), 138));

    private static final List<ByteBuffer> NAME_PACKETS = List.of(
            NamePacketCodec.encode(NamePacket.query(1, NAME, false)), NamePacketCodec.encode(NamePacket.statusRequest(2, NetbiosName.WILDCARD)),
            NamePacketCodec.encode(NamePacket.claim(3, 0x2910, NAME, 5, HOLDER)),
            NamePacketCodec.encode(NamePacket.claim(4, 0x3000, NAME, 0, HOLDER)),
            NamePacketCodec.encode(NamePacket.response(5, 0xAD87, new Resource(NAME, 0, new Resource.Addresses(List.of(HOLDER))))),
            NamePacketCodec.encode(NamePacket.response(6, 0xBC00, new Resource(NAME, 9, new Resource.Waiting(0x2900)))));
    private static final List<ByteBuffer> DATAGRAMS = List.of(
            DatagramCodec.encode(new Datagram.Message(Datagram.Kind.DIRECT_UNIQUE, HEADER, 0, FRIEND, NAME, ByteBuffer.allocate(20))),
            DatagramCodec.encode(new Datagram.Message(Datagram.Kind.BROADCAST, new Datagram.Header(true, false, NodeType.B, 8, HEADER.source()), 9,
                    FRIEND, NAME, ByteBuffer.allocate(20))),
            DatagramCodec.encode(new Datagram.Query(HEADER, NAME)));
    private static final List<ByteBuffer> SESSION_PACKETS = List.of(
            SessionPacketCodec.encode(new SessionPacket.Request(NAME, FOE)), SessionPacketCodec.encode(new SessionPacket.KeepAlive()),
            SessionPacketCodec.encode(new SessionPacket.Message(ByteBuffer.allocate(40))), SessionPacketCodec.encode(new SessionPacket.Positive()));

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private byte[] damaged(List<ByteBuffer> packets) {
        var whole = packets.get(random.nextInt(packets.size())).array().clone();
        for (int i = random.nextInt(5); i > 0; i--) {
            whole[random.nextInt(whole.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 30)) : whole;
    }

    @Test
    void damagedPacketsToAllThreePortsChangeNothing() throws IOException {
        int rounds = Integer.getInteger("parley.fire.rounds", 3_000);
        int names = FreePort.next();
        int datagrams = FreePort.next();
        int sessions = FreePort.next();
        var address = InetAddress.getByName("127.0.6.1");
        var config = new NetbiosAdapter.Config(NodeConfig.broadcast(Ipv4.of("127.0.6.1"), 8),
                new NameService.Ports(names, names, Ipv4.of("127.255.255.255")), datagrams, sessions, SessionLimits.DEFAULT, true);
        try (var target = NetbiosAdapter.open(config); var fire = new DatagramSocket()) {
            target.addName(NAME);
            for (int i = 0; i < rounds; i++) {
                var octets = damaged(NAME_PACKETS);
                fire.send(new DatagramPacket(octets, octets.length, address, names));
                octets = damaged(DATAGRAMS);
                fire.send(new DatagramPacket(octets, octets.length, address, datagrams));
                if (i % 20 == 0) {
                    shoot(address, sessions);
                    shoot(address, names);
                }
            }
            var listen = target.begin(a -> a.listen(NAME, Optional.of(FRIEND), Duration.ofSeconds(20), Duration.ZERO));
            target.addName(FRIEND);
            int session = call(target);
            target.send(session, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(target.receive(listen.await().session(), ByteBuffer.allocate(9))).as("seed %s", seed).isEqualTo(3);
            assertThat(target.adapterStatus().names()).as("seed %s", seed).extracting(Resource.StatusName::name).containsExactly(NAME, FRIEND);
            // The queue may be full of what was shot, so that the first one is lost.
            var sent = ByteBuffer.wrap(new byte[] {42});
            target.sendDatagram(FRIEND, NAME, sent);
            while (!target.receiveDatagram(Optional.of(NAME), Duration.ofSeconds(20)).data().equals(sent)) {
                target.sendDatagram(FRIEND, NAME, sent);
            }
        }
    }

    /// The listener begins in another thread: until it waits, the name does not listen.
    private static int call(NetbiosAdapter target) {
        while (true) {
            try {
                return target.call(FRIEND, NAME, Duration.ofSeconds(20), Duration.ZERO);
            } catch (VerbFailed e) {
                assertThat(e.code()).isEqualTo(ReturnCode.NOT_LISTENING);
            }
        }
    }

    private void shoot(InetAddress address, int port) throws IOException {
        try (var socket = new Socket(address, port)) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                socket.getOutputStream().write(damaged(SESSION_PACKETS));
            }
        } catch (SocketException e) {
            // It hung up on us, as it should.
        }
    }
}

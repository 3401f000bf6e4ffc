package dev.parley.netbios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.socket.LoopbackBridge;
import dev.parley.netbios.socket.NetbiosServerSocket;
import dev.parley.netbios.socket.NetbiosSockets;
import dev.parley.netbios.wire.Hex;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bounds that no other test reaches, at the limit and one beyond.
@Timeout(60)
class LimitsTest {
    private static final NetbiosName SERVER = NetbiosName.of("SERVER", 0x20);

    private static NetbiosSockets sockets(int port) {
        return new NetbiosSockets(new NetbiosSockets.Resolver() {
            @Override
            public List<Ipv4> find(NetbiosName name) {
                return List.of(Ipv4.of("127.0.0.1"));
            }

            @Override
            public Optional<NetbiosName> fileServerAt(Ipv4 address) {
                return Optional.empty();
            }
        }, NetbiosName.of("CLIENT", 0), port, SessionLimits.DEFAULT);
    }

    private static SessionServer server(CalledNames names) throws IOException {
        return SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, SessionLimits.DEFAULT);
    }

    @Test
    void recordsOfAPacket() {
        var question = "20" + "43" + "4b" + "41".repeat(30) + "00" + "0021 0001";
        var most = "0001 0000 0020 0000 0000 0000" + question + ("c00c 0021 0001").repeat(31);
        assertThat(NamePacketCodec.decode(Hex.bytes(most)).questions()).hasSize(32);
        assertThatThrownBy(() -> NamePacketCodec.decode(Hex.bytes(most.replace("0020 0000", "0021 0000") + "c00c 0021 0001")))
                .isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> NamePacketCodec.decode(ByteBuffer.allocate(NamePacketCodec.MOST_OCTETS + 1))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void addressesAndNamesOfARecord() {
        var address = new Resource.Address(false, dev.parley.netbios.wire.NodeType.B, Ipv4.of("10.0.0.1"));
        assertThat(new Resource.Addresses(Collections.nCopies(Resource.Addresses.MOST, address)).addresses()).hasSize(10_922);
        assertThatThrownBy(() -> new Resource.Addresses(Collections.nCopies(Resource.Addresses.MOST + 1, address)))
                .isInstanceOf(IllegalArgumentException.class);
        var name = new Resource.StatusName(SERVER, 0);
        assertThat(new Resource.Status(Collections.nCopies(255, name), ByteBuffer.allocate(46)).names()).hasSize(255);
        assertThatThrownBy(() -> new Resource.Status(Collections.nCopies(256, name), ByteBuffer.allocate(46)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengthsOfARequest() {
        for (int good : new int[] {68, 510}) {
            assertThat(SessionPacketCodec.header(ByteBuffer.allocate(4).putInt(0x8100_0000 | good).flip()).length()).isEqualTo(good);
        }
        for (int bad : new int[] {0, 67, 511}) {
            assertThatThrownBy(() -> SessionPacketCodec.header(ByteBuffer.allocate(4).putInt(0x8100_0000 | bad).flip()))
                    .isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void callsThatWaitAtAServerSocket() throws IOException {
        var open = new ArrayList<Socket>();
        var names = new CalledNames(false);
        try (var server = server(names); var listening = new NetbiosServerSocket(server, SERVER, Duration.ZERO)) {
            var sockets = sockets(server.address().getPort());
            for (int i = 0; i < NetbiosServerSocket.MOST_WAITING; i++) {
                open.add(sockets.createSocket("SERVER", 139));
            }
            assertThatThrownBy(() -> sockets.createSocket("SERVER", 139)).hasMessageContaining("resources");
            open.add(listening.accept());
            open.add(sockets.createSocket("SERVER", 139));
            assertThatThrownBy(() -> sockets.createSocket("SERVER", 139)).hasMessageContaining("resources");
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void connectionsOfABridge() throws IOException {
        var open = new ArrayList<Socket>();
        try (var server = server(new CalledNames(false)); var listening = new NetbiosServerSocket(server, SERVER, Duration.ZERO);
                var bridge = LoopbackBridge.listen(0, sockets(server.address().getPort()), "SERVER")) {
            for (int i = 0; i < LoopbackBridge.MOST_CONNECTIONS; i++) {
                open.add(new Socket(bridge.address().getAddress(), bridge.address().getPort()));
                open.add(listening.accept());
            }
            try (var beyond = new Socket(bridge.address().getAddress(), bridge.address().getPort())) {
                assertThat(beyond.getInputStream().read()).isEqualTo(-1);
            }
            open.getFirst().getOutputStream().write(new byte[] {0, 0, 0, 1, 7});
            assertThat(open.get(1).getInputStream().readNBytes(5)).isEqualTo(new byte[] {0, 0, 0, 1, 7});
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
    }
}

package dev.parley.netbios.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.netbios.FreePort;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The service on real sockets: hosts are addresses of the loopback network, on a port that is free.
@Timeout(30)
class NameServiceTest {
    private static final Ipv4 A = Ipv4.of("127.0.7.1");
    private static final Ipv4 B = Ipv4.of("127.0.7.2");
    private static final NetbiosName NAME = NetbiosName.of("PRINTER", 0x20);
    private static final NetbiosName GROUP = NetbiosName.of("EVERYBODY", 0x1E);

    private int port;
    private NameService.Ports ports;

    @BeforeEach
    void aFreePort() throws IOException {
        port = FreePort.next();
        ports = new NameService.Ports(port, port, Ipv4.of("127.255.255.255"));
    }

    private NodeConfig node(NodeType type, Ipv4 address) {
        return NodeConfig.with(type, address, 8, new Endpoint(A, port));
    }

    @Test
    void whatDoesNotFitADatagramComesOverTcp() throws IOException {
        var registry = new Registry(Registry.Journal.NONE, port);
        for (int i = 0; i < 200; i++) {
            var member = Ipv4.of("10.9.8." + i);
            registry.restore(GROUP, new Resource.Address(true, NodeType.P, member), member, Long.MAX_VALUE);
        }
        var server = new NameServer(NameServer.Config.DEFAULT, new SecureRandom(), registry);
        try (var a = NameService.open(node(NodeType.M, A), ports, Optional.of(server));
                var b = NameService.open(node(NodeType.P, B), ports, Optional.empty())) {
            assertThat(a.owned()).isEmpty();
            assertThat(b.find(GROUP)).hasSize(200);
            for (int i = 0; i < 40; i++) {
                assertThat(b.register(NetbiosName.of("NAME" + i, 0), false)).isEqualTo(new Output.Outcome.Registered());
            }
            assertThat(a.status(B, NetbiosName.WILDCARD)).isInstanceOfSatisfying(Output.Outcome.StatusOf.class,
                    s -> assertThat(s.status().names()).hasSize(40));
        }
    }

    @Test
    void theServersOwnNamesAreDefendedAndFoundBothWays() throws IOException {
        var server = new NameServer(NameServer.Config.DEFAULT, new SecureRandom(), new Registry(Registry.Journal.NONE, port));
        try (var a = NameService.open(node(NodeType.M, A), ports, Optional.of(server));
                var b = NameService.open(node(NodeType.P, B), ports, Optional.empty())) {
            assertThat(a.register(NAME, false)).isEqualTo(new Output.Outcome.Registered());
            assertThat(b.find(NAME)).containsExactly(A);
            assertThat(b.register(NAME, false)).isEqualTo(new Output.Outcome.Denied(A, NamePacket.ACTIVE));
            assertThat(a.release(NAME)).isEqualTo(new Output.Outcome.Released());
            assertThat(b.register(NAME, false)).isEqualTo(new Output.Outcome.Registered());
            assertThat(a.ignored() + b.ignored()).isZero();
        }
    }

    @Test
    void anOctetNowAndThenHoldsNoConnection() throws IOException {
        var here = new InetSocketAddress(InetAddress.getByAddress(A.octets()), port);
        try (var tcp = NameTcp.listen(here, _ -> Optional.empty(), Duration.ofMillis(300), Recorder.NONE);
                var socket = new Socket(here.getAddress(), port);
                var slowly = Executors.newSingleThreadScheduledExecutor()) {
            socket.getOutputStream().write(new byte[] {2, 0});
            var task = slowly.scheduleAtFixedRate(() -> {
                try {
                    socket.getOutputStream().write(0);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }, 0, 100, TimeUnit.MILLISECONDS);
            try {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
            task.cancel(true);
            assertThat(tcp).isNotNull();
        }
    }

    @Test
    void overTcpOnlySoManyQuestionsAreAnswered() throws IOException {
        var question = NamePacket.statusRequest(9, NetbiosName.WILDCARD);
        var octets = dev.parley.netbios.wire.NamePacketCodec.encode(question);
        try (var a = NameService.open(NodeConfig.broadcast(A, 8), ports, Optional.empty());
                var socket = new Socket(InetAddress.getByAddress(A.octets()), port)) {
            assertThat(a.port()).isEqualTo(port);
            var out = socket.getOutputStream();
            try {
                for (int i = 0; i <= NameTcp.MOST_QUESTIONS; i++) {
                    out.write(new byte[] {0, (byte) octets.remaining()});
                    out.write(octets.array());
                }
            } catch (SocketException closed) {
                // It may have answered and closed before the last one was asked.
                assertThat(closed).hasMessageContaining("pipe");
            }
            int answers = 0;
            var in = new java.io.DataInputStream(socket.getInputStream());
            try {
                while (true) {
                    in.readNBytes(in.readUnsignedShort());
                    answers++;
                }
            } catch (java.io.EOFException | SocketException end) {
                assertThat(answers).isLessThanOrEqualTo(NameTcp.MOST_QUESTIONS);
            }
            var far = new InetSocketAddress(InetAddress.getByAddress(A.octets()), port);
            assertThat(NameTcp.ask(far, question, Recorder.NONE).answer()).isPresent();
            assertThatThrownBy(() -> NameTcp.ask(new InetSocketAddress(far.getAddress(), 1), question, Recorder.NONE))
                    .isInstanceOf(IOException.class);
        }
    }
}

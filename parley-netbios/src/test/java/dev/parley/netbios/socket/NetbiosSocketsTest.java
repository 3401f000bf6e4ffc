package dev.parley.netbios.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NetbiosSocketsTest {
    private static final NetbiosName SERVER = NetbiosName.of("SERVER", 0x20);

    private SessionServer server;
    private NetbiosSockets sockets;

    @BeforeEach
    void start() throws IOException {
        var names = new CalledNames(true);
        names.listen(SERVER, new CalledNames.Listener() {
            @Override
            public boolean claims(NetbiosName calling) {
                return true;
            }

            @Override
            public void accept(NetbiosSession session) {
                for (var message = session.receive(); message.isPresent(); message = session.receive()) {
                    session.sendKeepAlive();
                    session.send(message.get());
                    session.sendKeepAlive();
                }
            }
        });
        server = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, SessionLimits.DEFAULT);
        sockets = new NetbiosSockets(new NetbiosSockets.Resolver() {
            @Override
            public List<Ipv4> find(NetbiosName name) {
                return name.text().equals("NOBODY") ? List.of() : List.of(Ipv4.of("127.0.0.1"));
            }

            @Override
            public Optional<NetbiosName> fileServerAt(Ipv4 address) {
                return Optional.of(SERVER);
            }
        }, NetbiosName.of("CLIENT", 0), server.address().getPort(), SessionLimits.DEFAULT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void framesPassAndKeepalivesDoNot() throws IOException {
        try (var socket = sockets.createSocket("server", 445)) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(new byte[] {0, 0, 0, 2, 7, 8});
                assertThat(socket.getInputStream().readNBytes(6)).isEqualTo(new byte[] {0, 0, 0, 2, 7, 8});
            }
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.getOutputStream().write(new byte[] {0, 0, 0, 0});
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(new byte[4]);
        }
    }

    @Test
    void aHostThatGoesByAnotherNameIsReachedAsAnyServer() throws IOException {
        try (var byName = sockets.createSocket("OTHERNAME", 445); var byAddress = sockets.createSocket("127.0.0.1", 445)) {
            assertThat(byName.isConnected() && byAddress.isConnected()).isTrue();
        }
        try (var later = sockets.createSocket()) {
            later.connect(InetSocketAddress.createUnresolved("SERVER", 445));
            assertThat(later.getPort()).isEqualTo(server.address().getPort());
        }
    }

    @Test
    void aFrameThatNoMessageCanHoldIsRefusedBeforeItIsSent() throws IOException {
        try (var socket = sockets.createSocket("SERVER", 445)) {
            assertThatThrownBy(() -> socket.getOutputStream().write(new byte[] {0, 2, 0, 0})).isInstanceOf(IOException.class)
                    .hasMessageContaining("131072");
        }
    }

    @Test
    void theFactorySaysFromWhereAndTheUsualOptionsHarmNothing() throws IOException {
        var here = InetAddress.getByName("127.0.10.9");
        try (var socket = sockets.from(here).createSocket("SERVER", 445); var early = sockets.createSocket()) {
            assertThat(socket.getLocalAddress()).isEqualTo(here);
            assertThat(socket.getLocalSocketAddress()).isEqualTo(new InetSocketAddress(here, socket.getLocalPort()));
            for (var each : List.of(socket, early)) {
                each.setTcpNoDelay(true);
                each.setKeepAlive(true);
                each.setReuseAddress(true);
                each.setSendBufferSize(9);
                each.setReceiveBufferSize(9);
            }
            socket.setSoLinger(true, 0);
            assertThat(socket.getSoLinger()).isZero();
            assertThat(socket.getTcpNoDelay() && socket.getKeepAlive() && !socket.isInputShutdown() && !socket.isOutputShutdown()).isTrue();
            assertThat(early.getLocalAddress().isAnyLocalAddress()).isTrue();
            assertThatThrownBy(() -> early.bind(new InetSocketAddress(0))).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aNameThatNobodyHasIsAnUnknownHost() {
        assertThatThrownBy(() -> sockets.createSocket("NOBODY", 445)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void aHostThatKnowsNoAnyServerIsReachedByTheNameInItsStatus() throws IOException {
        var strict = new CalledNames(false);
        strict.add(SERVER);
        try (var other = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), strict, SessionLimits.DEFAULT)) {
            var byStatus = new NetbiosSockets(sockets.resolver(), SERVER, other.address().getPort(), SessionLimits.DEFAULT);
            try (var listening = new NetbiosServerSocket(other, SERVER, Duration.ZERO);
                    var socket = byStatus.createSocket("127.0.0.1", 445); var accepted = listening.accept()) {
                assertThat(socket.isConnected() && accepted.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aServerSocketTakesCallsAndBothSidesKeepTheSessionAlive() throws IOException {
        var names = new CalledNames(false);
        try (var other = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, SessionLimits.DEFAULT)) {
            var listening = new NetbiosServerSocket(other, SERVER, Duration.ofMillis(20));
            var calling = new NetbiosSockets(sockets.resolver(), SERVER, other.address().getPort(),
                    SessionLimits.DEFAULT.withKeepAlive(Duration.ofMillis(20)));
            try (var socket = calling.createSocket("SERVER", 445); var accepted = listening.accept()) {
                socket.setSoTimeout(200);
                accepted.setSoTimeout(200);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                accepted.getOutputStream().write(new byte[] {0, 0, 0, 1, 5});
                assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(new byte[] {0, 0, 0, 1, 5});
            }
            listening.setSoTimeout(30);
            assertThatThrownBy(listening::accept).isInstanceOf(SocketTimeoutException.class);
            listening.close();
            assertThatThrownBy(listening::accept).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> calling.createSocket("SERVER", 445)).hasMessageContaining("not listening");
        }
    }
}

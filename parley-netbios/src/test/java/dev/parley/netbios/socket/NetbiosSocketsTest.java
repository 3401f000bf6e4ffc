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
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
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
        sockets = new NetbiosSockets(n -> Optional.of(n).filter(x -> !x.text().equals("NOBODY")).map(_ -> List.of(Ipv4.of("127.0.0.1")))
                .orElse(List.of()), NetbiosName.of("CLIENT", 0), server.address().getPort(), SessionLimits.DEFAULT);
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
    void aNameThatNobodyHasIsAnUnknownHost() {
        assertThatThrownBy(() -> sockets.createSocket("NOBODY", 445)).isInstanceOf(UnknownHostException.class);
    }
}

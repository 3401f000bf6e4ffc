package dev.parley.netbios.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Hex;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Peers that do not keep to the protocol's spirit: keepalives for ever where a packet is due, and connections that say nothing.
@Timeout(20)
class StrangersTest {
    private static final NetbiosName SERVER = NetbiosName.of("SERVER", 0x20);
    private static final NetbiosName CLIENT = NetbiosName.of("CLIENT", 0x00);
    private static final SessionLimits SHORT = SessionLimits.DEFAULT.withSetUp(Duration.ofMillis(300));
    private static final byte[] KEEPALIVES = Hex.bytes("85000000".repeat(256)).array();
    private static final byte[] REQUEST = SessionPacketCodec.encode(new SessionPacket.Request(SERVER, CLIENT)).array();

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
    }

    private SessionServer server(SessionLimits limits) throws IOException {
        var names = new CalledNames(true);
        names.listen(SERVER, new CalledNames.Listener() {
            @Override
            public boolean claims(NetbiosName calling) {
                return true;
            }

            @Override
            public void accept(NetbiosSession session) {
                session.receive();
            }
        });
        var server = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, limits);
        open.add(server);
        return server;
    }

    private Socket connect(SessionServer server) throws IOException {
        var socket = new Socket(server.address().getAddress(), server.address().getPort());
        open.add(socket);
        return socket;
    }

    /// Sends keepalives until the other side has had enough.
    private static void flood(Socket socket) {
        try {
            while (true) {
                socket.getOutputStream().write(KEEPALIVES);
            }
        } catch (IOException e) {
            // It hung up.
        }
    }

    /// Takes one connection, writes what is given and then keepalives.
    private InetSocketAddress peer(String first) throws IOException {
        var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(server);
        Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                socket.getInputStream().readNBytes(REQUEST.length);
                socket.getOutputStream().write(Hex.bytes(first).array());
                flood(socket);
            } catch (IOException e) {
                // The test is over.
            }
        });
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    @Test
    void keepalivesInsteadOfARequestHoldNoPlaceForLong() throws IOException {
        flood(connect(server(SHORT)));
    }

    @Test
    void keepalivesInsteadOfAnAnswerEndACallInTime() throws IOException {
        var address = peer("");
        assertThatThrownBy(() -> new Caller(SHORT).call(address, SERVER, CLIENT)).isInstanceOf(SessionException.LimitReached.class);
    }

    @Test
    void keepalivesAreNoMessage() throws IOException {
        try (var session = new Caller(SHORT).call(peer("82000000"), SERVER, CLIENT)) {
            assertThatThrownBy(() -> session.receive(Duration.ofMillis(300))).isInstanceOf(SessionException.LimitReached.class);
        }
    }

    @Test
    void aCallerThatLeavesAfterItsRequestTakesNoListenerAway() throws Exception {
        var names = new CalledNames(true);
        var left = new CompletableFuture<Boolean>();
        var server = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, SHORT.withSessions(1));
        open.add(server);
        var caller = connect(server);
        names.listen(SERVER, new CalledNames.Listener() {
            @Override
            public boolean claims(NetbiosName calling) {
                try {
                    caller.close();
                } catch (IOException e) {
                    left.completeExceptionally(e);
                }
                return true;
            }

            @Override
            public void accept(NetbiosSession session) {
                left.complete(false);
            }

            @Override
            public void left() {
                left.complete(true);
            }
        });
        caller.setSoLinger(true, 0);
        caller.getOutputStream().write(REQUEST);
        assertThat(left.get()).as("told, so that it can take the next call").isTrue();
        assertThat(server.openSessions()).isZero();
    }

    private record Saying(Refusal refusal) implements CalledNames.Listener {
        @Override
        public boolean claims(NetbiosName calling) {
            return false;
        }

        @Override
        public Refusal refusal(NetbiosName calling) {
            return refusal;
        }

        @Override
        public void accept(NetbiosSession session) {
            throw new IllegalStateException("not claimed");
        }
    }

    @Test
    void theMostUsefulReasonOfAllListenersIsTold() {
        var names = new CalledNames(false);
        for (var refusal : new Refusal[] {
            Refusal.NOT_LISTENING_ON_CALLED_NAME, Refusal.NOT_LISTENING_FOR_CALLING_NAME, Refusal.INSUFFICIENT_RESOURCES}) {
            names.listen(SERVER, new Saying(refusal));
            assertThat(names.decide(SERVER, CLIENT, true)).isEqualTo(new CalledNames.Decision.Refuse(refusal));
        }
    }

    @Test
    void oneConnectionBeyondThoseThatMayBeSilentIsClosed() throws IOException {
        var limits = SessionLimits.DEFAULT;
        var server = server(new SessionLimits(9, 2, limits.setUp(), limits.keepAlive(), limits.close(), limits.retargets()));
        var first = connect(server);
        var second = connect(server);
        assertThat(connect(server).getInputStream().read()).as("the third").isEqualTo(-1);
        for (var socket : List.of(first, second)) {
            socket.getOutputStream().write(REQUEST);
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(new byte[] {(byte) 0x82, 0, 0, 0});
        }
        var third = connect(server);
        third.getOutputStream().write(REQUEST);
        assertThat(third.getInputStream().readNBytes(4)).as("those that have asked are silent no more").hasSize(4);
        assertThat(server.refused()).isEqualTo(1);
    }
}

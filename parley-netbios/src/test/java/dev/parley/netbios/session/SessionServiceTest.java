package dev.parley.netbios.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.Phase;
import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Hex;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionServiceTest {
    private static final NetbiosName SERVER = NetbiosName.of("SERVER", 0x20);
    private static final NetbiosName CLIENT = NetbiosName.of("CLIENT", 0x00);
    private static final SessionLimits LIMITS = SessionLimits.DEFAULT.withSetUp(Duration.ofSeconds(5));

    private final CalledNames names = new CalledNames(true);
    private SessionServer server;

    private record Echo(String only) implements CalledNames.Listener {
        @Override
        public boolean claims(NetbiosName calling) {
            return only.isEmpty() || calling.text().equals(only);
        }

        @Override
        public void accept(NetbiosSession session) {
            for (var message = session.receive(); message.isPresent(); message = session.receive()) {
                session.send(message.get());
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, LIMITS.withSessions(2));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private NetbiosSession call(NetbiosName called) {
        return new Caller(LIMITS).call(server.address(), called, CLIENT);
    }

    private Refusal refusalOf(NetbiosName called) {
        try (var session = call(called)) {
            throw new AssertionError("the call was accepted: " + session);
        } catch (Caller.CallRefused e) {
            return e.refusal();
        }
    }

    @Test
    void messagesOfEverySizeKeepTheirBoundaries() {
        names.listen(SERVER, new Echo(""));
        var random = new Random(7);

        try (var session = call(SERVER)) {
            for (int size : new int[] {0, 1, 3, 4, 8_191, 8_192, 65_535, 65_536, 131_070, 131_071}) {
                var octets = new byte[size];
                random.nextBytes(octets);
                session.send(ByteBuffer.wrap(octets, 0, size / 2), ByteBuffer.wrap(octets, size / 2, size - size / 2));
                assertThat(session.receive()).hasValue(ByteBuffer.wrap(octets));
            }
            assertThatThrownBy(() -> session.send(ByteBuffer.allocate(131_072))).isInstanceOf(SessionException.LimitReached.class);
            assertThat(session.phase()).isEqualTo(Phase.OPEN);
            session.release();
            assertThat(session.phase()).isEqualTo(Phase.ENDED);
        }
    }

    @Test
    void everyReasonToRefuseHasItsCode() {
        names.add(NetbiosName.of("SILENT", 0x20));
        names.listen(NetbiosName.of("PICKY", 0x20), new Echo("FRIEND"));

        assertThat(refusalOf(NetbiosName.of("NOBODY", 0x20))).isEqualTo(Refusal.CALLED_NAME_NOT_PRESENT);
        assertThat(refusalOf(NetbiosName.of("SILENT", 0x20))).isEqualTo(Refusal.NOT_LISTENING_ON_CALLED_NAME);
        assertThat(refusalOf(NetbiosName.of("PICKY", 0x20))).isEqualTo(Refusal.NOT_LISTENING_FOR_CALLING_NAME);
        assertThat(server.refused()).isEqualTo(3);
    }

    @Test
    void oneSessionBeyondTheLimitIsRefusedForWantOfResources() {
        names.listen(SERVER, new Echo(""));

        try (var first = call(SERVER); var second = call(SERVER)) {
            assertThat(refusalOf(SERVER)).isEqualTo(Refusal.INSUFFICIENT_RESOURCES);
            assertThat(first.phase() == Phase.OPEN && second.phase() == Phase.OPEN).isTrue();
            second.release();
        }
    }

    @Test
    void anyServerReachesTheFileServerNameWhenAllowed() {
        names.listen(SERVER, new Echo(""));
        try (var session = call(NetbiosName.ANY_SERVER)) {
            session.send(ByteBuffer.wrap(new byte[] {1}));
            assertThat(session.receive()).isPresent();
        }
        assertThat(new CalledNames(false).decide(NetbiosName.ANY_SERVER, CLIENT, true))
                .isEqualTo(new CalledNames.Decision.Refuse(Refusal.CALLED_NAME_NOT_PRESENT));
    }

    @Test
    void redirectionsAreFollowedUpToTheLimit() throws IOException {
        names.listen(SERVER, new Echo(""));
        var loopback = Ipv4.of("127.0.0.1");
        var elsewhere = new CalledNames(false);
        elsewhere.redirect(SERVER, new Endpoint(loopback, server.address().getPort()));
        try (var first = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), elsewhere, LIMITS)) {
            try (var session = new Caller(LIMITS).call(first.address(), SERVER, CLIENT)) {
                assertThat(session.address().getPort()).isEqualTo(server.address().getPort());
            }
            elsewhere.redirect(SERVER, new Endpoint(loopback, first.address().getPort()));
            assertThatThrownBy(() -> new Caller(LIMITS).call(first.address(), SERVER, CLIENT))
                    .isInstanceOf(SessionException.LimitReached.class).hasMessageContaining("4 times");
            elsewhere.redirect(SERVER, new Endpoint(Ipv4.NONE, 139));
            assertThatThrownBy(() -> new Caller(LIMITS).call(first.address(), SERVER, CLIENT))
                    .isInstanceOf(SessionException.ProtocolViolation.class);
        }
    }

    @Test
    void keepalivesGoBothWaysAndAreNeverSeen() throws Exception {
        names.listen(SERVER, new Echo(""));
        try (var quick = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names,
                LIMITS.withKeepAlive(Duration.ofMillis(20)));
                var raw = new Socket(quick.address().getAddress(), quick.address().getPort())) {
            raw.getOutputStream().write(Hex.bytes("85000000").array());
            raw.getOutputStream().write(SessionPacketCodec.encode(new SessionPacket.Request(SERVER, CLIENT)).array());
            raw.getOutputStream().write(Hex.bytes("85000000 00000001 42 85000000").array());
            var in = raw.getInputStream();
            assertThat(in.readNBytes(4)).isEqualTo(new byte[] {(byte) 0x82, 0, 0, 0});
            assertThat(in.readNBytes(5)).isEqualTo(new byte[] {0, 0, 0, 1, 0x42});
            assertThat(in.readNBytes(4)).isEqualTo(new byte[] {(byte) 0x85, 0, 0, 0});
        }
    }

    @Test
    void whatIsNoRequestIsAnsweredNegativelyAndClosed() throws IOException {
        for (var wrong : new String[] {"00000004 ff534d42", "fe", "81000001 00", "81020044"}) {
            try (var raw = new Socket(server.address().getAddress(), server.address().getPort())) {
                raw.getOutputStream().write(Hex.bytes(wrong).array());
                raw.shutdownOutput();
                var answer = raw.getInputStream().readNBytes(5);
                assertThat(answer).as(wrong).isIn(new byte[0], Hex.bytes("8300000182").array());
            }
        }
    }

    @Test
    void aWaitThatEndsKeepsTheSession() {
        names.listen(SERVER, new Echo(""));
        try (var session = call(SERVER)) {
            assertThatThrownBy(() -> session.receive(Duration.ofMillis(20))).isInstanceOf(SessionException.LimitReached.class);
            session.send(ByteBuffer.wrap(new byte[] {9}));
            assertThat(session.receive(Duration.ofSeconds(5))).hasValue(ByteBuffer.wrap(new byte[] {9}));
        }
    }
}

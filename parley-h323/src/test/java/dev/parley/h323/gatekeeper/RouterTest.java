package dev.parley.h323.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Routed signalling over real sockets, with the gatekeeper's RAS on real sockets, too.
class RouterTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(HERE, 0);
    private static final String CALL = "6f6f68333233632d8e2419d0c93f006e";

    /// What ooh323c 0.9.4 sends to an endpoint at 127.0.0.3.
    private static final Octets SETUP = Octets.ofHex("0802001105 040388c0a5 2806416c69636500 6c06018031303031 7e00a905"
            + "20a8060008914a0004020180433440040061006c00690063006522c0b5000036056f626a7379730576302e392e34007f00000206b800" + CALL
            + "00d51d980007007f0000032efe1100" + CALL + "32021d4003e8060401004c60ef8011140001007f00000336ce007f00000336cf"
            + "120003e90c601d800a040001007f00000336d101000100010001000100010010800180");

    private final VirtualLoop loop = new VirtualLoop("gatekeeper");
    private final ServerSocket callee = new ServerSocket();
    private final CompletableFuture<Optional<InetSocketAddress>> destination = new CompletableFuture<>();
    private final BlockingQueue<Octets> answered = new LinkedBlockingQueue<>();
    private final Router router = Router.listen(ANY_PORT, _ -> destination, answered::add, 2, Optional.empty());

    RouterTest() throws IOException {}

    @BeforeEach
    void listen() throws IOException {
        callee.bind(ANY_PORT);
        callee.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        router.close();
        callee.close();
        loop.stop();
    }

    private Socket call(Octets first) throws IOException {
        var caller = new Socket(HERE, router.address().getPort());
        caller.setSoTimeout(10_000);
        caller.getOutputStream().write(Tpkt.wrap(first));
        return caller;
    }

    @Test
    void anAdmittedCallIsCarriedBothWaysUntilItsEnd() throws Exception {
        destination.complete(Optional.of((InetSocketAddress) callee.getLocalSocketAddress()));

        try (var caller = call(SETUP); var called = callee.accept()) {
            called.setSoTimeout(10_000);
            assertThat(Octets.of(called.getInputStream().readNBytes(SETUP.size() + 4))).isEqualTo(Octets.of(Tpkt.wrap(SETUP)));
            called.getOutputStream().write(new byte[] {3, 0, 0, 5, 1});
            assertThat(caller.getInputStream().readNBytes(5)).containsExactly(3, 0, 0, 5, 1);
            caller.getOutputStream().write(new byte[] {3, 0, 0, 5, 2});
            assertThat(called.getInputStream().readNBytes(5)).containsExactly(3, 0, 0, 5, 2);

            caller.shutdownOutput();
            assertThat(called.getInputStream().read()).isNegative();
        }
    }

    /// CallProceeding is none, in pieces is all the same, and a second one is nothing new.
    @Test
    void theConnectThatPassesIsTold() throws Exception {
        destination.complete(Optional.of((InetSocketAddress) callee.getLocalSocketAddress()));
        var messages = new ByteArrayOutputStream();
        for (var hex : List.of("0802801102", "0802801107", "0802801107", "080280117d")) {
            messages.writeBytes(Tpkt.wrap(Octets.ofHex(hex)));
        }

        try (var caller = call(SETUP); var called = callee.accept()) {
            called.setSoTimeout(10_000);
            called.getInputStream().readNBytes(SETUP.size() + 4);
            called.setTcpNoDelay(true);
            for (byte octet : messages.toByteArray()) {
                called.getOutputStream().write(octet);
            }
            assertThat(caller.getInputStream().readNBytes(messages.size())).isEqualTo(messages.toByteArray());
        }

        assertThat(answered.poll(10, TimeUnit.SECONDS)).isEqualTo(Octets.ofHex(CALL));
        assertThat(answered).isEmpty();
    }

    /// What is no TPKT and no Q.931 is carried, and tells nothing.
    @Test
    void whatCannotBeReadIsCarriedAllTheSame() throws Exception {
        destination.complete(Optional.of((InetSocketAddress) callee.getLocalSocketAddress()));
        var octets = new byte[] {9, 9, 9, 9, 9, 3, 0, 0, 9, 8, 2, (byte) 0x80, 0x11, 7};

        try (var caller = call(SETUP); var called = callee.accept()) {
            called.getOutputStream().write(octets);
            assertThat(caller.getInputStream().readNBytes(octets.length)).isEqualTo(octets);
        }

        assertThat(answered).isEmpty();
    }

    @Test
    void aCallThatIsOverIsClosedAndOneThatComesAfterItIsNot() throws Exception {
        destination.complete(Optional.of((InetSocketAddress) callee.getLocalSocketAddress()));

        try (var first = call(SETUP); var firstCalled = callee.accept()) {
            firstCalled.setSoTimeout(10_000);
            firstCalled.getInputStream().readNBytes(SETUP.size() + 4);
            // Something has come back: so it is carried both ways.
            firstCalled.getOutputStream().write(new byte[] {3, 0, 0, 5, 1});
            first.getInputStream().readNBytes(5);
            var ending = router.ending(Octets.ofHex(CALL));
            router.ending(Octets.ofHex(CALL.replace('6', '5'))).run();
            try (var second = call(SETUP); var secondCalled = callee.accept()) {
                secondCalled.setSoTimeout(10_000);
                ending.run();

                assertThat(first.getInputStream().read()).isNegative();
                assertThat(firstCalled.getInputStream().read()).isNegative();
                second.getOutputStream().write(new byte[] {3, 0, 0, 5, 2});
                assertThat(secondCalled.getInputStream().readNBytes(SETUP.size() + 9)).endsWith(3, 0, 0, 5, 2);
            }
        }
    }

    @Test
    void whatCrossesTheCallersConnectionIsWrittenDown(@TempDir Path folder) throws Exception {
        var file = folder.resolve("routed.pcapng");
        destination.complete(Optional.empty());
        byte[] release;

        try (var capture = Capture.open(file);
                var watched = Router.listen(ANY_PORT, _ -> destination, answered::add, 2, Optional.of(capture));
                var caller = new Socket(HERE, watched.address().getPort())) {
            caller.setSoTimeout(10_000);
            caller.getOutputStream().write(Tpkt.wrap(SETUP));
            release = caller.getInputStream().readAllBytes();
        }

        var written = Octets.of(Files.readAllBytes(file)).hex();
        assertThat(written).contains(SETUP.hex(), Octets.of(release).hex());
    }

    @Test
    void aCallThatNobodyAskedForIsReleasedWithAReason() throws Exception {
        destination.complete(Optional.empty());

        try (var caller = call(SETUP)) {
            var octets = caller.getInputStream().readAllBytes();
            var release = Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst());

            assertThat(release.type()).isEqualTo(0x5a);
            assertThat(release.callReference()).isEqualTo(0x11);
            assertThat(release.fromDestination()).isTrue();
            assertThat(release.userInformation().orElseThrow().chosenAt("h323-uu-pdu/h323-message-body/releaseComplete/reason"))
                    .hasValue("noPermission");
        }
    }

    @Test
    void aSetupThatCannotBeReadIsReleasedWithItsCause() throws Exception {
        for (var broken : List.of("0802001105 7e0002 05ff", "0802001105 28ff41")) {
            try (var caller = call(Octets.ofHex(broken))) {
                var octets = caller.getInputStream().readAllBytes();
                var release = Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst());

                assertThat(release.callReference()).isEqualTo(0x11);
                assertThat(release.cause()).hasValue(Cause.INVALID_CONTENTS);
            }
        }
    }

    @Test
    void aCalleeThatIsNotThereIsUnreachable() throws Exception {
        destination.complete(Optional.of((InetSocketAddress) callee.getLocalSocketAddress()));
        callee.close();

        try (var caller = call(SETUP)) {
            var octets = caller.getInputStream().readAllBytes();
            var release = Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst());

            assertThat(release.userInformation().orElseThrow().chosenAt("h323-uu-pdu/h323-message-body/releaseComplete/reason"))
                    .hasValue("unreachableDestination");
        }
    }

    @Test
    void aCallToTheRouterItselfEndsAtOnce() throws Exception {
        destination.complete(Optional.of(router.address()));

        try (var caller = call(SETUP)) {
            var octets = caller.getInputStream().readAllBytes();
            var release = Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst());

            assertThat(release.userInformation().orElseThrow().chosenAt("h323-uu-pdu/h323-message-body/releaseComplete/reason"))
                    .hasValue("unreachableDestination");
        }
    }

    @Test
    void whoeverSendsNoSetupIsClosed() throws Exception {
        for (var first : List.of(Octets.ofHex("08"), Octets.ofHex("0802001107 7e0002 05ff"), Octets.ofHex("ffffffff"))) {
            try (var caller = call(first)) {
                caller.getInputStream().readAllBytes();
            }
        }
        try (var caller = new Socket(HERE, router.address().getPort())) {
            caller.setSoTimeout(10_000);
            caller.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(caller.getInputStream().read()).isNegative();
        }
    }

    @Test
    void twoCallsAreCarriedAndAThirdHearsThatThereIsNoRoom() throws Exception {
        destination.complete(Optional.of((InetSocketAddress) callee.getLocalSocketAddress()));

        try (var first = call(SETUP); var firstCalled = callee.accept(); var second = call(SETUP); var secondCalled = callee.accept();
                var third = call(SETUP)) {
            var octets = third.getInputStream().readAllBytes();
            var release = Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst());

            assertThat(release.cause()).hasValue(Cause.NO_RESOURCES);
            assertThat(release.userInformation().orElseThrow().chosenAt("h323-uu-pdu/h323-message-body/releaseComplete/reason"))
                    .hasValue("gatekeeperResources");
            assertThat(first.isConnected() && second.isConnected() && firstCalled.isConnected() && secondCalled.isConnected()).isTrue();
        }
    }

    /// Connections that wait for their Setup take no call's place, and one address has half of theirs; the one after them is closed without a word.
    @Test
    void fiveHundredOfOneAddressMayWaitAndAreRefusedWithoutRoomForACall() throws Exception {
        try (var full = Router.listen(ANY_PORT, _ -> destination, answered::add, 0, Optional.empty())) {
            var waiting = new ArrayList<Socket>();
            for (int i = 0; i < 500; i++) {
                waiting.add(new Socket(HERE, full.address().getPort()));
            }
            try (var tooMany = new Socket(HERE, full.address().getPort())) {
                tooMany.setSoTimeout(10_000);
                assertThat(tooMany.getInputStream().read()).isNegative();
            }
            for (var caller : waiting) {
                caller.setSoTimeout(10_000);
                caller.getOutputStream().write(Tpkt.wrap(SETUP));
                var octets = caller.getInputStream().readAllBytes();
                assertThat(Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst()).cause()).hasValue(Cause.NO_RESOURCES);
                caller.close();
            }
        }
    }

    @Test
    void aGatekeeperWorksOverIpv6() throws Exception {
        var six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        try (var probe = new ServerSocket()) {
            probe.bind(six);
        } catch (IOException e) {
            assumeTrue(false, "there is no IPv6 on this machine");
        }
        var signal = new InetSocketAddress(six.getAddress(), 1720);
        var lobby = Gatekeeper.open(new Udp(), loop, new SecureRandom(), six, signal, false,
                (ras, at) -> GatekeeperConfig.of("GK", ras, at, Passwords.OPEN), _ -> { });
        var endpoint = RasEndpoint.open(new Udp(), loop, new SecureRandom(), six, ras -> EndpointConfig.of(List.of(Alias.of("bob")), ras,
                Addresses.of(signal), Optional.of(Addresses.of(lobby.rasAddress()))), _ -> { });
        endpoint.registered().toCompletableFuture().get(30, TimeUnit.SECONDS);
        var id = Octets.ofHex(CALL);

        var admitted = endpoint.admit(new Admission(id, id, 17, false, List.of(Alias.of("bob")), Optional.empty(), List.of(), Optional.empty(), 1280))
                .toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertThat(Addresses.of(admitted.signalAddress())).isEqualTo(signal);
        endpoint.close();
        lobby.close();
    }

    @Test
    void aGatekeeperOnTheNetworkAdmitsAndRoutes() throws Exception {
        var lobby = Gatekeeper.open(new Udp(), loop, new SecureRandom(), ANY_PORT, router.address(), false,
                (ras, signal) -> GatekeeperConfig.of("GK", ras, signal, Passwords.OPEN).routing(), _ -> { });
        var endpoint = RasEndpoint.open(new Udp(), loop, new SecureRandom(), ANY_PORT, ras -> EndpointConfig.of(List.of(Alias.of("bob")), ras,
                Addresses.of((InetSocketAddress) callee.getLocalSocketAddress()), Optional.of(Addresses.of(lobby.rasAddress()))), _ -> { });
        endpoint.registered().toCompletableFuture().get(30, TimeUnit.SECONDS);
        var id = Octets.ofHex(CALL);
        var admission = new Admission(id, id, 17, false, List.of(Alias.of("bob")), Optional.empty(), List.of(), Optional.empty(), 1280);

        var admitted = endpoint.admit(admission).toCompletableFuture().get(30, TimeUnit.SECONDS);
        lobby.destination(id).thenAccept(destination::complete);

        assertThat(Addresses.of(admitted.signalAddress())).isEqualTo(router.address());
        try (var caller = call(SETUP); var called = callee.accept()) {
            assertThat(called.getInputStream().readNBytes(SETUP.size() + 4)).hasSize(SETUP.size() + 4);
            assertThat(caller.isConnected()).isTrue();
        }
        endpoint.unregister().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(lobby.registrations().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEmpty();
        endpoint.close();
        lobby.close();
    }
}

package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.machine.Signals;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The connection of H.245 of a call over real sockets: opened by us, by the peer, or by both.
@Timeout(120)
class ControlConnectionTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Octets MESSAGE = Octets.ofHex("0102");

    private final Inbox inbox = new Inbox();
    private final ControlConnection control = new ControlConnection(inbox, Optional.empty());

    private TransportAddress listening() throws InterruptedException {
        control.listen(HERE, _ -> true);
        return ((Event.ControlListening) inbox.take().get().orElseThrow()).at();
    }

    private static TransportAddress address(ServerSocket listener) {
        return Streams.address((InetSocketAddress) listener.getLocalSocketAddress());
    }

    private static TransportAddress nobody() throws IOException {
        try (var listener = new ServerSocket(0, 1, HERE)) {
            return address(listener);
        }
    }

    private static Socket patient(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        return socket;
    }

    private void carries(Socket socket) throws IOException {
        control.write(MESSAGE, Duration.ofSeconds(60));
        assertThat(socket.getInputStream().readNBytes(6)).isEqualTo(Tpkt.wrap(MESSAGE));
    }

    /// Overlap of both sides opening (clause 8.2.3/H.323): whichever came first, the one of the side with the greater address stays.
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void whenBothHaveOpenedTheOneOfTheGreaterAddressStays(boolean weAreGreater, boolean oursFirst) throws Exception {
        var lower = InetAddress.ofLiteral("127.0.0.1");
        var upper = InetAddress.ofLiteral("127.0.0.2");
        control.listen(weAreGreater ? upper : lower, _ -> true);
        var at = Streams.socket(((Event.ControlListening) inbox.take().get().orElseThrow()).at());
        try (var peer = new ServerSocket(0, 1, weAreGreater ? lower : upper)) {
            var theirs = patient(new Socket());
            if (!oursFirst) {
                theirs.connect(at);
                assertThat(inbox.take().get()).contains(new Event.ControlConnected());
            }
            control.connect(address(peer), Duration.ofSeconds(60));
            try (theirs; var ours = patient(peer.accept())) {
                assertThat(inbox.take().get().isPresent()).isEqualTo(oursFirst || weAreGreater);
                if (oursFirst) {
                    theirs.connect(at);
                    assertThat(inbox.take().get().isPresent()).isEqualTo(!weAreGreater);
                }
                assertThat((weAreGreater ? theirs : ours).getInputStream().read()).isEqualTo(-1);
                carries(weAreGreater ? ours : theirs);
            }
        } finally {
            control.end();
        }
    }

    /// Who is not the peer is sent away, and the peer is still waited for.
    @Test
    void onlyThePeerMayOpenIt() throws Exception {
        var allowed = new AtomicBoolean();
        control.listen(HERE, _ -> allowed.get());
        var at = Streams.socket(((Event.ControlListening) inbox.take().get().orElseThrow()).at());
        for (int stranger = 0; stranger < 3; stranger++) {
            try (var theirs = patient(new Socket(at.getAddress(), at.getPort()))) {
                assertThat(inbox.take().get()).isEmpty();
                assertThat(theirs.getInputStream().read()).isEqualTo(-1);
            }
        }
        allowed.set(true);
        try (var theirs = patient(new Socket(at.getAddress(), at.getPort()))) {
            assertThat(inbox.take().get()).contains(new Event.ControlConnected());
            carries(theirs);
        } finally {
            control.end();
        }
    }

    /// The call has gone elsewhere while one was on its way, opened by us or by the peer.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsOnItsWayIsNotTheNextCalls(boolean byUs) throws Exception {
        var at = listening();
        try (var peer = new ServerSocket(0, 1, HERE)) {
            if (byUs) {
                control.connect(address(peer), Duration.ofSeconds(60));
            }
            try (var late = patient(byUs ? peer.accept() : new Socket(HERE, at.port()))) {
                var told = inbox.take();
                control.startOver();

                assertThat(told.get()).isEmpty();
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
            var next = listening();
            try (var theirs = patient(new Socket(HERE, next.port()))) {
                assertThat(inbox.take().get()).contains(new Event.ControlConnected());
                carries(theirs);
            }
        } finally {
            control.end();
        }
    }

    @Test
    void aFailureOfTheCallBeforeIsNotTheNextCalls() throws Exception {
        control.connect(nobody(), Duration.ofSeconds(60));
        var told = inbox.take();
        control.startOver();

        assertThat(told.get()).isEmpty();
    }

    @Test
    void thatWeCannotOpenIsNothingWhenThePeerHas() throws Exception {
        var at = listening();
        control.connect(nobody(), Duration.ofSeconds(60));
        assertThat(inbox.take().get().orElseThrow()).isInstanceOf(Event.ControlUnreachable.class);
        try (var theirs = patient(new Socket(HERE, at.port()))) {
            assertThat(inbox.take().get()).contains(new Event.ControlConnected());

            control.connect(nobody(), Duration.ofSeconds(60));

            assertThat(inbox.take().get()).isEmpty();
            carries(theirs);
        } finally {
            control.end();
        }
    }

    /// As behind address translation: what Setup says of H.245 leads nowhere, and what Connect says leads to us.
    @Test
    void aPeerWhoseAddressLeadsNowhereOpensItAtOurs() throws Exception {
        try (var bob = H323Endpoint.open(Settings.of("bob", new InetSocketAddress(HERE, 0)).with(Style.SLOW_SEPARATE), call ->
                    call.listen(effect -> {
                        if (effect instanceof Effect.Note(var words) && words.contains("cannot open H.245")) {
                            call.answer(CallMedia.sound(Tone.silence(), _ -> { }));
                        }
                    }));
                var signal = patient(new Socket(HERE, bob.address().getPort()))) {
            signal.getOutputStream().write(Tpkt.wrap(setup(nobody())));
            var framing = new Tpkt();
            var messages = new ArrayDeque<Octets>();
            Optional<TransportAddress> at = Optional.empty();
            while (at.isEmpty()) {
                var message = Q931.decode(next(signal, framing, messages));
                assertThat(message.messageType()).isNotEqualTo(Optional.of(MessageType.RELEASE_COMPLETE));
                at = message.userInformation().orElseThrow().at("h323-uu-pdu/h323-message-body/connect/h245Address")
                        .flatMap(TransportAddress::fromH225);
            }
            try (var opened = patient(new Socket(HERE, at.orElseThrow().port()))) {
                var first = Pdu.H245.decode(next(opened, new Tpkt(), new ArrayDeque<>()));
                assertThat(first.at("request/terminalCapabilitySet").or(() -> first.at("request/masterSlaveDetermination"))).isPresent();
                assertThat(bob.callsNow()).isEqualTo(1);
            }
        }
    }

    private static Octets next(Socket from, Tpkt framing, ArrayDeque<Octets> messages) throws IOException {
        var octets = new byte[4096];
        while (messages.isEmpty()) {
            int count = from.getInputStream().read(octets);
            assertThat(count).isPositive();
            messages.addAll(framing.read(octets, 0, count));
        }
        return messages.remove();
    }

    private static Octets setup(TransportAddress control) {
        var guid = Octets.of(new byte[16]);
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).with("h245Address", control.forH225())
                .with("sourceInfo", Signals.endpoint()).with("activeMC", false).with("conferenceID", guid)
                .with("conferenceGoal", Value.choice("create")).with("callType", Value.choice("pointToPoint"))
                .with("callIdentifier", Value.struct().with("guid", guid)).with("mediaWaitForConnect", false).with("canOverlapSend", false)
                .with("multipleCalls", false).with("maintainConnection", true);
        return new Q931(17, false, MessageType.SETUP.code(), List.of(InformationElement.bearerForPackets(), InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                        .with("h323-message-body", Value.choice("setup", body)).with("h245Tunnelling", false)))))).encode();
    }
}

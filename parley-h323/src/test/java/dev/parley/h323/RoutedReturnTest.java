package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.machine.Signals;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A call whose signalling goes over another host, which is lost: the caller comes back from its own.
@Timeout(120)
class RoutedReturnTest {
    private static final InetAddress CALLER = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ROUTER = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress CALLEE = InetAddress.ofLiteral("127.0.0.3");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.4");

    private final LinkedBlockingQueue<Effect> events = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<FirstMessage> sent = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Effect> atCallee = new LinkedBlockingQueue<>();
    private final H323Endpoint bob = H323Endpoint.open(settings("bob", CALLEE), call -> {
        call.listen(atCallee::add);
        call.answer(CallMedia.sound(new Tone(440, 0.5), _ -> { }));
    });
    private final H323Endpoint alice = H323Endpoint.open(settings("alice", CALLER), _ -> { });
    private final SignalCut router = new SignalCut(bob.address(), ROUTER);
    private H323Call call;

    RoutedReturnTest() throws IOException {}

    private static Settings settings(String name, InetAddress host) {
        return Settings.of(name, new InetSocketAddress(host, 0)).with(Style.FAST_TUNNELLED);
    }

    @BeforeEach
    void talk() {
        call = alice.call(CallRequest.to(router.address(), List.of("bob")), CallMedia.sound(new Tone(440, 0.5), _ -> { }), effect -> {
            if (effect instanceof Effect.SendSignal(var message)) {
                FirstMessage.read(message).ifPresent(sent::add);
            }
            events.add(effect);
        });
        call.awaitAnswer(Duration.ofSeconds(60));
    }

    @AfterEach
    void close() throws IOException {
        alice.close();
        bob.close();
        router.close();
    }

    private static Effect.Signalling signalling(LinkedBlockingQueue<Effect> seen) throws InterruptedException {
        while (true) {
            var effect = seen.poll(60, TimeUnit.SECONDS);
            assertThat(effect).isNotNull().isNotInstanceOf(Effect.Ended.class);
            if (effect instanceof Effect.Signalling signalling) {
                return signalling;
            }
        }
    }

    private void comesBackAndEnds() throws Exception {
        assertThat(signalling(events).up()).isTrue();
        assertThat(call.peer().address()).startsWith("127.0.0.3:");
        call.release();
        assertThat(call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
    }

    @Test
    void theCallerComesBackFromItsOwnHostWhenTheRouterIsGone() throws Exception {
        router.stop();

        assertThat(signalling(events).up()).isFalse();
        comesBackAndEnds();
    }

    /// As a gatekeeper that was started anew and knows no call.
    @Test
    void aRouterThatRefusesTheCallIsPassedBy() throws Exception {
        var refused = new LinkedBlockingQueue<FirstMessage>();
        router.refuse(inquiry -> {
            refused.add(inquiry);
            return inquiry.refused(Cause.REJECTED, "noPermission");
        });

        router.cut();

        assertThat(signalling(events).up()).isFalse();
        comesBackAndEnds();
        assertThat(refused).singleElement().satisfies(m -> assertThat(m.type()).contains(MessageType.STATUS_INQUIRY));
    }

    /// Who has read the identifiers of the call still has none of its hosts.
    @Test
    void aStrangerIsRefusedAndTheCallGoesOn() throws Exception {
        var setup = sent.take();
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL))
                .with("callIdentifier", Value.struct().with("guid", setup.call().orElseThrow()));
        var inquiry = new Q931(setup.message().callReference(), false, MessageType.STATUS_INQUIRY.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                        .with("h323-message-body", Value.choice("statusInquiry", body)).with("h245Tunnelling", true)))))).encode();
        try (var socket = new Socket(CALLEE, bob.address().getPort(), STRANGER, 0)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(Tpkt.wrap(inquiry));

            var answer = socket.getInputStream().readAllBytes();
            assertThat(Q931.decode(new Tpkt().read(answer, 0, answer.length).getFirst()).cause()).contains(Cause.INVALID_CALL_REFERENCE);
        }
        assertThat(call.phase()).isEqualTo(Phase.OPEN);
        router.stop();
        assertThat(signalling(events).up()).isFalse();
        comesBackAndEnds();
    }
}

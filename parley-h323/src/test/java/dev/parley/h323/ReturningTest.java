package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Signals;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls over real sockets whose signalling line is cut, and calls that are sent elsewhere.
@Timeout(120)
class ReturningTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE);
    }

    private static Settings settings(String name, Style style) {
        return Settings.of(name, new InetSocketAddress(HERE, 0)).with(style);
    }

    /// What one side has heard and seen.
    private static final class Side {
        final Semaphore heard = new Semaphore(0);
        final LinkedBlockingQueue<Effect> events = new LinkedBlockingQueue<>();

        CallMedia media() {
            return CallMedia.sound(new Tone(440, 0.5), _ -> heard.release());
        }

        <E extends Effect> E await(Class<E> kind) throws InterruptedException {
            while (true) {
                var effect = events.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(effect).as("waits for %s", kind).isNotNull();
                if (kind.isInstance(effect)) {
                    return kind.cast(effect);
                }
            }
        }

        void hears(int packets) throws InterruptedException {
            heard.drainPermits();
            assertThat(heard.tryAcquire(packets, LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void mediaGoesOnAndTheSignallingComesBack(Style style) throws Exception {
        var here = new Side();
        var there = new Side();
        var answered = new CompletableFuture<H323Call>();
        try (var bob = H323Endpoint.open(settings("bob", style), call -> {
                    call.listen(there.events::add);
                    call.answer(there.media());
                    answered.complete(call);
                });
                var line = new SignalCut(bob.address());
                var alice = H323Endpoint.open(settings("alice", style), _ -> { })) {
            var call = alice.call(CallRequest.to(line.address(), List.of("bob")), here.media(), here.events::add);
            call.awaitAnswer(LIMIT);
            here.hears(5);
            there.hears(5);

            line.cut();
            assertThat(here.await(Effect.Signalling.class).up()).isFalse();
            here.hears(5);
            there.hears(5);
            assertThat(here.await(Effect.Signalling.class).up()).isTrue();

            assertThat(call.phase()).isEqualTo(Phase.OPEN);
            call.press("5");
            assertThat(there.await(Effect.Keys.class).keys()).isEqualTo("5");
            var callee = answered.get();
            callee.press("6");
            assertThat(here.await(Effect.Keys.class).keys()).isEqualTo("6");
            assertThat(line.connections()).as("the same way as before").isEqualTo(2);
            callee.release();
            for (var side : List.of(call, callee)) {
                assertThat(side.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
            }
        }
    }

    /// The way that the call went first is gone for good; the callee itself has told where else it takes calls.
    @Test
    void theOtherAddressOfTheCalleeServesWhenTheFirstOneIsGone() throws Exception {
        var here = new Side();
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), call -> call.answer(new Side().media()));
                var line = new SignalCut(bob.address());
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            var call = alice.call(CallRequest.to(line.address(), List.of("bob")), here.media(), here.events::add);
            call.awaitAnswer(LIMIT);
            here.hears(5);

            line.stop();

            assertThat(here.await(Effect.Signalling.class).up()).isFalse();
            assertThat(here.await(Effect.Signalling.class).up()).isTrue();
            call.release();
            assertThat(call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
        }
    }

    /// A StatusInquiry for a call that nobody knows is answered with cause 81.
    @Test
    void nobodyCanComeBackToACallThatIsNotThere() throws Exception {
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL))
                .with("callIdentifier", Value.struct().with("guid", Octets.of(new byte[16])));
        var inquiry = Tpkt.wrap(new Q931(17, false, MessageType.STATUS_INQUIRY.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                        .with("h323-message-body", Value.choice("statusInquiry", body)).with("h245Tunnelling", true)))))).encode());
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), _ -> { }); var socket = new Socket(HERE, bob.address().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(inquiry);

            var answer = socket.getInputStream().readAllBytes();
            assertThat(Q931.decode(new Tpkt().read(answer, 0, answer.length).getFirst()).cause()).contains(Cause.INVALID_CALL_REFERENCE);
            assertThat(bob.callsNow()).isZero();
        }
    }

    @Test
    void aForwardedCallGoesWhereItIsSent() throws Exception {
        var here = new Side();
        var there = new Side();
        try (var carol = H323Endpoint.open(settings("carol", Style.FAST_TUNNELLED), call -> call.answer(there.media()));
                var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), call -> call.forward(carol.address(), List.of("carol")));
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            var call = alice.call(CallRequest.to(bob.address(), List.of("bob")), here.media(), here.events::add);
            call.awaitAnswer(LIMIT);

            assertThat(here.await(Effect.Redirected.class).to()).isEqualTo(Streams.address(carol.address()));
            assertThat(call.peer().address()).endsWith(":" + carol.address().getPort());
            here.hears(5);
            there.hears(5);
            call.release();
            assertThat(call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
        }
    }

    @Test
    void aCallIsNotSentInACircle() throws Exception {
        var addresses = new LinkedBlockingQueue<InetSocketAddress>();
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), call -> call.forward(addresses.remove(), List.of()));
                var carol = H323Endpoint.open(settings("carol", Style.FAST_TUNNELLED), call -> call.forward(bob.address(), List.of()));
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            addresses.add(carol.address());
            var call = alice.call(CallRequest.to(bob.address(), List.of("bob")), new Side().media(), _ -> { });

            assertThat(call.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS).words()).contains("where it was before");
        }
    }

    /// As often as the settings allow, and once more.
    @Test
    void aCallIsSentOnAsOftenAsAllowed() throws Exception {
        assertThat(sentOn(2, 2)).contains("connected");
        assertThat(sentOn(3, 2)).contains("for the 3th time");
        assertThat(sentOn(1, 0)).contains("which we do not follow");
    }

    private static String sentOn(int times, int most) throws IOException, InterruptedException {
        var endpoints = new ArrayList<H323Endpoint>();
        var end = new LinkedBlockingQueue<String>();
        try (var last = H323Endpoint.open(settings("last", Style.FAST_TUNNELLED), call -> call.answer(new Side().media()));
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED).withMostRedirections(most), _ -> { })) {
            var to = last.address();
            for (int i = 0; i < times; i++) {
                var next = to;
                endpoints.add(H323Endpoint.open(settings("via" + i, Style.FAST_TUNNELLED), call -> call.forward(next, List.of())));
                to = endpoints.getLast().address();
            }
            alice.call(CallRequest.to(to, List.of()), new Side().media(), effect -> {
                switch (effect) {
                    case Effect.Connected _ -> end.add("connected");
                    case Effect.Ended(var how) -> end.add(how.words());
                    default -> { }
                }
            });
            return String.valueOf(end.poll(60, TimeUnit.SECONDS));
        } finally {
            endpoints.forEach(H323Endpoint::close);
        }
    }

    @Test
    void aCallThatIsSentToNobodyIsLost() throws Exception {
        int free;
        try (var listener = new ServerSocket(0, 1, HERE)) {
            free = listener.getLocalPort();
        }
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), call -> call.forward(new InetSocketAddress(HERE, free), List.of()));
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            var call = alice.call(CallRequest.to(bob.address(), List.of("bob")), new Side().media(), _ -> { });

            assertThat(call.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS).words()).contains("where nobody is");
        }
    }
}

package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.h323.gatekeeper.Router;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Timer;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.per.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many calls of one endpoint at once, and one more than there is room for.
@Timeout(300)
class CrowdTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration LIMIT = Duration.ofSeconds(120);
    /// What is proven is that nothing is lost, not how fast it is on a machine that does other things too.
    private static final Map<Timer, Duration> PATIENT = Map.of(Timer.T303, LIMIT, Timer.T310, LIMIT);
    private static final List<Style> STYLES = List.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE);

    private static Settings settings(String name, int mostCalls) {
        return Settings.of(name, new InetSocketAddress(HERE, 0)).withMostCalls(mostCalls).with(PATIENT);
    }

    @Test
    void fortyCallsOfAllStylesLoseNoMessage() throws Exception {
        allStyles(40);
    }

    @Test
    @Tag("slow")
    void twoHundredCallsOfAllStylesLoseNoMessage() throws Exception {
        allStyles(200);
    }

    /// Signalling of each goes through a gatekeeper that routes.
    @Test
    void fortyRoutedCallsOfAllStylesLoseNoMessage() throws Exception {
        routed(40);
    }

    @Test
    @Tag("slow")
    void twoHundredRoutedCallsOfAllStylesLoseNoMessage() throws Exception {
        routed(200);
    }

    private static void routed(int count) throws Exception {
        var callee = new CompletableFuture<Optional<InetSocketAddress>>();
        var answered = new LinkedBlockingQueue<Octets>();
        try (var router = Router.listen(new InetSocketAddress(HERE, 0), _ -> callee, answered::add, count, Optional.empty())) {
            allStyles(count, bob -> {
                callee.complete(Optional.of(bob));
                return router.address();
            });
        }
        assertThat(answered).as("each is answered once").hasSize(count).doesNotHaveDuplicates();
    }

    private static void allStyles(int count) throws Exception {
        allStyles(count, bob -> bob);
    }

    /// Each call presses keys of its own, both ways, so that a message that is lost, doubled or of another call shows.
    ///
    /// @param way where calls go that are for somebody at an address
    private static void allStyles(int count, UnaryOperator<InetSocketAddress> way) throws Exception {
        var there = new ConcurrentHashMap<String, CrowdEnd>();
        Map<String, H323Call> calls = new LinkedHashMap<>();
        Map<String, CrowdEnd> here = new LinkedHashMap<>();
        try (var bob = H323Endpoint.open(settings("bob", count), call -> {
                    var end = new CrowdEnd(4);
                    call.listen(end::saw);
                    there.put(call.from().orElseThrow().called().getFirst(), end);
                    call.ring();
                    call.answer(end.media());
                    call.press(call.from().orElseThrow().called().getFirst());
                });
                var alice = H323Endpoint.open(settings("alice", count), _ -> { })) {
            var to = way.apply(bob.address());
            for (int i = 0; i < count; i++) {
                var number = String.valueOf(1000 + i);
                var end = new CrowdEnd(4);
                here.put(number, end);
                calls.put(number, alice.call(CallRequest.to(to, List.of(number)).with(STYLES.get(i % 4)), end.media(), end::saw));
            }
            for (var call : calls.entrySet()) {
                call.getValue().awaitAnswer(LIMIT);
                call.getValue().press(call.getKey());
            }
            assertThat(bob.callsNow()).isEqualTo(count);
            for (var number : calls.keySet()) {
                for (var end : List.<CrowdEnd>of(Objects.requireNonNull(here.get(number)), Objects.requireNonNull(there.get(number)))) {
                    assertThat(end.keys.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("keys of %s: %s", number, end.seen).isTrue();
                    assertThat(end.heard.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("sound of %s", number).isTrue();
                }
            }
            for (var call : calls.values()) {
                call.hangUp(Cause.NORMAL_CLEARING);
            }
            for (var call : calls.values()) {
                assertThat(call.ended().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
            }
            for (var end : there.values()) {
                assertThat(end.over.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
        here.forEach((number, end) -> {
            var other = Objects.requireNonNull(there.get(number));
            assertThat(end.pressed()).isEqualTo(number);
            assertThat(other.pressed()).isEqualTo(number);
            assertThat(end.signals()).as("caller %s", number).startsWith(MessageType.SETUP).containsOnlyOnce(MessageType.SETUP);
            assertThat(other.signals()).as("callee %s", number).startsWith(MessageType.CALL_PROCEEDING, MessageType.ALERTING, MessageType.CONNECT);
            assertThat(List.of(end.count(Effect.Proceeding.class), end.count(Effect.Ringing.class), end.count(Effect.Connected.class),
                    end.count(Effect.ControlReady.class), end.count(Effect.SendMedia.class), end.count(Effect.ReceiveMedia.class),
                    end.count(Effect.Ended.class))).as("caller %s: %s", number, end.seen).containsOnly(1L);
            assertThat(List.of(other.count(Effect.Connected.class), other.count(Effect.ControlReady.class), other.count(Effect.SendMedia.class),
                    other.count(Effect.ReceiveMedia.class), other.count(Effect.Ended.class)))
                    .as("callee %s: %s", number, other.seen).containsOnly(1L);
        });
    }

    @Test
    void oneCallMoreThanThereIsRoomForHearsCongestionUntilThereIsRoomAgain() throws Exception {
        var taken = new LinkedBlockingQueue<H323Call>();
        try (var bob = H323Endpoint.open(settings("bob", 2), call -> {
                    call.answer(CallMedia.sound(Tone.silence(), _ -> { }));
                    taken.add(call);
                });
                var alice = H323Endpoint.open(settings("alice", 3), _ -> { })) {
            var first = call(alice, bob);
            var second = call(alice, bob);
            first.awaitAnswer(LIMIT);
            second.awaitAnswer(LIMIT);
            var third = call(alice, bob);
            assertThatThrownBy(() -> third.awaitAnswer(LIMIT)).isInstanceOf(SessionException.Refused.class).hasMessageContaining("congestion")
                    .hasMessageContaining("the other side has no room for the call");
            third.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);

            first.release();
            CompletableFuture.anyOf(taken.stream().map(c -> c.ended().toCompletableFuture()).toArray(CompletableFuture<?>[]::new))
                    .get(30, TimeUnit.SECONDS);
            assertThat(bob.callsNow()).isEqualTo(1);

            call(alice, bob).awaitAnswer(LIMIT);
        }
    }

    @Test
    void anEndpointCallsNoMoreThanItsSettingsAllow() throws Exception {
        try (var bob = H323Endpoint.open(settings("bob", 9), _ -> { }); var alice = H323Endpoint.open(settings("alice", 2), _ -> { })) {
            call(alice, bob);
            call(alice, bob);

            assertThatThrownBy(() -> call(alice, bob)).isInstanceOf(SessionException.LimitReached.class).hasMessageContaining("2 calls");
        }
    }

    @Test
    void connectionsWithoutSetupTakeNoRoom() throws Exception {
        var calls = new LinkedBlockingQueue<H323Call>();
        try (var bob = H323Endpoint.open(settings("bob", 1), calls::add); var alice = H323Endpoint.open(settings("alice", 1), _ -> { });
                var silent = new Socket(HERE, bob.address().getPort()); var dripping = new Socket(HERE, bob.address().getPort())) {
            dripping.getOutputStream().write(3);
            call(alice, bob);

            assertThat(Optional.ofNullable(calls.poll(30, TimeUnit.SECONDS))).isPresent();
            assertThat(silent.isConnected()).isTrue();
        }
    }

    private static H323Call call(H323Endpoint from, H323Endpoint to) {
        return from.call(to.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });
    }
}

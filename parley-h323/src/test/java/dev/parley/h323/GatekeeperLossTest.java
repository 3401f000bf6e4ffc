package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionEnd;
import dev.parley.h323.gatekeeper.Addresses;
import dev.parley.h323.gatekeeper.Gatekeeper;
import dev.parley.h323.gatekeeper.RasEndpoint;
import dev.parley.h323.gatekeeper.Router;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.Tone;
import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.wire.Cause;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls that a gatekeeper admits or routes lose their signalling connection only, on either leg of it. They get it back on the same way, past
/// the same router, in every style.
@Timeout(120)
class GatekeeperLossTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private enum Leg {
        /// Without a router between them.
        DIRECT,
        CALLER_TO_ROUTER,
        ROUTER_TO_CALLED
    }

    private final VirtualLoop loop = new VirtualLoop("ras");
    private final LinkedBlockingQueue<GatekeeperEvent> recorded = new LinkedBlockingQueue<>();
    private final CompletableFuture<Gatekeeper> running = new CompletableFuture<>();
    private final CompletableFuture<H323Call> answered = new CompletableFuture<>();
    private final CompletableFuture<RasEndpoint> bobsRas = new CompletableFuture<>();
    private final LinkedBlockingQueue<Effect> atAlice = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Effect> atBob = new LinkedBlockingQueue<>();
    private final H323Endpoint bob = H323Endpoint.open(settings("bob"), this::asksAndAnswers);
    private final H323Endpoint alice = H323Endpoint.open(settings("alice"), _ -> { });
    private final SignalCut toBob = new SignalCut(bob.address());
    private final Router router = Router.listen(ANY_PORT, call -> running.thenCompose(g -> g.destination(call)),
            call -> running.thenAccept(g -> g.answered(call)), 10, Optional.empty());
    private final SignalCut toRouter = new SignalCut(router.address());

    GatekeeperLossTest() throws IOException {}

    /// Keys go by H.245, so that one that arrives proves that it works.
    private static Settings settings(String name) {
        return Settings.of(name, ANY_PORT).withTelephoneEvents(Optional.empty());
    }

    static Stream<Object[]> rows() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE, new Style(true, true, true))
                .flatMap(style -> Stream.of(Leg.values()).map(leg -> new Object[] {style, leg}));
    }

    private void asksAndAnswers(H323Call call) {
        var from = call.from().orElseThrow();
        call.listen(atBob::add);
        bobsRas.thenCompose(ras -> ras.admit(new Admission(from.callIdentifier(), from.conferenceId(), 1, true, List.of(Alias.of("bob")),
                Optional.empty(), List.of(), Optional.of(Addresses.of(alice.address())), 1280))).thenRun(() -> {
                    call.answer(tone(_ -> { }));
                    answered.complete(call);
                });
    }

    private static CallMedia tone(Consumer<short[]> heard) {
        return CallMedia.sound(new Tone(440, 0.5), heard::accept);
    }

    private RasEndpoint register(String name, InetSocketAddress at, Gatekeeper gatekeeper) throws Exception {
        var ras = RasEndpoint.open(new Udp(), loop, new SecureRandom(), ANY_PORT, own -> EndpointConfig.of(List.of(Alias.of(name)), own,
                Addresses.of(at), Optional.of(Addresses.of(gatekeeper.rasAddress()))), _ -> { });
        get(ras.registered());
        return ras;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws IOException {
        alice.close();
        bob.close();
        toRouter.close();
        router.close();
        toBob.close();
        loop.stop();
    }

    private static Effect await(LinkedBlockingQueue<Effect> seen, Predicate<Effect> wanted) throws InterruptedException {
        while (true) {
            var effect = seen.poll(60, TimeUnit.SECONDS);
            assertThat(effect).isNotNull().isNotInstanceOf(Effect.Ended.class);
            if (effect != null && wanted.test(effect)) {
                return effect;
            }
        }
    }

    private static Predicate<Effect> signalling(boolean up) {
        return e -> e instanceof Effect.Signalling s && s.up() == up;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theSignallingComesBackOnTheWayThatItWent(Style style, Leg leg) throws Exception {
        boolean routed = leg != Leg.DIRECT;
        try (var gatekeeper = Gatekeeper.open(new Udp(), loop, new SecureRandom(), ANY_PORT, toRouter.address(), false, (ras, signal) -> {
                    var config = GatekeeperConfig.of("GK", ras, signal, Passwords.OPEN);
                    return routed ? config.routing() : config;
                }, recorded::add);
                var bobs = register("bob", toBob.address(), gatekeeper); var alices = register("alice", alice.address(), gatekeeper)) {
            running.complete(gatekeeper);
            bobsRas.complete(bobs);
            var heard = new LinkedBlockingQueue<CountDownLatch>();
            var names = H323Endpoint.Identifiers.random();
            var admitted = get(alices.admit(new Admission(names.call(), names.conference(), names.reference(), false, List.of(Alias.of("bob")),
                    Optional.empty(), List.of(Alias.of("alice")), Optional.of(Addresses.of(alice.address())), 1280)));
            var way = Addresses.of(admitted.signalAddress());
            assertThat(way).isEqualTo(routed ? toRouter.address() : toBob.address());
            var call = alice.call(CallRequest.to(way, List.of("bob")).with(names).with(style), tone(_ -> heard.forEach(CountDownLatch::countDown)),
                    atAlice::add);
            call.awaitAnswer(Duration.ofSeconds(60));
            await(atAlice, Effect.ControlReady.class::isInstance);
            await(atBob, Effect.ControlReady.class::isInstance);

            (leg == Leg.CALLER_TO_ROUTER ? toRouter : toBob).cut();

            await(atAlice, signalling(false));
            await(atAlice, signalling(true));
            await(atBob, signalling(true));
            assertThat(toBob.connections()).isEqualTo(2);
            assertThat(toRouter.connections()).isEqualTo(routed ? 2 : 0);
            var more = new CountDownLatch(20);
            heard.add(more);
            assertThat(more.await(60, TimeUnit.SECONDS)).as("sound").isTrue();
            call.press("5");
            assertThat(await(atBob, Effect.Keys.class::isInstance)).isEqualTo(new Effect.Keys("5"));

            (style.tunnel() ? call : get(answered)).hangUp(Cause.NORMAL_CLEARING);

            assertThat(get(call.ended())).isInstanceOf(SessionEnd.Released.class);
            assertThat(get(get(answered).ended())).isInstanceOf(SessionEnd.Released.class);
            get(alices.disengage(names.call(), DisengageReason.NORMAL_DROP));
            get(bobs.disengage(names.call(), DisengageReason.NORMAL_DROP));
            assertThat(get(gatekeeper.calls())).isZero();
            assertThat(recorded).filteredOn(GatekeeperEvent.CallEnded.class::isInstance).singleElement()
                    .satisfies(e -> assertThat(((GatekeeperEvent.CallEnded) e).routed()).isEqualTo(routed));
        }
    }
}

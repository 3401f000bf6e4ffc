package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Signals;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom a call is sent on to, by the names that a peer may give.
@Timeout(120)
class RedirectionTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final TransportAddress ADDRESS = new TransportAddress(Octets.of(new byte[] {127, 0, 0, 1}), 1720);

    private static Redirection.Next sentTo(String alias) throws Redirection.Refused {
        return new Redirection(ADDRESS, List.of("bob"), 1, elsewhere -> elsewhere.to().map(Streams::socket))
                .next(new CallEnd.Redirected(Optional.of(ADDRESS), List.of(alias), "callForwarded"), List.of("bob"));
    }

    /// A peer can give 512 characters as a URL that has no colon; we would write them as an identifier.
    @Test
    void aNameThatWeCannotWriteIsNotFollowed() throws Exception {
        assertThat(sentTo("b".repeat(256)).aliases()).containsExactly("b".repeat(256));
        assertThatThrownBy(() -> sentTo("b".repeat(257))).isInstanceOf(Redirection.Refused.class).hasMessageContaining("257 characters");
    }

    /// Who is asked decides, also when the peer gave an address: with a gatekeeper it may be another one, or none.
    @Test
    void whoIsAskedDecidesAboutAnAddressToo() throws Exception {
        var elsewhere = new CallEnd.Redirected(Optional.of(ADDRESS), List.of(), "callForwarded");
        var other = new InetSocketAddress(HERE, 1721);

        assertThat(new Redirection(ADDRESS, List.of("bob"), 1, _ -> Optional.of(other)).next(elsewhere, List.of("bob")).address())
                .isEqualTo(Streams.address(other));
        assertThatThrownBy(() -> new Redirection(ADDRESS, List.of("bob"), 1, _ -> Optional.empty()).next(elsewhere, List.of("bob")))
                .isInstanceOf(Redirection.Refused.class).hasMessageContaining("nobody knows");
    }

    @Test
    void aNameWithAColonNeedNotBeAUrl() throws Exception {
        var asked = new CompletableFuture<List<String>>();
        try (var carol = H323Endpoint.open(settings("carol"), call -> {
                    asked.complete(call.from().orElseThrow().called());
                    call.answer(CallMedia.sound(Tone.silence(), _ -> { }));
                });
                var bob = H323Endpoint.open(settings("bob"), call -> call.forward(carol.address(), List.of("é:x")));
                var alice = H323Endpoint.open(settings("alice"), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });
            call.awaitAnswer(Duration.ofSeconds(60));

            assertThat(asked.get(60, TimeUnit.SECONDS)).containsExactly("é:x");
        }
    }

    /// By a peer that ends no call itself: the caller releases it there and calls where it is sent.
    @ParameterizedTest
    @ValueSource(strings = {"routeCallToGatekeeper", "routeCallToMC"})
    void aCallGoesWhereAGatekeeperOrAConferenceIs(String reason) throws Exception {
        var seen = new LinkedBlockingQueue<Effect>();
        try (var gate = H323Endpoint.open(settings("gate"), call -> call.answer(CallMedia.sound(Tone.silence(), _ -> { })));
                var peer = new ServerSocket(0, 1, HERE);
                var alice = H323Endpoint.open(settings("alice"), _ -> { })) {
            var call = alice.call((InetSocketAddress) peer.getLocalSocketAddress(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }),
                    seen::add);
            List<Q931> afterwards;
            try (var socket = peer.accept()) {
                var setup = next(socket.getInputStream(), new Tpkt()).getFirst();
                var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL))
                        .with("alternativeAddress", Streams.address(gate.address()).forH225()).with("reason", Value.choice(reason));
                socket.getOutputStream().write(Tpkt.wrap(new Q931(Q931.decode(setup).callReference(), true, MessageType.FACILITY.code(),
                        List.of(InformationElement.userUser(Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                                .with("h323-message-body", Value.choice("facility", body)).with("h245Tunnelling", true))))))
                        .encode()));
                afterwards = next(socket.getInputStream(), new Tpkt()).stream().map(Q931::decode).toList();
            }
            call.awaitAnswer(Duration.ofSeconds(60));

            assertThat(afterwards).singleElement().satisfies(m -> assertThat(m.messageType()).contains(MessageType.RELEASE_COMPLETE));
            assertThat(seen).contains(new Effect.Redirected(Streams.address(gate.address()), List.of("bob"), reason));
            call.release();
        }
    }

    private static List<Octets> next(InputStream from, Tpkt framing) throws IOException {
        var octets = new byte[4096];
        while (true) {
            int count = from.read(octets);
            assertThat(count).isPositive();
            var messages = framing.read(octets, 0, count);
            if (!messages.isEmpty()) {
                return messages;
            }
        }
    }

    /// The user need not wait for who is asked where that is.
    @Test
    void aCallThatIsOnItsWayElsewhereCanBeEnded() throws Exception {
        for (boolean abort : List.of(false, true)) {
            var asked = new CountDownLatch(1);
            var answer = new CountDownLatch(1);
            try (var bob = H323Endpoint.open(settings("bob"), call -> call.forward(List.of("carol")));
                    var alice = H323Endpoint.open(settings("alice"), _ -> { })) {
                var call = alice.call(CallRequest.to(bob.address(), List.of("bob")).with(_ -> {
                    asked.countDown();
                    await(answer);
                    return Optional.of(bob.address());
                }), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });
                assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

                if (abort) {
                    call.abort("enough");
                } else {
                    call.hangUp(Cause.NORMAL_CLEARING);
                }

                assertThat(call.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOfSatisfying(CallEnd.Cleared.class,
                        end -> assertThat(end.by()).isEqualTo(Side.LOCAL));
                call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertThat(alice.callsNow()).isZero();
                answer.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFaultOfWhoIsAskedEndsTheCall() throws Exception {
        try (var bob = H323Endpoint.open(settings("bob"), call -> call.forward(List.of("carol")));
                var alice = H323Endpoint.open(settings("alice"), _ -> { })) {
            var call = alice.call(CallRequest.to(bob.address(), List.of("bob")).with(_ -> {
                throw new IllegalStateException("no book");
            }), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });

            assertThat(call.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS).words()).contains("this side failed", "no book");
            call.playedOut().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static Settings settings(String name) {
        return Settings.of(name, new InetSocketAddress(HERE, 0));
    }
}

package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whom a call is sent on to, by the names that a peer may give.
@Timeout(120)
class RedirectionTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final TransportAddress ADDRESS = new TransportAddress(Octets.of(new byte[] {127, 0, 0, 1}), 1720);

    private static Redirection.Next sentTo(String alias) throws Redirection.Refused {
        return new Redirection(ADDRESS, List.of("bob"), 1, _ -> Optional.empty())
                .next(new CallEnd.Redirected(Optional.of(ADDRESS), List.of(alias), "callForwarded"), List.of("bob"));
    }

    /// A peer can give 512 characters as a URL that has no colon; we would write them as an identifier.
    @Test
    void aNameThatWeCannotWriteIsNotFollowed() throws Exception {
        assertThat(sentTo("b".repeat(256)).aliases()).containsExactly("b".repeat(256));
        assertThatThrownBy(() -> sentTo("b".repeat(257))).isInstanceOf(Redirection.Refused.class).hasMessageContaining("257 characters");
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

package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.Tone;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls whose own side fails, or whose peer wants to make it fail: each has an end.
@Timeout(120)
class FailingCallTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private static Settings settings(String name) {
        return Settings.of(name, new InetSocketAddress(HERE, 0));
    }

    @Test
    void aListenerThatThrowsEndsItsCallAndNoOther() throws Exception {
        var there = new LinkedBlockingQueue<H323Call>();
        var seen = new CompletableFuture<CallEnd>();
        try (var bob = H323Endpoint.open(settings("bob"), there::add); var alice = H323Endpoint.open(settings("alice"), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), effect -> {
                switch (effect) {
                    case Effect.Proceeding _ -> throw new IllegalStateException("a fault of the listener");
                    case Effect.Ended(var end) -> {
                        seen.complete(end);
                        throw new IllegalStateException("and another one");
                    }
                    default -> { }
                }
            });

            assertThat(call.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(CallEnd.Lost.class)
                    .extracting(CallEnd::words).asString().contains("this side failed", "a fault of the listener");
            assertThat(seen.get(60, TimeUnit.SECONDS).words()).contains("this side failed");
            assertThatThrownBy(() -> call.awaitAnswer(LIMIT)).isInstanceOf(SessionException.ConnectionLost.class);
            assertThat(call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOfSatisfying(SessionEnd.Lost.class,
                    lost -> assertThat(lost.cause()).hasRootCauseMessage("a fault of the listener"));
            assertThat(call.phase()).isEqualTo(Phase.ENDED);
            assertThat(alice.callsNow()).isZero();
            // Its connection is closed: the callee sees an end, too.
            var callee = there.poll(60, TimeUnit.SECONDS);
            assertThat(callee).isNotNull();
            assertThat(callee.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(CallEnd.Lost.class);
        }
    }
}

package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.sent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How soon a lost gatekeeper is looked for again.
class RetryTest {
    private final EndpointMachine endpoint = endpoint(Optional.empty());
    private final GatekeeperMachine gatekeeper = gatekeeper(Passwords.OPEN);
    private long now;

    private RasTime next() {
        now = endpoint.nextTick();
        return new RasTime(now, NOW.wallMillis());
    }

    /// How many seconds nothing is sent after the gatekeeper was given up.
    private long pause() {
        while (endpoint.tick(next()).stream().noneMatch(EndpointEvent.GatekeeperLost.class::isInstance)) {
            assertThat(endpoint.nextTick()).isNotEqualTo(Long.MAX_VALUE);
        }
        return (endpoint.nextTick() - now) / 1_000_000_000L;
    }

    private List<Long> pauses(int count) {
        return IntStream.range(0, count).mapToObj(_ -> pause()).toList();
    }

    /// What leaves next is answered, and so on until nothing is asked any more.
    private void isThere() {
        var time = next();
        for (var out = sent(endpoint.tick(time)); !out.isEmpty();) {
            out = sent(endpoint.received(only(gatekeeper.received(out.getFirst().datagram(), ENDPOINT, time)), GATEKEEPER, time));
        }
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
    }

    @Test
    void thePausesGrowToHalfAMinute() {
        RasPair.register(endpoint, gatekeeper);

        assertThat(pauses(8)).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    /// A gatekeeper that takes registrations and forgets them is not asked ever faster.
    @Test
    void theyAreShortAgainWhenARegistrationHasLasted() {
        RasPair.register(endpoint, gatekeeper);
        assertThat(pauses(2)).containsExactly(1L, 2L);

        isThere();
        assertThat(pauses(2)).as("lost before its first keep-alive").containsExactly(4L, 8L);

        isThere();
        isThere();
        assertThat(pauses(2)).as("lost after its first keep-alive").containsExactly(1L, 2L);
    }
}

package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How long a transfer without progress goes on, second by second of a time that nobody waits for.
class BackoffTest {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Backoff backoff = new Backoff(PATIENCE, 0);

    private static long at(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(at(seconds));
    }

    @Test
    void aConnectionThatStandsStillHasAsLongAsALostOne() {
        backoff.look(at(10), true, Duration.ZERO);
        for (int second = 11; second < 14; second++) {
            backoff.look(at(second), false, seconds(second - 10));
            assertThat(backoff.left(at(second))).isEqualTo(seconds(14 - second));
        }

        backoff.look(at(14), false, seconds(4));

        assertThat(backoff.left(at(14))).isEqualTo(Duration.ZERO);
        assertThat(backoff.afterLoss(at(14), false)).as("the time is over, and not begun anew by the loss").isEmpty();
    }

    @Test
    void aLossIsNoProgressAndNeitherIsAConnection() {
        backoff.look(at(1), true, Duration.ZERO);

        assertThat(backoff.afterLoss(at(3), false)).contains(Duration.ofMillis(200));
        backoff.look(at(4.5), false, seconds(1.3));

        assertThat(backoff.left(at(4.5))).as("0.2 s of the last look were this side's").isEqualTo(seconds(0.7));
        assertThat(backoff.afterLoss(at(4.8), false)).as("0.4 s go into the rest").contains(Duration.ofMillis(400));
        assertThat(backoff.afterLoss(at(5), false)).as("0.8 s do not, but the rest is waited for").contains(Duration.ofMillis(200));
        assertThat(backoff.afterLoss(at(5.2), false)).isEmpty();
    }

    @Test
    void whatThisSideNeedsForItselfDoesNotCount() {
        for (int second = 1; second <= 1000; second++) {
            backoff.look(at(second), false, Duration.ZERO);
            assertThat(backoff.left(at(second))).isEqualTo(PATIENCE);
        }
    }

    @Test
    void progressBeginsTheTimeAnewAndThePausesToo() {
        for (var wait : new long[] {200, 400, 800}) {
            assertThat(backoff.afterLoss(at(1), false)).contains(Duration.ofMillis(wait));
        }

        backoff.look(at(3.9), true, seconds(2));

        assertThat(backoff.left(at(3.9))).isEqualTo(PATIENCE);
        assertThat(backoff.afterLoss(at(5), false)).contains(Duration.ofMillis(200));
    }

    @Test
    void whoHasNoPatienceTriesOnce() {
        assertThat(new Backoff(Duration.ZERO, 0).afterLoss(0, false)).isEmpty();
        assertThat(new Backoff(Duration.ofMillis(200), 0).afterLoss(0, false)).contains(Duration.ofMillis(200));
        assertThat(new Backoff(Duration.ofMillis(199), 0).afterLoss(0, false)).contains(Duration.ofMillis(199));
    }

    @Test
    void theLongestPauseIsTenSeconds() {
        var patient = new Backoff(Duration.ofMinutes(10), 0);
        for (int i = 0; i < 6; i++) {
            patient.afterLoss(0, false);
        }

        assertThat(patient.afterLoss(0, false)).contains(Duration.ofSeconds(10));
        assertThat(patient.afterLoss(0, false)).contains(Duration.ofSeconds(10));
    }
}

package dev.parley.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    private final AttemptLimiter limiter = new AttemptLimiter(5);

    @Test
    void fiveFailuresInAMinuteAreAllowedAndThenNothingUntilTheFirstIsAMinuteOld() {
        for (int i = 0; i < 5; i++) {
            assertThat(limiter.allows("alice", "10.0.0.1", i * SECOND)).isTrue();
            limiter.failed("alice", "10.0.0.1", i * SECOND);
        }

        assertThat(limiter.allows("alice", "10.0.0.1", 59 * SECOND)).isFalse();
        assertThat(limiter.allows("alice", "10.0.0.1", 60 * SECOND)).isTrue();
    }

    @Test
    void othersAreNotAffected() {
        for (int i = 0; i < 5; i++) {
            limiter.failed("alice", "10.0.0.1", 0);
        }

        assertThat(limiter.allows("alice", "10.0.0.2", 1)).isTrue();
        assertThat(limiter.allows("bob", "10.0.0.1", 1)).isTrue();
        assertThat(limiter.allows("alice", "10.0.0.1", 1)).isFalse();
    }

    @Test
    void theOldestPairIsForgottenWhenTenThousandAreKnown() {
        for (int i = 0; i < 5; i++) {
            limiter.failed("alice", "10.0.0.1", 0);
        }
        for (int i = 0; i < 9_999; i++) {
            limiter.failed("user" + i, "10.0.0.1", 0);
        }
        limiter.failed("one more", "10.0.0.1", 0);

        assertThat(limiter.allows("alice", "10.0.0.1", 1)).isTrue();
    }
}

package dev.parley.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    private final AttemptLimiter limiter = new AttemptLimiter(5);

    @Test
    void fiveFailuresInAMinuteAreAllowedAndThenNothingUntilTheFirstIsAMinuteOld() {
        for (int i = 0; i < 5; i++) {
            assertThat(limiter.allows("alice", "10.0.0.1", i * SECOND)).isTrue();
            limiter.claim("alice", "10.0.0.1", i * SECOND);
        }

        assertThat(limiter.allows("alice", "10.0.0.1", 59 * SECOND)).isFalse();
        assertThat(limiter.allows("alice", "10.0.0.1", 60 * SECOND)).isTrue();
    }

    @Test
    void aSuccessIsNoFailure() {
        for (int i = 0; i < 20; i++) {
            assertThat(limiter.claim("alice", "10.0.0.1", i)).isTrue();
            limiter.succeeded("alice", "10.0.0.1");
        }
        limiter.succeeded("nobody", "10.0.0.1");

        assertThat(limiter.allows("alice", "10.0.0.1", 20)).isTrue();
    }

    /// A thousand connections that prove at once are five guesses.
    @Test
    void attemptsAtTheSameMomentDoNotAllSeeRoomForOneMore() throws InterruptedException {
        var tried = new AtomicInteger();
        var all = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 200; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    all.await();
                } catch (InterruptedException e) {
                    return;
                }
                if (limiter.claim("alice", "10.0.0.1", 1)) {
                    tried.incrementAndGet();
                }
            }));
        }
        all.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(tried).hasValue(5);
    }

    @Test
    void othersAreNotAffected() {
        for (int i = 0; i < 5; i++) {
            limiter.claim("alice", "10.0.0.1", 0);
        }

        assertThat(limiter.allows("alice", "10.0.0.2", 1)).isTrue();
        assertThat(limiter.allows("bob", "10.0.0.1", 1)).isTrue();
        assertThat(limiter.allows("alice", "10.0.0.1", 1)).isFalse();
    }

    @Test
    void theOldestPairIsForgottenWhenTenThousandAreKnown() {
        for (int i = 0; i < 5; i++) {
            limiter.claim("alice", "10.0.0.1", 0);
        }
        for (int i = 0; i < 9_999; i++) {
            limiter.claim("user" + i, "10.0.0.1", 0);
        }
        limiter.claim("one more", "10.0.0.1", 0);

        assertThat(limiter.allows("alice", "10.0.0.1", 1)).isTrue();
    }
}

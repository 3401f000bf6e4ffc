package dev.parley.transfer.engine;

import java.time.Duration;
import java.util.Optional;

/// How long to wait before the next attempt: twice as long each time, from the beginning again after progress, and not for ever. Pure; the
/// time comes in.
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Duration patience;
    private Duration wait = FIRST;
    private long deadline;

    /// @param patience how long without any progress before it gives up
    Backoff(Duration patience, long nanos) {
        this.patience = patience;
        deadline = nanos + patience.toNanos();
    }

    /// What to wait after a lost connection; empty when it is time to give up.
    Optional<Duration> afterLoss(long nanos, boolean progressed) {
        if (progressed) {
            wait = FIRST;
            deadline = nanos + patience.toNanos();
        }
        if (nanos + wait.toNanos() > deadline) {
            return Optional.empty();
        }
        var now = wait;
        wait = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
        return Optional.of(now);
    }
}

package dev.parley.transfer.engine;

import java.time.Duration;
import java.util.Optional;

/// How long to wait before the next attempt: twice as long each time, from the beginning again after progress, and not for ever. The time
/// without progress is counted from the last progress on, over connections that stand still, attempts and pauses alike; not counted is what
/// this side needs for itself, or waits for a flow token. Pure; the time comes in.
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Duration patience;
    private Duration wait = FIRST;
    private long deadline;
    private long looked;

    /// @param patience how long without any progress before it gives up
    Backoff(Duration patience, long nanos) {
        this.patience = patience;
        progressed(nanos);
    }

    private void progressed(long nanos) {
        wait = FIRST;
        looked = nanos;
        deadline = nanos + patience.toNanos();
    }

    /// A look at a connection.
    ///
    /// @param progressed true when it got further since the last look
    /// @param waits for how long it has waited for the peer by now
    void look(long nanos, boolean progressed, Duration waits) {
        if (progressed) {
            progressed(nanos);
        } else {
            long passed = nanos - looked;
            deadline += passed - Math.min(passed, waits.toNanos());
            looked = nanos;
        }
    }

    /// How long it may still go on without progress; zero or less when it is time to give up.
    Duration left(long nanos) {
        return Duration.ofNanos(deadline - nanos);
    }

    /// What to wait after a lost connection; empty when it is time to give up.
    Optional<Duration> afterLoss(long nanos, boolean progressed) {
        look(nanos, progressed, Duration.ofNanos(Long.MAX_VALUE));
        var left = left(nanos);
        if (left.isNegative() || left.isZero()) {
            return Optional.empty();
        }
        // The last attempt is made when the time is over.
        var now = wait.compareTo(left) < 0 ? wait : left;
        wait = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
        return Optional.of(now);
    }
}

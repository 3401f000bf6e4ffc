package dev.parley.runtime.tcp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells when a write takes too long. Most take no time at all, so nothing is scheduled for each of them: one look at a time is on its way, as
/// long as something is written.
final class StallWatch {
    private static final long IDLE = Long.MIN_VALUE;

    private final Duration most;
    private final Runnable stalled;
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile long since = IDLE;

    StallWatch(Duration most, Runnable stalled) {
        this.most = most;
        this.stalled = stalled;
    }

    void begins() {
        since = System.nanoTime();
        if (watching.compareAndSet(false, true)) {
            VirtualLoop.later(most, this::look);
        }
    }

    void ends() {
        since = IDLE;
    }

    private void look() {
        long from = since;
        if (from == IDLE) {
            watching.set(false);
            // One that began just before would be seen by nobody.
            from = since;
            if (from == IDLE || !watching.compareAndSet(false, true)) {
                return;
            }
        }
        long left = most.toNanos() - (System.nanoTime() - from);
        if (left <= 0) {
            stalled.run();
        } else {
            VirtualLoop.later(Duration.ofNanos(left), this::look);
        }
    }
}

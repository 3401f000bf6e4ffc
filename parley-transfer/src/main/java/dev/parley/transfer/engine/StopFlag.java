package dev.parley.transfer.engine;

import java.time.Duration;

/// Whether somebody wants this to stop, and the waits that end then. From any thread.
final class StopFlag {
    private boolean set;

    synchronized boolean isSet() {
        return set;
    }

    synchronized void set() {
        set = true;
        notifyAll();
    }

    /// Waits so long, or until it is set.
    synchronized void pause(Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        for (long left = wait.toMillis(); left > 0 && !set; left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}

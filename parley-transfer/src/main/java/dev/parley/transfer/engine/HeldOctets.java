package dev.parley.transfer.engine;

import java.util.concurrent.atomic.AtomicLong;

/// Counts the octets that the receiving connections of one process hold: they came and are not written yet. Beyond the budget a connection that
/// has something waiting for the disk is not read; one that has not goes on, or nobody would ever give anything back. So a process holds the
/// budget, and for each connection at most what the transport read in one go, and one interval of small files.
final class HeldOctets {
    static final long BUDGET = 128L << 20;

    private final long budget;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong highest = new AtomicLong();

    HeldOctets(long budget) {
        this.budget = budget;
    }

    void add(long octets) {
        highest.accumulateAndGet(held.addAndGet(octets), Math::max);
    }

    void remove(long octets) {
        held.addAndGet(-octets);
    }

    boolean isExceeded() {
        return held.get() > budget;
    }

    long held() {
        return held.get();
    }

    /// The most that was held at any time.
    long highest() {
        return highest.get();
    }
}

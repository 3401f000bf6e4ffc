package dev.parley.osi.user;

import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The indications that wait for the user, in order. When their user data exceeds the limit, the peer is held back.
final class Arrived {
    /// What an indication costs besides its user data, so that empty ones count too.
    private static final int COST = 64;

    private final int most;
    private final Runnable resume;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Indication> queue = new ArrayDeque<>();
    private long octets;
    private boolean heldBack;
    private @Nullable String end;

    /// @param resume called when the peer was held back and may send again
    Arrived(int most, Runnable resume) {
        this.most = most;
        this.resume = resume;
    }

    /// So that an indication and the end that it brings are seen together.
    void together(Runnable changes) {
        lock.lock();
        try {
            changes.run();
        } finally {
            lock.unlock();
        }
    }

    /// Returns true when the peer must be held back.
    boolean add(Indication indication) {
        lock.lock();
        try {
            queue.add(indication);
            octets += cost(indication);
            changed.signalAll();
            if (octets > most && !heldBack) {
                heldBack = true;
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more comes.
    void end(String how) {
        lock.lock();
        try {
            if (end == null) {
                end = how;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// @param wait zero is for ever
    /// @return empty when nothing came in time
    Optional<Indication> take(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        boolean more;
        Indication next;
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (end != null) {
                    throw new SessionException.OutOfSequence("nothing more can be received: " + end);
                }
                if (wait.isZero()) {
                    changed.await();
                } else if (changed.awaitNanos(deadline - System.nanoTime()) <= 0 && queue.isEmpty() && end == null) {
                    return Optional.empty();
                }
            }
            next = queue.remove();
            octets -= cost(next);
            more = heldBack && octets <= most / 2;
            heldBack &= !more;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while waiting for an indication", e);
        } finally {
            lock.unlock();
        }
        if (more) {
            resume.run();
        }
        return Optional.of(next);
    }

    private static long cost(Indication indication) {
        return indication.userData().remaining() + COST;
    }
}

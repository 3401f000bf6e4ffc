package dev.parley.session.connection;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The right of one connection to write for a session. When a newer connection takes over, the lease of the older one is revoked: what is under
/// way is awaited, what comes later is refused. So two connections never write the same file.
public final class Lease {
    /// What a refused piece of work gets.
    public static final class Revoked extends Exception {
        Revoked() {
            super("a newer connection has taken over the session");
        }
    }

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean valid = true;

    /// Pieces of work of the one connection may run at the same time.
    public <T> T with(Callable<T> work) throws Exception {
        lock.readLock().lock();
        try {
            if (!valid) {
                throw new Revoked();
            }
            return work.call();
        } finally {
            lock.readLock().unlock();
        }
    }

    public void revoke() {
        lock.writeLock().lock();
        try {
            valid = false;
        } finally {
            lock.writeLock().unlock();
        }
    }
}

package dev.parley.session.connection;

import java.util.concurrent.Callable;

/// The right of one connection to write for a session. When a newer connection takes over, the lease of the older one is revoked: the write
/// under way is awaited, later ones are refused. So two connections never write the same file.
public final class Lease {
    /// What a refused piece of work gets.
    public static final class Revoked extends Exception {
        Revoked() {
            super("a newer connection has taken over the session");
        }
    }

    private boolean valid = true;

    public synchronized <T> T with(Callable<T> work) throws Exception {
        if (!valid) {
            throw new Revoked();
        }
        return work.call();
    }

    public synchronized void revoke() {
        valid = false;
    }
}

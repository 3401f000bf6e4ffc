package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// How much may lie in the folder that a user sees: what is there now, unfinished files included, and what comes in all sessions of the user. May
/// be used from any thread.
final class UserRoom {
    /// Looks at what is there. Blocking.
    interface Counter {
        long octets() throws IOException;
    }

    static final Inbox.Room UNLIMITED = new Inbox.Room() {
        @Override
        public void check(long octets, String what) {
            // There is always room.
        }

        @Override
        public void claim(long octets) {
            // There is always room.
        }
    };

    private final long quota;
    private final Counter counter;
    private final Set<Share> shares = new HashSet<>();
    private long used;

    /// @param quota octets
    /// @param counter says how many there are
    UserRoom(long quota, Counter counter) {
        this.quota = quota;
        this.counter = counter;
    }

    /// One more session. For the first one what is there is counted. Blocking.
    synchronized Share enter() throws IOException {
        if (shares.isEmpty()) {
            used = counter.octets();
        }
        var share = new Share();
        shares.add(share);
        return share;
    }

    /// What one session uses of it; by one piece of work at a time.
    final class Share implements Inbox.Room {
        /// Claimed last, perhaps not written yet.
        private long pending;

        UserRoom room() {
            return UserRoom.this;
        }

        void leave() {
            synchronized (UserRoom.this) {
                shares.remove(this);
            }
        }

        @Override
        public void check(long octets, String what) {
            synchronized (UserRoom.this) {
                if (!has(this, octets)) {
                    throw new SessionException.LimitReached("there is no room for " + what + " within the quota: of " + quota + " octets "
                            + used + " are in use in the folder that the user sees; what was confirmed is kept");
                }
            }
        }

        @Override
        public void claim(long octets) {
            synchronized (UserRoom.this) {
                if (octets > 0 && !has(this, octets)) {
                    throw new SessionException.LimitReached("the quota of " + quota + " octets is used up; what was confirmed is kept");
                }
                used += octets;
                pending = Math.max(0, octets);
            }
        }
    }

    /// Something may have been deleted or replaced since it was counted.
    private boolean has(Share asking, long octets) {
        if (octets > quota - used) {
            try {
                used = counter.octets() + shares.stream().filter(each -> each != asking).mapToLong(each -> each.pending).sum();
            } catch (IOException e) {
                throw new SessionException.StorageFailure("what the user has cannot be counted: " + DiskWords.of(e), e);
            }
        }
        return octets <= quota - used;
    }
}

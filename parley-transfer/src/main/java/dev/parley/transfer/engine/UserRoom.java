package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much a user may store below the user's root: what is there now, unfinished files included, and what comes. Used by one piece of work
/// at a time.
final class UserRoom implements Inbox.Room {
    static final Inbox.Room UNLIMITED = new UserRoom(0, 0);

    private final long quota;
    private long used;

    /// @param quota octets, 0 for no limit
    UserRoom(long quota, long used) {
        this.quota = quota;
        this.used = used;
    }

    /// Counts what is there, which is only done for a user with a quota.
    static Inbox.Room of(long quota, Path root) throws IOException {
        if (quota <= 0) {
            return UNLIMITED;
        }
        try (var files = Files.walk(root)) {
            long used = 0;
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                used += Files.size(file);
            }
            return new UserRoom(quota, used);
        }
    }

    @Override
    public boolean has(long octets) {
        return quota <= 0 || octets <= quota - used;
    }

    @Override
    public void claim(long octets) {
        if (!has(octets)) {
            throw new SessionException.LimitReached("the quota of " + quota + " octets is used up; what was confirmed is kept");
        }
        used += octets;
    }
}

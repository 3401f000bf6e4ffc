package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

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
        var room = new UserRoom(quota, 0);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                room.used += attributes.isRegularFile() ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // It got its own name just now, or nobody may look into it.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return room;
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

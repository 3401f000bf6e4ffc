package dev.parley.transfer.engine;

import dev.parley.session.store.Store;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rooms of the users who have a quota and a session: all sessions of a user share one. May be used from any thread.
final class UserRooms {
    /// A changed quota is another room: it counts for the sessions that begin from then on.
    private record Key(String user, long quota, Path folder) {}

    private static final class Held {
        private final UserRoom room;
        private int sessions;

        Held(UserRoom room) {
            this.room = room;
        }
    }

    private final Map<Key, Held> rooms = new HashMap<>();

    /// Counts what is there, when it is the user's only session. Blocking. Each room is left once.
    ///
    /// @param folder what the user sees
    Inbox.Room enter(Store.User user, Path folder) throws IOException {
        if (user.quota() <= 0) {
            return UserRoom.UNLIMITED;
        }
        var key = new Key(user.name(), user.quota(), folder);
        UserRoom room;
        synchronized (rooms) {
            var held = rooms.computeIfAbsent(key, _ -> new Held(new UserRoom(user.quota(), () -> count(folder))));
            held.sessions++;
            room = held.room;
        }
        boolean entered = false;
        try {
            var share = room.enter();
            entered = true;
            return share;
        } finally {
            if (!entered) {
                leave(room);
            }
        }
    }

    /// Blocking, while somebody counts.
    void leave(Inbox.Room room) {
        if (room instanceof UserRoom.Share share) {
            share.leave();
            leave(share.room());
        }
    }

    private void leave(UserRoom room) {
        synchronized (rooms) {
            rooms.values().removeIf(held -> held.room == room && --held.sessions == 0);
        }
    }

    private static long count(Path folder) throws IOException {
        var octets = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                octets[0] += attributes.isRegularFile() ? attributes.size() : 0;
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
        return octets[0];
    }
}

package dev.parley.session.talk;

import dev.parley.session.store.ConversationStore;
import dev.parley.session.store.SqliteConversations;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The stores of one state folder, opened once for all conversations of this process.
final class StateFolder implements AutoCloseable {
    private static final Map<Path, StateFolder> OPEN = new HashMap<>();

    private final Path path;
    private final Store store;
    private final ConversationStore conversations;
    private int users;

    private StateFolder(Path path) {
        this.path = path;
        store = SqliteStore.open(path);
        conversations = SqliteConversations.open(path);
    }

    static StateFolder open(Path folder) {
        synchronized (OPEN) {
            var path = folder.toAbsolutePath().normalize();
            var state = OPEN.get(path);
            if (state == null) {
                state = new StateFolder(path);
                OPEN.put(path, state);
            }
            state.users++;
            return state;
        }
    }

    Store store() {
        return store;
    }

    ConversationStore conversations() {
        return conversations;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(path);
                conversations.close();
                store.close();
            }
        }
    }
}

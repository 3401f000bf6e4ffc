package dev.parley.transfer.engine;

import dev.parley.runtime.disk.DiskWords;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Target;
import java.io.IOException;

/// What becomes of a session in the server's store when a connection of it has ended.
enum Departure {
    /// It may go on.
    LOST,
    /// The receiver did not take what was offered. Where nothing was sent before there is nothing to go on with.
    UNWANTED,
    /// Its user cancelled it at the client.
    CANCELLED,
    /// It leaves nothing that could be resumed.
    OF_NO_CONSEQUENCE;

    /// @param failure what one side said in its abort
    static Departure of(Failure failure) {
        return switch (failure) {
            case CANCELLED -> CANCELLED;
            case UNWANTED -> UNWANTED;
            default -> LOST;
        };
    }

    /// Blocking. Does nothing to a session that a newer connection has.
    void settle(TransferServer server, Store.Session session, long nowMillis) {
        var store = server.store();
        var now = store.session(session.number());
        if (now.isPresent() && now.get().epoch() != session.epoch()) {
            return;
        }
        switch (now.isEmpty() ? CANCELLED : this) {
            case OF_NO_CONSEQUENCE -> store.removeSession(session.number());
            case CANCELLED -> forget(server, session);
            case UNWANTED -> {
                if (store.isBlank(session.number()) && store.sent(session.number()) == 0) {
                    forget(server, session);
                } else {
                    store.touch(session.number(), nowMillis);
                }
            }
            case LOST -> store.touch(session.number(), nowMillis);
        }
    }

    private static void forget(TransferServer server, Store.Session session) {
        try {
            Target.discardAll(server.disk(), server.folder().resolve(session.root()), session.number());
        } catch (IOException e) {
            server.log("what session " + session.number() + " left unfinished cannot be deleted: " + DiskWords.of(e));
        }
        if (server.store().removeSession(session.number())) {
            server.log("session " + session.number() + " is forgotten");
        }
    }
}

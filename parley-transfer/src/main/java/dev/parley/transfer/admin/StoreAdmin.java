package dev.parley.transfer.admin;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The sessions of a store, as one user may see them, or all of them.
public final class StoreAdmin implements SessionAdmin {
    /// The connections that work for sessions just now.
    public interface Connections {
        Connections NONE = new Connections() {
            @Override
            public boolean holds(long session) {
                return false;
            }

            @Override
            public void abort(long session, String words) {
                // There is none.
            }
        };

        boolean holds(long session);

        /// Aborts the connection with this reason; returns when it writes no more.
        void abort(long session, String words);
    }

    private static final int MOST_ITEMS = 1000;

    private final Store store;
    private final Path folder;
    private final Connections connections;
    private final LongSupplier millis;
    private final Optional<Store.User> user;

    /// @param folder where the sessions' files arrive; users' roots are below it
    /// @param millis the time now, since 1970
    /// @param user who asks; empty for whoever owns the state folder, who may do everything
    public StoreAdmin(Store store, Path folder, Connections connections, LongSupplier millis, Optional<Store.User> user) {
        this.store = store;
        this.folder = folder;
        this.connections = connections;
        this.millis = millis;
        this.user = user;
    }

    /// Whose sessions are meant: the name of one user, or nothing for all.
    private String scope(boolean all) {
        if (!all && user.isPresent()) {
            return user.get().name();
        }
        if (user.isPresent() && !user.get().administrator()) {
            throw new SessionException.Refused("the user " + user.get().name() + " is no administrator of this server");
        }
        return "";
    }

    private boolean isMine(Store.Session session) {
        return user.isEmpty() || user.get().administrator() || session.user().equals(user.get().name());
    }

    @Override
    public List<SessionInfo> list(boolean all) {
        return store.sessions(scope(all)).stream().map(this::info).toList();
    }

    private SessionInfo info(Store.Session s) {
        return new SessionInfo(
                s.number(), s.user(), s.role(), s.state(), s.createdMillis(), s.touchedMillis(), connections.holds(s.number()));
    }

    @Override
    public Optional<SessionInfo.Detail> show(long number) {
        return store.session(number).filter(this::isMine).map(session -> detail(store, number, info(session), store.sent(number)));
    }

    /// What a store knows of one session: what is under way and what is complete.
    public static SessionInfo.Detail detail(Store store, long number, SessionInfo info, long sent) {
        var items = new ArrayList<SessionInfo.Item>();
        store.progressOf(number).forEach(p -> items.add(new SessionInfo.Item(p.item(), p.offset(), p.size(), p.serial())));
        for (var completion : store.completions(number)) {
            var placed = Placement.of(completion.item(), completion.details());
            if (placed.kind() == Source.Kind.FILE) {
                items.add(new SessionInfo.Item(placed.name(), placed.size(), placed.size(), 0));
            }
        }
        int shown = Math.min(MOST_ITEMS, items.size());
        return new SessionInfo.Detail(info, items.subList(0, shown), items.size() - shown, sent);
    }

    @Override
    public boolean cancel(long number, String words) {
        var session = store.session(number).filter(this::isMine);
        if (session.isEmpty()) {
            return false;
        }
        connections.abort(number, words);
        return remove(session.get());
    }

    @Override
    public int purge(Duration untouched, boolean all) {
        var scope = scope(all);
        int purged = 0;
        for (var session : store.untouchedSince(millis.getAsLong() - untouched.toMillis())) {
            boolean meant = scope.isEmpty() || session.user().equals(scope);
            if (meant && !connections.holds(session.number()) && remove(session)) {
                purged++;
            }
        }
        return purged;
    }

    private boolean remove(Store.Session session) {
        try {
            Target.discardAll(new OsDisk(), folder.resolve(session.root()), session.number());
        } catch (IOException e) {
            throw new SessionException.StorageFailure(
                    "what session " + session.number() + " left unfinished cannot be deleted: " + DiskWords.of(e), e);
        }
        return store.removeSession(session.number());
    }
}

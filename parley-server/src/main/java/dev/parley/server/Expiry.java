package dev.parley.server;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets sessions that nobody resumed for a long time, with the unfinished files they left.
public final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    private static final Duration LONGEST = Duration.ofHours(1);

    private final Store store;
    private final Path folder;
    private final Duration keep;
    private final LongPredicate held;
    private final LongSupplier millis;

    /// @param folder where the sessions' files arrive
    /// @param keep how long an untouched session is kept
    /// @param held whether a connection works for this session just now
    /// @param millis the time now, since 1970
    public Expiry(Store store, Path folder, Duration keep, LongPredicate held, LongSupplier millis) {
        this.millis = millis;
        this.store = store;
        this.folder = folder;
        this.keep = keep;
        this.held = held;
    }

    /// How long from one look to the next. A session that a connection works for is touched at each look, so that a server that dies and comes
    /// back does not take a long transfer for a forgotten one.
    public Duration pace() {
        var quarter = keep.dividedBy(4);
        return quarter.compareTo(LONGEST) < 0 ? quarter : LONGEST;
    }

    /// Looks once; a failure is told and the next look tries again.
    public void run() {
        try {
            long now = millis.getAsLong();
            for (var session : store.untouchedSince(now - pace().toMillis())) {
                if (held.test(session.number())) {
                    store.touch(session.number(), now);
                    continue;
                }
                if (session.touchedMillis() >= now - keep.toMillis()) {
                    continue;
                }
                LOG.info("session {} of {} is forgotten: nobody touched it for {} days", session.number(), session.user(), keep.toDays());
                remove(session);
            }
        } catch (RuntimeException | IOException e) {
            LOG.warn("expired state could not be removed: {}", e.getMessage());
        }
    }

    private void remove(Store.Session session) throws IOException {
        Target.discardAll(new OsDisk(), folder.resolve(session.root()), session.number());
        store.removeSession(session.number());
    }
}

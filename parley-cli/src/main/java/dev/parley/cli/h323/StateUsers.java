package dev.parley.cli.h323;

import dev.parley.cli.term.Terminal;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.Loop;
import dev.parley.session.store.H235Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The users of `parley user` at a gatekeeper: those that have a key for H.323. It is read again every two seconds, away from the loop.
final class StateUsers implements Passwords, AutoCloseable {
    private static final Duration READ_EVERY = Duration.ofSeconds(2);

    private final H235Keys keys;
    private volatile Map<String, H235Keys.Key> now;

    private StateUsers(H235Keys keys) {
        this.keys = keys;
        this.now = keys.all();
    }

    /// @param folder the server's
    static StateUsers open(Path folder) {
        return new StateUsers(H235Keys.open(folder));
    }

    boolean isEmpty() {
        return now.isEmpty();
    }

    /// Sees changes from now on.
    void follow(Loop loop, Terminal terminal) {
        loop.schedule(READ_EVERY, () -> loop.offload(keys::all, (read, failure) -> {
            if (read == null) {
                terminal.warn("the users are those of before: " + failure);
            } else {
                now = read;
            }
            follow(loop, terminal);
        }));
    }

    @Override
    public Optional<String> of(String user) {
        return Optional.ofNullable(now.get(user)).flatMap(H235Keys.Key::password);
    }

    @Override
    public Optional<Octets> key(String user) {
        return Optional.ofNullable(now.get(user)).map(k -> Octets.of(k.sha1()));
    }

    @Override
    public void close() {
        keys.close();
    }
}

package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Words;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.flow.Flows;
import dev.parley.session.login.AttemptLimiter;
import dev.parley.session.login.Gate;
import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import dev.parley.transfer.admin.StoreAdmin;
import dev.parley.transfer.file.Names;
import dev.parley.transfer.file.Receipt;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// What the connections of one server share: the store, the folder, the identity, and which connection holds which session.
public final class TransferServer implements StoreAdmin.Connections {
    private static final long TOUCH_MILLIS = 30_000;

    private final Store store;
    private final Disk disk;
    private final Path folder;
    private final Names names;
    private final UserRooms rooms = new UserRooms();
    private final HeldOctets held;
    private final Identity identity;
    private final BiConsumer<Long, TransferEvent> events;
    private final Consumer<String> log;
    private final Flows flows;
    private final Gate gate;
    private final Map<Long, ServerSession> connections = new ConcurrentHashMap<>();

    public TransferServer(
            Store store, Disk disk, Path folder, Identity identity, BiConsumer<Long, TransferEvent> events, Consumer<String> log) {
        this(store, disk, folder, identity, FlowRules.DEFAULT, events, log);
    }

    public TransferServer(
            Store store, Disk disk, Path folder, Identity identity, FlowRules flows, BiConsumer<Long, TransferEvent> events,
            Consumer<String> log) {
        this(store, disk, folder, identity, flows, AttemptLimiter.DEFAULT_FAILURES, events, log);
    }

    /// @param loginFailures so many a minute are borne of one user from one address
    public TransferServer(
            Store store, Disk disk, Path folder, Identity identity, FlowRules flows, int loginFailures, BiConsumer<Long, TransferEvent> events,
            Consumer<String> log) {
        this(store, disk, folder, identity, flows, loginFailures, events, log, new HeldOctets(HeldOctets.BUDGET));
    }

    TransferServer(
            Store store, Disk disk, Path folder, Identity identity, FlowRules flows, int loginFailures, BiConsumer<Long, TransferEvent> events,
            Consumer<String> log, HeldOctets held) {
        this.held = held;
        this.flows = new Flows(flows);
        this.store = store;
        this.disk = disk;
        this.folder = folder;
        this.names = new Names(disk, folder);
        this.identity = identity;
        this.events = events;
        this.log = log;
        this.gate = new Gate(store, identity, loginFailures, log);
    }

    /// The handler of one new connection.
    public Link.Handler connection(Loop loop) {
        return OsiConnection.responder(loop, OsiLimits.DEFAULT, new ServerSession(this, loop));
    }

    /// Ends all connections after the write under way, or when what was sent is confirmed; what is confirmed stays. Does not wait for that.
    public void close() {
        for (var connection : connections.values()) {
            connection.stop();
        }
    }

    /// Waits until the connections have ended, for a few seconds at most. No new one may come meanwhile.
    public void awaitEnd() throws InterruptedException {
        long until = System.nanoTime() + ServerSession.DRAIN.plusSeconds(1).toNanos();
        synchronized (connections) {
            for (long left = until - System.nanoTime(); !connections.isEmpty() && left > 0; left = until - System.nanoTime()) {
                connections.wait(left / 1_000_000 + 1);
            }
        }
    }

    /// True while a connection works for this session.
    @Override
    public boolean holds(long session) {
        return connections.containsKey(session);
    }

    Store store() {
        return store;
    }

    Disk disk() {
        return disk;
    }

    Path folder() {
        return folder;
    }

    Names names() {
        return names;
    }

    UserRooms rooms() {
        return rooms;
    }

    HeldOctets held() {
        return held;
    }

    Gate gate() {
        return gate;
    }

    public Flows flows() {
        return flows;
    }

    @Override
    public void abort(long session, String words) {
        var connection = connections.get(session);
        if (connection != null) {
            connection.cancel(words);
        }
    }

    /// Ends the connections whose session or user somebody has removed from the store, on this machine and behind our back, and touches the sessions
    /// of the others, so that nobody takes them for forgotten. Blocking.
    public void look(long nowMillis) {
        connections.forEach((number, connection) -> {
            var session = store.session(number);
            if (session.isEmpty()) {
                connection.cancel("session " + number + " was cancelled by the operator of the server");
            } else if (store.user(session.get().user()).isEmpty()) {
                connection.expel("the user " + session.get().user() + " was removed");
            } else if (nowMillis - session.get().touchedMillis() > TOUCH_MILLIS) {
                store.touch(number, nowMillis);
            }
        });
    }

    /// This connection works for the session from now on, and overtakes an older one. False when a newer one does so already.
    boolean register(long session, ServerSession connection) {
        while (true) {
            var old = connections.putIfAbsent(session, connection);
            if (old == null || old == connection) {
                return true;
            }
            if (old.epoch() > connection.epoch()) {
                return false;
            }
            if (connections.replace(session, old, connection)) {
                connection.overtakes(old);
                return true;
            }
        }
    }

    /// No connection writes for the session any more, until the next one is registered.
    void revoke(long session) {
        var old = connections.get(session);
        if (old != null) {
            old.revoke();
        }
    }

    void unregister(long session, ServerSession connection) {
        connections.remove(session, connection);
        synchronized (connections) {
            connections.notifyAll();
        }
    }

    void event(long session, TransferEvent event) {
        events.accept(session, event);
    }

    void log(String words) {
        log.accept(Words.plain(words));
    }

    String fingerprint() {
        return identity.fingerprint();
    }

    /// A receipt as text, signed.
    String sign(ObjectNode receipt) {
        return Receipt.signed(receipt, identity).text();
    }
}

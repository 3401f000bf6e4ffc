package dev.parley.server;

import dev.parley.api.SessionException;
import dev.parley.runtime.Tap;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.rfc1006.Rfc1006;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.login.Identity;
import dev.parley.session.store.ProcessLock;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.engine.TransferEvent;
import dev.parley.transfer.engine.TransferServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server. It is started by [#start] and ends with [#close]: what is confirmed is on disk at any time, so ending is quick.
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /// How often is looked whether another process has removed a session or a user.
    private static final long LOOK_MILLIS = 1000;

    private final Store store;
    private final Identity identity;
    private final TransferServer server;
    private final Tcp.Listener listener;
    private final ScheduledExecutorService clock;
    private final ProcessLock lock;

    private Daemon(
            Store store, Identity identity, TransferServer server, Tcp.Listener listener, ScheduledExecutorService clock, ProcessLock lock) {
        this.lock = lock;
        this.store = store;
        this.identity = identity;
        this.server = server;
        this.listener = listener;
        this.clock = clock;
    }

    /// Opens the state, makes the identity at the first start, and listens.
    ///
    /// @param tap on each connection
    /// @param events what happens, by session number; called on the sessions' loops, must not block
    /// @throws IOException when the folder cannot be made or the address is in use
    public static Daemon start(DaemonOptions options, Tap tap, BiConsumer<Long, TransferEvent> events) throws IOException {
        Files.createDirectories(options.folder());
        // Which connection may write is decided within one process.
        var file = options.state().resolve("serve.lock");
        var lock = ProcessLock.of(file).orElseThrow(() -> new IOException(
                ProcessLock.holder(file) + " serves with the state in " + options.state() + " already: end it, or use another --state"));
        try {
            return start(options, tap, events, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Daemon start(DaemonOptions options, Tap tap, BiConsumer<Long, TransferEvent> events, ProcessLock lock)
            throws IOException {
        var store = SqliteStore.open(options.state());
        try {
            store.check();
            var identity = options.identity().map(Identity::of).orElseGet(() -> Identity.in(options.state()));
            var folder = options.folder().toRealPath();
            ServedFolder.remember(options.state(), folder);
            var server = new TransferServer(store, new OsDisk(), folder, identity, options.flows(), options.loginFailures(), events, LOG::info);
            var tls = options.plain() ? Optional.<Tls>empty() : Optional.of(Tls.server(new TlsKey(identity.key(), identity.chain())));
            var listener = Tcp.listen(
                    options.listen(), tls, new Tcp.Reception(options.mostConnections(), Rfc1006.BUSY, LOG::info),
                    loop -> tap.on(server.connection(loop), loop));
            var expiry = new Expiry(store, folder, options.keep(), server::holds, System::currentTimeMillis);
            var clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("parley-expiry").factory());
            // Not at once: after a long time of rest the clients come back first.
            long pace = expiry.pace().toMillis();
            clock.scheduleAtFixedRate(expiry::run, pace, pace, TimeUnit.MILLISECONDS);
            clock.scheduleAtFixedRate(() -> look(server), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return new Daemon(store, identity, server, listener, clock, lock);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// What throws is not called again by the clock.
    private static void look(TransferServer server) {
        try {
            server.look(System.currentTimeMillis());
        } catch (SessionException.StorageFailure e) {
            LOG.warn("the store cannot be read: {}", e.getMessage());
        }
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /// Under which clients know this server.
    public String fingerprint() {
        return identity.fingerprint();
    }

    public boolean hasUsers() {
        return !store.users().isEmpty();
    }

    /// Takes no new connections, ends the present ones after the write under way, and closes the store.
    @Override
    public void close() throws IOException {
        listener.close();
        clock.shutdownNow();
        server.close();
        try {
            server.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
        lock.close();
    }
}

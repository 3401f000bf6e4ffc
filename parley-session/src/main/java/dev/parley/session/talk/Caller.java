package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.session.connection.Stranger;
import dev.parley.session.login.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Keeps the connecting side connected: one virtual thread that connects, waits for the end of the connection, and connects again with a
/// growing pause, until the conversation is over and the server knows it.
final class Caller implements Dialogue.Holder {
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration GOOD_CONNECTION = Duration.ofSeconds(30);
    private static final Duration TELL = Duration.ofSeconds(5);
    private static final int CONNECT_MILLIS = 10_000;

    private final InetSocketAddress address;
    private final StateFolder state;
    private final Login login;
    private final String name;
    private final ConversationOptions options;
    private final CompletableFuture<Dialogue> first = new CompletableFuture<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean left;
    private volatile @Nullable Dialogue dialogue;
    private volatile @Nullable CallingSide current;
    private volatile String server = "";
    /// So many connections in a row did not speak as they should.
    private int strange;

    Caller(InetSocketAddress address, StateFolder state, Login login, String name, ConversationOptions options) {
        this.address = address;
        this.state = state;
        this.login = login;
        this.name = name;
        this.options = options;
    }

    Conversation connect() throws InterruptedException {
        Thread.ofVirtual().name("parley-caller " + name).start(this::run);
        try {
            return new HeldConversation(first.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SessionException why) {
                throw why;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            left = true;
            fail(new SessionException.ConnectionLost("the connecting thread was interrupted"));
            stopCurrent();
            wake.release();
            throw e;
        }
    }

    ConversationOptions options() {
        return options;
    }

    Login login() {
        return login;
    }

    /// The dialogue with this server: goes on with what the state folder has, or begins one. Blocks. An attempt that was given up may still
    /// be in here when the next one comes.
    synchronized Dialogue dialogue(String fingerprint) {
        var known = dialogue;
        if (known != null) {
            if (!fingerprint.equals(server)) {
                throw new SessionException.Refused("another server answers at " + address + ": " + fingerprint);
            }
            return known;
        }
        var peer = login.user() + "@" + fingerprint;
        var store = state.conversations();
        var now = System.currentTimeMillis();
        var id = store.byName(peer, name).orElseGet(() -> store.create(peer, name, key(), 0, options.conversations(), now)).id();
        var begun = new Dialogue(store, store.takeOver(id, now), true, login.user(), options, this, Dialogue.Time.SYSTEM);
        server = fingerprint;
        dialogue = begun;
        return begun;
    }

    private static String key() {
        var octets = new byte[16];
        new SecureRandom().nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    /// A connection carries the dialogue.
    void connected(Dialogue carried) {
        first.complete(carried);
    }

    @Override
    public void over(Dialogue ended) {
        wake.release();
    }

    @Override
    public void closed(Dialogue closed) {
        left = true;
        wake.release();
        try {
            if (!finished.await(TELL.toMillis(), TimeUnit.MILLISECONDS)) {
                stopCurrent();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopCurrent() {
        var running = current;
        if (running != null) {
            running.stop();
        }
    }

    private void run() {
        try {
            keepConnected();
        } catch (InterruptedException e) {
            fail(new SessionException.ConnectionLost("interrupted"));
        } catch (SessionException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new SessionException.ConnectionLost("the connection failed: " + e, e));
        } finally {
            try {
                state.close();
            } finally {
                finished.countDown();
            }
        }
    }

    private void keepConnected() throws InterruptedException {
        var wait = FIRST_WAIT;
        long useful = System.nanoTime();
        long before = -1;
        while (isWanted()) {
            long began = System.nanoTime();
            switch (attempt()) {
                case CallingSide.Outcome.Failed(var why) -> {
                    fail(why);
                    return;
                }
                case CallingSide.Outcome.Ended(var how) -> {
                    var ended = dialogue;
                    if (ended != null) {
                        ended.ended(how, true);
                        first.complete(ended);
                    }
                    return;
                }
                case CallingSide.Outcome.Lost(var reason, var _) -> {
                    long now = System.nanoTime();
                    var carried = dialogue;
                    long after = carried == null ? -1 : carried.progress();
                    if (after != before || now - began > GOOD_CONNECTION.toNanos()) {
                        wait = FIRST_WAIT;
                        useful = now;
                    }
                    before = after;
                    if (now + wait.toNanos() - useful > options.patience().toNanos()) {
                        fail(new SessionException.ConnectionLost("no useful connection to " + address + " for "
                                + options.patience().toSeconds() + " s: " + reason + "; the state is kept"));
                        return;
                    }
                    pause(wait);
                    wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
                }
            }
        }
    }

    /// Connections are wanted for an open conversation, and after its end until the server was told.
    private boolean isWanted() {
        var known = dialogue;
        return known == null ? !left : !left && known.isOpen() || known.isUntold();
    }

    private void pause(Duration wait) throws InterruptedException {
        // Many that lost the same server must not come back at the same moment.
        long millis = wait.toMillis() / 2 + ThreadLocalRandom.current().nextLong(wait.toMillis() / 2 + 1);
        if (wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void fail(SessionException why) {
        first.completeExceptionally(why);
        var known = dialogue;
        if (known != null) {
            known.fail(why);
        }
    }

    private CallingSide.Outcome attempt() throws InterruptedException {
        var outcome = connectOnce();
        if (!(outcome instanceof CallingSide.Outcome.Lost lost) || !lost.strange()) {
            strange = 0;
            return outcome;
        }
        strange++;
        return strange < Stranger.MOST ? lost : new CallingSide.Outcome.Failed(
                new SessionException.Refused(Stranger.words(String.valueOf(address), !login.plainText(), lost.reason())));
    }

    private CallingSide.Outcome connectOnce() throws InterruptedException {
        var loop = new VirtualLoop("parley-conversation " + name);
        var side = new CallingSide(loop, this);
        current = side;
        try {
            var tls = login.plainText() ? Optional.<Tls>empty() : Optional.of(Tls.client(this::isTrusted, login.certificate()));
            Tcp.connect(new InetSocketAddress(address.getHostString(), address.getPort()), tls, CONNECT_MILLIS, loop, _ -> side.handler());
            return side.outcome().get();
        } catch (SSLHandshakeException e) {
            return String.valueOf(e.getMessage()).contains("not the expected one")
                    ? new CallingSide.Outcome.Failed(new SessionException.Refused("the server at " + address
                            + " is not the expected one: its certificate has another fingerprint"))
                    : new CallingSide.Outcome.Lost("TLS: " + e.getMessage());
        } catch (SSLException e) {
            return new CallingSide.Outcome.Lost(String.valueOf(e.getMessage()), true);
        } catch (IOException e) {
            return new CallingSide.Outcome.Lost(address + ": " + e.getMessage());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            side.stop();
            loop.stop();
        }
    }

    /// The first use pins, unless the fingerprint was given. What is known of a server is kept by its host, whatever its port.
    private boolean isTrusted(X509Certificate certificate) {
        var shown = Identity.fingerprint(certificate);
        if (login.fingerprint().isPresent()) {
            return login.fingerprint().get().equals(shown);
        }
        var host = address.getHostString();
        var pinned = state.store().server(host);
        if (pinned.isEmpty()) {
            state.store().putServer(host, shown);
        }
        return pinned.isEmpty() || pinned.get().equals(shown);
    }
}

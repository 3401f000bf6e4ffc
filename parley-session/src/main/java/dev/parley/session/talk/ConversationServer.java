package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Gate;
import dev.parley.session.login.Identity;
import dev.parley.session.store.ConversationStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening side: takes connections, checks the users, and runs the application once for each conversation. Closing it keeps the
/// state of all conversations.
public final class ConversationServer implements AutoCloseable, Dialogue.Holder {
    /// A conversation that nobody touched for so long is removed when the server starts.
    static final Duration EXPIRY = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(ConversationServer.class);
    private static final int MOST_CONNECTIONS = 4096;
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final StateFolder state;
    private final ConversationOptions options;
    private final Conversations.Application application;
    private final Identity identity;
    private final Gate gate;
    private final Map<Long, Dialogue> dialogues = new HashMap<>();
    private final List<Thread> running = new ArrayList<>();
    private final Tcp.Listener listener;
    private boolean closed;

    ConversationServer(
            InetSocketAddress endpoint, StateFolder state, ConversationOptions options, boolean plainText,
            Conversations.Application application) throws IOException {
        this.state = state;
        this.options = options;
        this.application = application;
        try {
            identity = Identity.in(state.path());
            gate = new Gate(state.store(), identity, this::log);
            state.conversations().expire(System.currentTimeMillis() - EXPIRY.toMillis());
            var tls = plainText ? Optional.<Tls>empty() : Optional.of(Tls.server(identity.key(), identity.certificate()));
            listener = Tcp.listen(endpoint, tls, MOST_CONNECTIONS, this::connection);
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /// What a connecting side may be told to expect.
    public String fingerprint() {
        return identity.fingerprint();
    }

    private Link.Handler connection(Loop loop) {
        return OsiConnection.responder(loop, OsiLimits.DEFAULT, new CalledSide(this, loop));
    }

    StateFolder state() {
        return state;
    }

    ConversationOptions options() {
        return options;
    }

    Gate gate() {
        return gate;
    }

    /// The dialogue that the application holds, or a new one with the application begun on it. Blocks.
    synchronized Dialogue dialogue(ConversationStore.Record record) {
        if (closed) {
            throw new SessionException.ConnectionLost("the server is closing");
        }
        var held = dialogues.get(record.id());
        if (held != null && held.isOpen()) {
            return held;
        }
        var taken = state.conversations().takeOver(record.id(), System.currentTimeMillis());
        var begun = new Dialogue(state.conversations(), taken, false, taken.peer(), options, this, Dialogue.Time.SYSTEM);
        dialogues.put(taken.id(), begun);
        running.removeIf(thread -> !thread.isAlive());
        running.add(Thread.ofVirtual().name("parley-application " + taken.session()).start(() -> converse(begun)));
        return begun;
    }

    private void converse(Dialogue dialogue) {
        try (var conversation = new HeldConversation(dialogue)) {
            application.converse(conversation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SessionException e) {
            LOG.info("session {}: {}", dialogue.session(), e.getMessage());
        } catch (Exception e) {
            LOG.warn("session {}: the application failed; its last unit is done again with the next connection", dialogue.session(), e);
        }
    }

    /// The peer says that a conversation is over, whether an application holds it or not. Blocks.
    void ended(ConversationStore.Record record, Received how) {
        Optional<Dialogue> held;
        synchronized (this) {
            held = Optional.ofNullable(dialogues.get(record.id()));
        }
        held.ifPresent(dialogue -> dialogue.ended(how, true));
        var words = how instanceof Received.Aborted(var reason) ? reason : "";
        state.conversations().end(
                record.id(), how instanceof Received.Released ? ConversationStore.State.RELEASED : ConversationStore.State.ABORTED, words,
                System.currentTimeMillis());
    }

    void log(String words) {
        LOG.info("{}", words);
    }

    @Override
    public void over(Dialogue dialogue) {
        if (dialogue.end().isPresent()) {
            state.store().endSession(dialogue.record().session(), "done", System.currentTimeMillis());
        }
    }

    @Override
    public synchronized void closed(Dialogue dialogue) {
        dialogues.remove(dialogue.record().id(), dialogue);
    }

    @Override
    public void close() throws IOException {
        List<Dialogue> open;
        List<Thread> threads;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(dialogues.values());
            threads = List.copyOf(running);
        }
        listener.close();
        open.forEach(dialogue -> new HeldConversation(dialogue).close());
        long deadline = System.nanoTime() + FAREWELL.toNanos();
        try {
            for (var thread : threads) {
                thread.interrupt();
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            state.close();
        }
    }
}

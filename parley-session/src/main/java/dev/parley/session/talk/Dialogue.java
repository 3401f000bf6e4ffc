package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.Kind;
import dev.parley.session.store.ConversationStore.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One conversation as long as an application holds it: what is in the store, mirrored in memory, and the threads that wait. Connections come
/// and go as [Line]s. Everything happens under one lock, the commits too: they are what everybody waits for.
final class Dialogue implements Conversation {
    /// Who keeps the connections of this dialogue.
    interface Holder {
        /// It ended or failed: no further connection is wanted, except to tell the peer. Called under the lock.
        void over(Dialogue dialogue);

        /// The application left. Called without the lock; may block for a while.
        void closed(Dialogue dialogue);
    }

    /// The clocks, so that a simulation can have its own.
    interface Time {
        Time SYSTEM = new Time() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }
        };

        long nanoTime();

        long wallMillis();
    }

    /// What a new connection starts with.
    record Attached(List<Entry> outgoing, long received, long turn) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Books books;
    private final TurnState turn;
    private final ConversationOptions options;
    private final boolean connector;
    private final String user;
    private final Holder holder;
    private final Time time;
    private int mostMessage;
    private boolean releasing;
    private boolean releaseAsked;
    private boolean releaseHanded;
    private boolean closed;
    private boolean settled;
    private long lostAt;
    private String lostReason = "not connected yet";
    private @Nullable String releaseRefused;
    private @Nullable Line line;
    private @Nullable SessionException failure;
    private @Nullable Received end;

    Dialogue(
            ConversationStore store, ConversationStore.Record record, boolean connector, String user, ConversationOptions options,
            Holder holder, Time time) {
        this.connector = connector;
        this.user = user;
        this.options = options;
        this.holder = holder;
        this.time = time;
        books = new Books(store, record, options, time);
        turn = new TurnState(connector);
        lostAt = time.nanoTime();
        mostMessage = options.message();
        if (record.state() != State.OPEN) {
            end = record.state() == State.RELEASED ? new Received.Released() : new Received.Aborted(record.words());
        }
    }

    ConversationStore.Record record() {
        return books.record();
    }

    @Override
    public String name() {
        return books.record().name();
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public long session() {
        return locked(books::session);
    }

    @Override
    public long sent() {
        return locked(books::sent);
    }

    @Override
    public long acknowledged() {
        return locked(books::acknowledged);
    }

    @Override
    public boolean hasTurn() {
        return locked(() -> turn.isMine(books));
    }

    @Override
    public long send(byte[]... messages) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long bytes = 0;
            for (var message : messages) {
                bytes += message.length;
                if (message.length > mostMessage) {
                    throw new SessionException.LimitReached(
                            "a message has at most " + mostMessage + " octets here, not " + message.length);
                }
            }
            mayWrite();
            while (!books.fits(messages.length, bytes)) {
                if (books.isOutboxEmpty()) {
                    throw new SessionException.LimitReached("one unit may send " + options.outboxMessages() + " messages of "
                            + options.outboxBytes() + " octets together: acknowledge or checkpoint earlier");
                }
                await(Long.MAX_VALUE);
                mayWrite();
            }
            boolean alone = books.handed() == books.acknowledged();
            long last = books.sent();
            for (var message : messages) {
                last = books.add(message);
            }
            if (alone) {
                commit(books.handed());
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Received receive() throws InterruptedException {
        return receiveUntil(Long.MAX_VALUE).orElseThrow();
    }

    @Override
    public Optional<Received> receive(Duration wait) throws InterruptedException {
        return receiveUntil(time.nanoTime() + wait.toNanos());
    }

    private Optional<Received> receiveUntil(long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (releaseHanded && releaseAsked) {
                refuseRelease("the peer goes on");
            }
            while (true) {
                if (end == null) {
                    mayRead();
                    if (books.isInboxEmpty() || books.isUnitLong()) {
                        commit(books.handed());
                    }
                }
                var next = next();
                if (next != null) {
                    return Optional.of(next);
                }
                if (deadline != Long.MAX_VALUE && deadline - time.nanoTime() <= 0) {
                    return Optional.empty();
                }
                await(deadline);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Received next() {
        if (end != null) {
            return end;
        }
        var entry = books.hand();
        if (entry.isPresent()) {
            if (line != null) {
                line.room();
            }
            return entry.get().kind() == Kind.TURN
                    ? new Received.TurnGiven(entry.get().number())
                    : new Received.Message(entry.get().number(), entry.get().body());
        }
        if (turn.takeCame()) {
            return new Received.TurnGiven(books.handed());
        }
        if (turn.takeAsked()) {
            return new Received.TurnAsked();
        }
        if (releaseAsked && !releaseHanded) {
            releaseHanded = true;
            return new Received.ReleaseAsked();
        }
        return null;
    }

    @Override
    public void acknowledge() {
        locked(() -> {
            mayRead();
            commit(books.handed());
            return true;
        });
    }

    @Override
    public void checkpoint() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            mayRead();
            commit(books.handed());
            long target = books.sent();
            while (books.confirmed() < target) {
                await(Long.MAX_VALUE);
                mayRead();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pleaseTurn() {
        locked(() -> {
            mayWrite();
            if (!turn.isMine(books)) {
                turn.want();
                if (line != null) {
                    line.please();
                }
            }
            return true;
        });
    }

    @Override
    public void giveTurn() {
        locked(() -> {
            mayWrite();
            if (!turn.isMine(books)) {
                throw new SessionException.OutOfSequence("this side does not have the turn");
            }
            books.oweTurn();
            commit(books.handed());
            return true;
        });
    }

    @Override
    public void release() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (end instanceof Received.Released) {
                return;
            }
            mayRead();
            commit(books.handed());
            releasing = true;
            releaseRefused = null;
            if (line != null) {
                line.wantRelease(true);
            }
            while (end == null) {
                mayRead();
                if (!books.isInboxEmpty()) {
                    throw new SessionException.Refused("messages have arrived: receive them, then release again");
                }
                if (releaseAsked && books.isOutboxEmpty() && line != null) {
                    var asking = line;
                    end(new Received.Released(), false);
                    asking.answerRelease(true, "");
                    return;
                }
                if (releaseAsked) {
                    refuseRelease("the peer has messages under way");
                }
                if (releaseRefused != null) {
                    throw new SessionException.Refused("the peer is not done: " + releaseRefused);
                }
                await(Long.MAX_VALUE);
            }
            if (end instanceof Received.Aborted(var reason)) {
                throw new SessionException.Refused("the conversation was aborted: " + reason);
            }
        } finally {
            releasing = false;
            if (line != null) {
                line.wantRelease(false);
            }
            lock.unlock();
        }
    }

    private void refuseRelease(String words) {
        releaseAsked = false;
        releaseHanded = false;
        if (line != null) {
            line.answerRelease(false, words);
        }
    }

    @Override
    public void abort(String reason) {
        locked(() -> {
            if (end == null && failure == null && !closed) {
                var current = line;
                end(new Received.Aborted(reason), false);
                if (current != null) {
                    current.abort("aborted", reason);
                }
            }
            return true;
        });
    }

    @Override
    public void close() {
        boolean first = locked(() -> {
            if (closed) {
                return false;
            }
            closed = true;
            if (line != null && end == null) {
                line.abort("left", "the application left; the conversation can go on");
            }
            changed.signalAll();
            return true;
        });
        if (first) {
            holder.closed(this);
        }
    }

    /// A connection is set up; an older one is fenced.
    ///
    /// @param peerReceived the last entry that is durable at the peer
    /// @param peerMessage the longest message that the peer takes
    Attached attach(Line next, long peerReceived, int peerMessage) {
        return locked(() -> {
            mayRead();
            try {
                books.checkPeer(peerReceived);
            } catch (SessionException.IntegrityFailure e) {
                fail(e);
                throw e;
            }
            if (line != null) {
                line.abort("fenced", "a newer connection has taken over the conversation");
            }
            line = next;
            lostReason = "";
            mostMessage = Math.min(options.message(), peerMessage);
            releaseAsked = false;
            releaseHanded = false;
            books.confirmTo(peerReceived);
            if (turn.isWanted()) {
                next.please();
            }
            next.wantRelease(releasing);
            changed.signalAll();
            return new Attached(books.outgoing(), books.received(), books.turn());
        });
    }

    void detach(Line old, String reason) {
        locked(() -> {
            if (line == old) {
                line = null;
                turn.disconnected();
                lostAt = time.nanoTime();
                lostReason = reason;
                changed.signalAll();
            }
            return true;
        });
    }

    void number(long given) {
        locked(() -> {
            books.session(given);
            return true;
        });
    }

    void confirmed(long number) {
        locked(() -> {
            books.confirmTo(number);
            changed.signalAll();
            return true;
        });
    }

    boolean room(List<Entry> batch) {
        return locked(() -> books.room(batch));
    }

    /// Stores what arrived. Blocks.
    void store(List<Entry> batch) {
        locked(() -> {
            mayRead();
            try {
                if (books.append(batch)) {
                    turn.received();
                }
            } catch (SessionException e) {
                fail(e);
                throw e;
            }
            changed.signalAll();
            return true;
        });
    }

    void turn(boolean here) {
        locked(() -> {
            turn.moved(here);
            changed.signalAll();
            return true;
        });
    }

    /// The peer wants the turn.
    void turnAsked() {
        locked(() -> {
            turn.ask();
            changed.signalAll();
            return true;
        });
    }

    /// The peer's application wants the turn and ours leaves that to the library. Its unit is not cut in two.
    void passTurn() {
        locked(() -> {
            if (end == null && failure == null && !closed && turn.isMine(books)) {
                books.oweTurn();
                if (books.isUnitEmpty()) {
                    commit(books.acknowledged());
                }
            }
            return true;
        });
    }

    void releaseAsked() {
        locked(() -> {
            releaseAsked = true;
            releaseHanded = false;
            changed.signalAll();
            return true;
        });
    }

    void releaseRefused(String words) {
        locked(() -> {
            releaseRefused = words;
            changed.signalAll();
            return true;
        });
    }

    /// It is over. `told` says that the peer knows, so that nothing need be kept at the connecting side.
    void ended(Received how, boolean told) {
        locked(() -> {
            if (failure == null && (!closed || end != null)) {
                end(how, told);
            }
            return true;
        });
    }

    private void end(Received how, boolean told) {
        if (end == null) {
            try {
                books.end(how);
            } catch (SessionException e) {
                fail(e);
                throw e;
            }
            end = how;
        }
        if (told && connector && !settled) {
            books.remove();
        }
        settled |= told;
        changed.signalAll();
        holder.over(this);
    }

    void fail(SessionException why) {
        locked(() -> {
            if (failure == null && end == null) {
                failure = why;
                if (line != null) {
                    line.abort("left", String.valueOf(why.getMessage()));
                }
                changed.signalAll();
                holder.over(this);
            }
            return true;
        });
    }

    Optional<Received> end() {
        return locked(() -> Optional.ofNullable(end));
    }

    /// True while a connection is wanted for the conversation itself.
    boolean isOpen() {
        return locked(() -> failure == null && end == null && !closed);
    }

    /// True when it has ended and the peer does not know yet.
    boolean isUntold() {
        return locked(() -> end != null && !settled);
    }

    long received() {
        return locked(books::received);
    }

    /// How much was moved in both directions: tells whether a connection was of any use.
    long progress() {
        return locked(() -> books.received() + books.confirmed());
    }

    private void commit(long done) {
        boolean gives = books.owesTurn();
        List<Entry> entries;
        try {
            entries = books.commit(done);
        } catch (SessionException e) {
            fail(e);
            throw e;
        }
        if (gives) {
            turn.given();
        }
        if (line != null && !entries.isEmpty()) {
            line.offer(entries);
        }
    }

    private void mayWrite() {
        mayRead();
        if (releasing) {
            throw new SessionException.OutOfSequence("the release is under way: nothing can be sent now");
        }
    }

    private void mayRead() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new SessionException.OutOfSequence("the conversation was closed on this side; its state is kept");
        }
        if (end != null) {
            throw new SessionException.OutOfSequence("the conversation has ended: " + end);
        }
    }

    private void await(long deadline) throws InterruptedException {
        long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - time.nanoTime();
        if (line == null && end == null) {
            long patience = lostAt + options.patience().toNanos() - time.nanoTime();
            if (patience <= 0) {
                fail(new SessionException.ConnectionLost("no connection for " + options.patience().toSeconds() + " s: " + lostReason
                        + "; the state is kept, the next connection goes on"));
                mayRead();
            }
            left = Math.min(left, patience);
        }
        if (left == Long.MAX_VALUE) {
            changed.await();
        } else {
            changed.awaitNanos(Math.max(1, left));
        }
    }

    private interface Work<T> {
        T run();
    }

    private <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}

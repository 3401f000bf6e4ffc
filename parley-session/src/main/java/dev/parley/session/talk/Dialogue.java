package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.Kind;
import dev.parley.session.store.ConversationStore.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One conversation as long as an application holds it: what is in the store, mirrored in memory, and the threads that wait. Connections come
/// and go as [Line]s. Everything happens under one lock, the commits too: they are what everybody waits for.
final class Dialogue implements Conversation {
    private static final int MOST_UNIT = 64;
    private static final long MOST_UNIT_BYTES = 256 << 10;
    private static final long MOST_UNIT_NANOS = 10_000_000;

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
    private final ConversationStore store;
    private final ConversationOptions options;
    private final ConversationStore.Record record;
    private final boolean connector;
    private final String user;
    private final Holder holder;
    private final Time time;
    private final Entries outbox = new Entries();
    private final Entries unit = new Entries();
    private final Entries inbox = new Entries();
    private long session;
    private long sent;
    private long confirmed;
    private long received;
    private long handed;
    private long acknowledged;
    private long turn;
    private long unitSince;
    private int mostMessage;
    private boolean mine;
    private boolean mineKnown;
    private boolean turnOwed;
    private boolean turnWanted;
    private boolean turnCame;
    private boolean turnAsked;
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
        this.store = store;
        this.record = record;
        this.connector = connector;
        this.user = user;
        this.options = options;
        this.holder = holder;
        this.time = time;
        lostAt = time.nanoTime();
        session = record.session();
        sent = record.sent();
        confirmed = record.confirmed();
        received = record.received();
        acknowledged = record.acknowledged();
        handed = acknowledged;
        turn = record.turn();
        mostMessage = options.message();
        outbox.addAll(store.outgoing(record.id()));
        inbox.addAll(store.incoming(record.id()));
        if (record.state() != State.OPEN) {
            end = record.state() == State.RELEASED ? new Received.Released() : new Received.Aborted(record.words());
        }
    }

    ConversationStore.Record record() {
        return record;
    }

    @Override
    public String name() {
        return record.name();
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public long session() {
        return locked(() -> session);
    }

    @Override
    public long sent() {
        return locked(() -> sent);
    }

    @Override
    public long acknowledged() {
        return locked(() -> acknowledged);
    }

    @Override
    public boolean hasTurn() {
        return locked(this::holdsTurn);
    }

    private boolean holdsTurn() {
        // Without a connection, and until the tokens follow the entry that gives the turn, the record decides.
        boolean here = mineKnown ? mine : turn == ConversationStore.HELD || turn == ConversationStore.UNMOVED && connector;
        return here && !turnOwed;
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
            while (!outbox.fits(unit.size() + messages.length, unit.bytes() + bytes, options)) {
                if (outbox.isEmpty()) {
                    throw new SessionException.LimitReached("one unit may send " + options.outboxMessages() + " messages of "
                            + options.outboxBytes() + " octets together: acknowledge or checkpoint earlier");
                }
                await(Long.MAX_VALUE);
                mayWrite();
            }
            beginUnit();
            for (var message : messages) {
                unit.addAll(List.of(new Entry(sent + unit.size() + 1, Kind.MESSAGE, message.clone())));
            }
            if (handed == acknowledged) {
                commit(handed);
            }
            return sent + unit.size();
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
                    if (inbox.isEmpty() || unitIsLong()) {
                        commit(handed);
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
        var entry = inbox.poll();
        if (entry.isPresent()) {
            beginUnit();
            handed = entry.get().number();
            if (line != null) {
                line.room();
            }
            return entry.get().kind() == Kind.TURN
                    ? new Received.TurnGiven(handed)
                    : new Received.Message(handed, entry.get().body());
        }
        if (turnCame) {
            turnCame = false;
            return new Received.TurnGiven(handed);
        }
        if (turnAsked) {
            turnAsked = false;
            return new Received.TurnAsked();
        }
        if (releaseAsked && !releaseHanded) {
            releaseHanded = true;
            return new Received.ReleaseAsked();
        }
        return null;
    }

    private void beginUnit() {
        if (handed == acknowledged && unit.isEmpty()) {
            unitSince = time.nanoTime();
        }
    }

    private boolean unitIsLong() {
        return handed - acknowledged >= MOST_UNIT || unit.size() >= MOST_UNIT || unit.bytes() >= MOST_UNIT_BYTES
                || (handed > acknowledged || !unit.isEmpty()) && time.nanoTime() - unitSince > MOST_UNIT_NANOS;
    }

    @Override
    public void acknowledge() {
        locked(() -> {
            mayRead();
            commit(handed);
            return true;
        });
    }

    @Override
    public void checkpoint() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            mayRead();
            commit(handed);
            long target = sent;
            while (confirmed < target) {
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
            if (!holdsTurn()) {
                turnWanted = true;
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
            if (!holdsTurn()) {
                throw new SessionException.OutOfSequence("this side does not have the turn");
            }
            turnOwed = true;
            commit(handed);
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
            commit(handed);
            releasing = true;
            releaseRefused = null;
            if (line != null) {
                line.wantRelease(true);
            }
            while (end == null) {
                mayRead();
                if (!inbox.isEmpty()) {
                    throw new SessionException.Refused("messages have arrived: receive them, then release again");
                }
                if (releaseAsked && outbox.isEmpty() && line != null) {
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
            if (peerReceived < confirmed || peerReceived > sent) {
                var words = "the peer has " + peerReceived + " messages of this conversation, this side sent " + sent + " and knows that "
                        + confirmed + " arrived: the state of one side is older than the conversation (restored from a backup?)";
                fail(new SessionException.IntegrityFailure(words));
                throw new SessionException.IntegrityFailure(words);
            }
            if (line != null) {
                line.abort("fenced", "a newer connection has taken over the conversation");
            }
            line = next;
            lostReason = "";
            mostMessage = Math.min(options.message(), peerMessage);
            releaseAsked = false;
            releaseHanded = false;
            confirmTo(peerReceived);
            if (turnWanted) {
                next.please();
            }
            next.wantRelease(releasing);
            changed.signalAll();
            return new Attached(outbox.list(), received, turn);
        });
    }

    void detach(Line old, String reason) {
        locked(() -> {
            if (line == old) {
                line = null;
                mineKnown = false;
                lostAt = time.nanoTime();
                lostReason = reason;
                changed.signalAll();
            }
            return true;
        });
    }

    void number(long given) {
        locked(() -> {
            session = given;
            store.number(record.id(), given);
            return true;
        });
    }

    void confirmed(long number) {
        locked(() -> {
            confirmTo(number);
            changed.signalAll();
            return true;
        });
    }

    /// The store learns it with the next commit: until then the peer's word is asked again at the next connection.
    private void confirmTo(long number) {
        if (number > confirmed) {
            confirmed = Math.min(number, sent);
            outbox.dropTo(confirmed);
        }
    }

    boolean room(List<Entry> batch) {
        return locked(() -> inbox.isEmpty() || inbox.fits(batch.size(), Entries.bytes(batch), options));
    }

    /// Stores what arrived; what an older connection has stored already is skipped. Blocks.
    void store(List<Entry> batch) {
        locked(() -> {
            mayRead();
            var fresh = batch.stream().filter(entry -> entry.number() > received).toList();
            if (fresh.isEmpty()) {
                return true;
            }
            boolean given = fresh.stream().anyMatch(entry -> entry.kind() == Kind.TURN);
            try {
                store.append(record.id(), record.epoch(), fresh, given, time.wallMillis());
            } catch (SessionException e) {
                fail(e);
                throw e;
            }
            received = fresh.getLast().number();
            if (given) {
                turn = ConversationStore.HELD;
                mineKnown = false;
                turnWanted = false;
            }
            inbox.addAll(fresh);
            changed.signalAll();
            return true;
        });
    }

    void turn(boolean here) {
        locked(() -> {
            mine = here;
            mineKnown = true;
            // The library of the peer gave it before it read our wish: no entry tells of it.
            turnCame |= here && turnWanted;
            turnWanted &= !here;
            changed.signalAll();
            return true;
        });
    }

    /// The peer wants the turn.
    void turnAsked() {
        locked(() -> {
            turnAsked = true;
            changed.signalAll();
            return true;
        });
    }

    /// The peer's application wants the turn and ours leaves that to the library. Its unit is not cut in two.
    void passTurn() {
        locked(() -> {
            if (end == null && failure == null && !closed && holdsTurn()) {
                turnOwed = true;
                if (unit.isEmpty()) {
                    commit(acknowledged);
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
            var words = how instanceof Received.Aborted(var reason) ? reason : "";
            try {
                store.end(record.id(), how instanceof Received.Released ? State.RELEASED : State.ABORTED, words, time.wallMillis());
            } catch (SessionException e) {
                fail(e);
                throw e;
            }
            end = how;
            outbox.clear();
            inbox.clear();
            unit.clear();
        }
        if (told && connector && !settled) {
            store.remove(record.id());
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
        return locked(() -> received);
    }

    /// How much was moved in both directions: tells whether a connection was of any use.
    long progress() {
        return locked(() -> received + confirmed);
    }

    private void commit(long done) {
        var entries = unit.list();
        if (turnOwed) {
            entries = new ArrayList<>(entries);
            entries.add(new Entry(sent + entries.size() + 1, Kind.TURN, new byte[0]));
        }
        if (entries.isEmpty() && done == acknowledged) {
            return;
        }
        long nextTurn = turnOwed ? entries.getLast().number() : turn;
        try {
            store.commit(record.id(), record.epoch(), entries, confirmed, done, nextTurn, time.wallMillis());
        } catch (SessionException e) {
            fail(e);
            throw e;
        }
        if (turnOwed) {
            mine = false;
            mineKnown = true;
        }
        turn = nextTurn;
        turnOwed = false;
        sent += entries.size();
        acknowledged = done;
        outbox.addAll(entries);
        unit.clear();
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

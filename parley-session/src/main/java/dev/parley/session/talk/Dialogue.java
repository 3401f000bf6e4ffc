package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.State;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One conversation as long as an application holds it: what is in the store, mirrored in memory, and the threads that wait. Connections
/// come and go as [Line]s and call the methods here; the application calls [HeldConversation], which works on the same state under the
/// same lock. The commits happen under it too: they are what everybody waits for.
final class Dialogue {
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

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    final Books books;
    final TurnState turn;
    final ConversationOptions options;
    private final boolean connector;
    final String user;
    final Holder holder;
    final Time time;
    int mostMessage;
    boolean releasing;
    boolean releaseAsked;
    boolean releaseHanded;
    boolean closed;
    private boolean settled;
    private long lostAt;
    private String lostReason = "not connected yet";
    @Nullable String releaseRefused;
    @Nullable Line line;
    @Nullable SessionException failure;
    @Nullable Received end;

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
            mayTake(peerMessage);
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

    /// What is in the outbox already was sent under the peer's former limit.
    private void mayTake(int peerMessage) {
        if (books.outgoing().stream().anyMatch(entry -> entry.body().length > peerMessage)) {
            var why = new SessionException.LimitReached(
                    "the peer takes messages of " + peerMessage + " octets only, and a longer one was sent");
            fail(why);
            throw why;
        }
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

    void end(Received how, boolean told) {
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

    long session() {
        return locked(books::session);
    }

    /// How much was moved in both directions: tells whether a connection was of any use.
    long progress() {
        return locked(() -> books.received() + books.confirmed());
    }

    void refuseRelease(String words) {
        releaseAsked = false;
        releaseHanded = false;
        if (line != null) {
            line.answerRelease(false, words);
        }
    }

    void commit(long done) {
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

    void mayWrite() {
        mayRead();
        if (releasing) {
            throw new SessionException.OutOfSequence("the release is under way: nothing can be sent now");
        }
    }

    void mayRead() {
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

    void await(long deadline) throws InterruptedException {
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

    interface Work<T> {
        T run();
    }

    <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}

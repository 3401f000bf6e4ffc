package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The application's side of a [Dialogue]: the calls that wait. Works on the dialogue's state under the dialogue's lock.
final class HeldConversation implements Conversation {
    private final Dialogue dialogue;

    HeldConversation(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    @Override
    public String name() {
        return dialogue.books.record().name();
    }

    @Override
    public String user() {
        return dialogue.user;
    }

    @Override
    public long session() {
        return dialogue.locked(dialogue.books::session);
    }

    @Override
    public long sent() {
        return dialogue.locked(dialogue.books::sent);
    }

    @Override
    public long acknowledged() {
        return dialogue.locked(dialogue.books::acknowledged);
    }

    @Override
    public boolean hasTurn() {
        return dialogue.locked(() -> dialogue.turn.isMine(dialogue.books));
    }

    @Override
    public long send(byte[]... messages) throws InterruptedException {
        dialogue.lock.lockInterruptibly();
        try {
            long bytes = 0;
            for (var message : messages) {
                bytes += message.length;
                if (message.length > dialogue.mostMessage) {
                    throw new SessionException.LimitReached(
                            "a message has at most " + dialogue.mostMessage + " octets here, not " + message.length);
                }
            }
            dialogue.mayWrite();
            while (!dialogue.books.fits(messages.length, bytes)) {
                if (dialogue.books.isOutboxEmpty()) {
                    throw new SessionException.LimitReached("one unit may send " + dialogue.options.outboxMessages() + " messages of "
                            + dialogue.options.outboxBytes() + " octets together: acknowledge or checkpoint earlier");
                }
                dialogue.await(Long.MAX_VALUE);
                dialogue.mayWrite();
            }
            boolean alone = dialogue.books.handed() == dialogue.books.acknowledged();
            long last = dialogue.books.sent();
            for (var message : messages) {
                last = dialogue.books.add(message);
            }
            if (alone) {
                dialogue.commit(dialogue.books.handed());
            }
            return last;
        } finally {
            dialogue.lock.unlock();
        }
    }

    @Override
    public Received receive() throws InterruptedException {
        return receiveUntil(Long.MAX_VALUE).orElseThrow();
    }

    @Override
    public Optional<Received> receive(Duration wait) throws InterruptedException {
        return receiveUntil(dialogue.time.nanoTime() + wait.toNanos());
    }

    private Optional<Received> receiveUntil(long deadline) throws InterruptedException {
        dialogue.lock.lockInterruptibly();
        try {
            if (dialogue.releaseHanded && dialogue.releaseAsked) {
                dialogue.refuseRelease("the peer goes on");
            }
            while (true) {
                if (dialogue.end == null) {
                    dialogue.mayRead();
                    if (dialogue.books.isInboxEmpty() || dialogue.books.isUnitLong()) {
                        dialogue.commit(dialogue.books.handed());
                    }
                }
                var next = next();
                if (next != null) {
                    return Optional.of(next);
                }
                if (deadline != Long.MAX_VALUE && deadline - dialogue.time.nanoTime() <= 0) {
                    return Optional.empty();
                }
                dialogue.await(deadline);
            }
        } finally {
            dialogue.lock.unlock();
        }
    }

    private @Nullable Received next() {
        if (dialogue.end != null) {
            return dialogue.end;
        }
        var entry = dialogue.books.hand();
        if (entry.isPresent()) {
            if (dialogue.line != null) {
                dialogue.line.room();
            }
            return entry.get().kind() == Kind.TURN
                    ? new Received.TurnGiven(entry.get().number())
                    : new Received.Message(entry.get().number(), entry.get().body());
        }
        if (dialogue.turn.takeCame()) {
            return new Received.TurnGiven(dialogue.books.handed());
        }
        if (dialogue.turn.takeAsked()) {
            return new Received.TurnAsked();
        }
        if (dialogue.releaseAsked && !dialogue.releaseHanded) {
            dialogue.releaseHanded = true;
            return new Received.ReleaseAsked();
        }
        return null;
    }

    @Override
    public void acknowledge() {
        dialogue.locked(() -> {
            dialogue.mayRead();
            dialogue.commit(dialogue.books.handed());
            return true;
        });
    }

    @Override
    public void checkpoint() throws InterruptedException {
        dialogue.lock.lockInterruptibly();
        try {
            dialogue.mayRead();
            dialogue.commit(dialogue.books.handed());
            long target = dialogue.books.sent();
            while (dialogue.books.confirmed() < target) {
                dialogue.await(Long.MAX_VALUE);
                dialogue.mayRead();
            }
        } finally {
            dialogue.lock.unlock();
        }
    }

    @Override
    public void pleaseTurn() {
        dialogue.locked(() -> {
            dialogue.mayWrite();
            if (!dialogue.turn.isMine(dialogue.books)) {
                dialogue.turn.want();
                if (dialogue.line != null) {
                    dialogue.line.please();
                }
            }
            return true;
        });
    }

    @Override
    public void giveTurn() {
        dialogue.locked(() -> {
            dialogue.mayWrite();
            if (!dialogue.turn.isMine(dialogue.books)) {
                throw new SessionException.OutOfSequence("this side does not have the turn");
            }
            dialogue.books.oweTurn();
            dialogue.commit(dialogue.books.handed());
            return true;
        });
    }

    @Override
    public void release() throws InterruptedException {
        dialogue.lock.lockInterruptibly();
        try {
            if (dialogue.end instanceof Received.Released) {
                return;
            }
            dialogue.mayRead();
            dialogue.commit(dialogue.books.handed());
            dialogue.releasing = true;
            dialogue.releaseRefused = null;
            if (dialogue.line != null) {
                dialogue.line.wantRelease(true);
            }
            while (dialogue.end == null) {
                dialogue.mayRead();
                if (!dialogue.books.isInboxEmpty()) {
                    throw new SessionException.Refused("messages have arrived: receive them, then release again");
                }
                if (dialogue.releaseAsked && dialogue.books.isOutboxEmpty() && dialogue.line != null) {
                    var asking = dialogue.line;
                    dialogue.end(new Received.Released(), false);
                    asking.answerRelease(true, "");
                    return;
                }
                if (dialogue.releaseAsked) {
                    dialogue.refuseRelease("the peer has messages under way");
                }
                if (dialogue.releaseRefused != null) {
                    throw new SessionException.Refused("the peer is not done: " + dialogue.releaseRefused);
                }
                dialogue.await(Long.MAX_VALUE);
            }
            if (dialogue.end instanceof Received.Aborted(var reason)) {
                throw new SessionException.Refused("the conversation was aborted: " + reason);
            }
        } finally {
            dialogue.releasing = false;
            if (dialogue.line != null) {
                dialogue.line.wantRelease(false);
            }
            dialogue.lock.unlock();
        }
    }

    @Override
    public void abort(String reason) {
        dialogue.locked(() -> {
            if (dialogue.end == null && dialogue.failure == null && !dialogue.closed) {
                var current = dialogue.line;
                dialogue.end(new Received.Aborted(reason), false);
                if (current != null) {
                    current.abort("aborted", reason);
                }
            }
            return true;
        });
    }

    @Override
    public void close() {
        boolean first = dialogue.locked(() -> {
            if (dialogue.closed) {
                return false;
            }
            dialogue.closed = true;
            if (dialogue.line != null && dialogue.end == null) {
                dialogue.line.abort("left", "the application left; the conversation can go on");
            }
            dialogue.changed.signalAll();
            return true;
        });
        if (first) {
            dialogue.holder.closed(dialogue);
        }
    }
}

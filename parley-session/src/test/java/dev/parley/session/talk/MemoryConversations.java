package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// A store of one conversation for simulations: what a method has done is durable; `before` and `after` each operation something may
/// fail.
final class MemoryConversations implements ConversationStore {
    private Record record = new Record(1, "shop", "orders", "k", 7, 0, State.OPEN, "", 0, 0, 0, 0, 0, 0);
    private final List<Entry> out = new ArrayList<>();
    private final List<Entry> in = new ArrayList<>();
    private int operations;
    IntConsumer before = _ -> {};
    IntConsumer after = _ -> {};

    int operations() {
        return operations;
    }

    private void change(long epoch, Runnable work) {
        int number = ++operations;
        before.accept(number);
        if (epoch != record.epoch()) {
            throw new SessionException.TakenOver("taken over");
        }
        work.run();
        after.accept(number);
    }

    @Override
    public Record takeOver(long id, long now) {
        var r = record;
        record = new Record(r.id(), r.peer(), r.name(), r.key(), r.session(), r.epoch() + 1, r.state(), r.words(), r.sent(), r.confirmed(),
                r.received(), r.acknowledged(), r.turn(), now);
        return record;
    }

    @Override
    public List<Entry> outgoing(long id) {
        return out.stream().filter(entry -> entry.number() > record.confirmed()).toList();
    }

    @Override
    public List<Entry> incoming(long id) {
        return in.stream().filter(entry -> entry.number() > record.acknowledged()).toList();
    }

    @Override
    public void commit(long id, long epoch, List<Entry> sent, long confirmed, long acknowledged, long turn, long now) {
        change(epoch, () -> {
            var r = record;
            record = new Record(r.id(), r.peer(), r.name(), r.key(), r.session(), r.epoch(), r.state(), r.words(), r.sent() + sent.size(),
                    confirmed, r.received(), acknowledged, turn, now);
            out.addAll(sent);
            out.removeIf(entry -> entry.number() <= confirmed);
            in.removeIf(entry -> entry.number() <= acknowledged);
        });
    }

    @Override
    public void append(long id, long epoch, List<Entry> received, boolean turn, long now) {
        change(epoch, () -> {
            var r = record;
            if (received.getFirst().number() != r.received() + 1) {
                throw new AssertionError("a gap: " + received.getFirst().number() + " after " + r.received());
            }
            record = new Record(r.id(), r.peer(), r.name(), r.key(), r.session(), r.epoch(), r.state(), r.words(), r.sent(), r.confirmed(),
                    received.getLast().number(), r.acknowledged(), turn ? HELD : r.turn(), now);
            in.addAll(received);
        });
    }

    @Override
    public Optional<Record> byKey(String peer, String key) {
        return Optional.of(record);
    }

    @Override
    public Optional<Record> byName(String peer, String name) {
        return Optional.of(record);
    }

    @Override
    public List<Record> all() {
        return List.of(record);
    }

    @Override
    public Record create(String peer, String name, String key, long session, int most, long now) {
        return record;
    }

    @Override
    public void number(long id, long session) {
        // The number is given from the start.
    }

    @Override
    public void end(long id, State state, String words, long now) {
        throw new AssertionError("nothing ends in the simulation");
    }

    @Override
    public void remove(long id) {
        throw new AssertionError("nothing is removed in the simulation");
    }

    @Override
    public int forget(String name) {
        return 0;
    }

    @Override
    public int expire(long millis) {
        return 0;
    }

    @Override
    public void close() {
        // Memory.
    }
}

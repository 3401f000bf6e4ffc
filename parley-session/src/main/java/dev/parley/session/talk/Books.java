package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.Kind;
import dev.parley.session.store.ConversationStore.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is in the store about one conversation, mirrored in memory: the outbox, the inbox, the unit under way, and how far each has come.
/// Every change goes to the store first; when that fails nothing has changed here. Not thread safe: the dialogue's lock guards it.
final class Books {
    private static final int MOST_UNIT = 64;
    private static final long MOST_UNIT_BYTES = 256 << 10;
    private static final long MOST_UNIT_NANOS = 10_000_000;

    private final ConversationStore store;
    private final ConversationStore.Record record;
    private final ConversationOptions options;
    private final Dialogue.Time time;
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
    private boolean turnOwed;

    Books(ConversationStore store, ConversationStore.Record record, ConversationOptions options, Dialogue.Time time) {
        this.store = store;
        this.record = record;
        this.options = options;
        this.time = time;
        session = record.session();
        sent = record.sent();
        confirmed = record.confirmed();
        received = record.received();
        acknowledged = record.acknowledged();
        handed = acknowledged;
        turn = record.turn();
        outbox.addAll(store.outgoing(record.id()));
        inbox.addAll(store.incoming(record.id()));
    }

    ConversationStore.Record record() {
        return record;
    }

    long session() {
        return session;
    }

    void session(long number) {
        store.number(record.id(), number);
        session = number;
    }

    long sent() {
        return sent;
    }

    long confirmed() {
        return confirmed;
    }

    long received() {
        return received;
    }

    long handed() {
        return handed;
    }

    long acknowledged() {
        return acknowledged;
    }

    /// As [ConversationStore.Record#turn].
    long turn() {
        return turn;
    }

    /// The next commit gives the turn away, behind everything that the unit sends.
    void oweTurn() {
        turnOwed = true;
    }

    boolean owesTurn() {
        return turnOwed;
    }

    boolean fits(int messages, long bytes) {
        return outbox.fits(unit.size() + messages, unit.bytes() + bytes, options);
    }

    List<Entry> outgoing() {
        return outbox.list();
    }

    boolean isOutboxEmpty() {
        return outbox.isEmpty();
    }

    boolean isInboxEmpty() {
        return inbox.isEmpty();
    }

    boolean isUnitEmpty() {
        return unit.isEmpty();
    }

    /// Adds a message to the unit and returns its number.
    long add(byte[] message) {
        beginUnit();
        long number = sent + unit.size() + 1;
        unit.addAll(List.of(new Entry(number, Kind.MESSAGE, message.clone())));
        return number;
    }

    /// Hands out the next received entry.
    Optional<Entry> hand() {
        var entry = inbox.poll();
        if (entry.isPresent()) {
            beginUnit();
            handed = entry.get().number();
        }
        return entry;
    }

    private void beginUnit() {
        if (!isUnitOpen()) {
            unitSince = time.nanoTime();
        }
    }

    private boolean isUnitOpen() {
        return handed > acknowledged || !unit.isEmpty();
    }

    boolean isUnitLong() {
        return handed - acknowledged >= MOST_UNIT || unit.size() >= MOST_UNIT || unit.bytes() >= MOST_UNIT_BYTES
                || isUnitOpen() && time.nanoTime() - unitSince > MOST_UNIT_NANOS;
    }

    /// Records what the unit sends, and that everything up to `done` is done; returns what can now be transmitted.
    List<Entry> commit(long done) {
        var entries = unit.list();
        if (turnOwed) {
            entries = new ArrayList<>(entries);
            entries.add(new Entry(sent + entries.size() + 1, Kind.TURN, new byte[0]));
        }
        if (entries.isEmpty() && done == acknowledged) {
            return entries;
        }
        long nextTurn = turnOwed ? entries.getLast().number() : turn;
        store.commit(record.id(), record.epoch(), entries, confirmed, done, nextTurn, time.wallMillis());
        turn = nextTurn;
        turnOwed = false;
        sent += entries.size();
        acknowledged = done;
        outbox.addAll(entries);
        unit.clear();
        return entries;
    }

    /// @throws SessionException.IntegrityFailure when the two sides cannot belong together
    void checkPeer(long peerReceived) {
        if (peerReceived < confirmed || peerReceived > sent) {
            throw new SessionException.IntegrityFailure("the peer has " + peerReceived + " messages of this conversation, this side sent "
                    + sent + " and knows that " + confirmed
                    + " arrived: the state of one side is older than the conversation (restored from a backup?)");
        }
    }

    /// The store learns it with the next commit: until then the peer's word is asked again at the next connection.
    void confirmTo(long number) {
        if (number > confirmed) {
            confirmed = Math.min(number, sent);
            outbox.dropTo(confirmed);
        }
    }

    boolean room(List<Entry> batch) {
        return inbox.isEmpty() || inbox.fits(batch.size(), Entries.bytes(batch), options);
    }

    /// Stores what arrived; what an older connection has stored already is skipped. True when the turn came with it.
    boolean append(List<Entry> batch) {
        var fresh = batch.stream().filter(entry -> entry.number() > received).toList();
        if (fresh.isEmpty()) {
            return false;
        }
        boolean given = fresh.stream().anyMatch(entry -> entry.kind() == Kind.TURN);
        store.append(record.id(), record.epoch(), fresh, given, time.wallMillis());
        received = fresh.getLast().number();
        turn = given ? ConversationStore.HELD : turn;
        inbox.addAll(fresh);
        return given;
    }

    void end(Received how) {
        var words = how instanceof Received.Aborted(var reason) ? reason : "";
        store.end(record.id(), how instanceof Received.Released ? State.RELEASED : State.ABORTED, words, time.wallMillis());
        outbox.clear();
        inbox.clear();
        unit.clear();
    }

    void remove() {
        store.remove(record.id());
    }
}

package dev.parley.session.store;

import java.util.List;
import java.util.Optional;

/// The durable truth of one side about its conversations: what it has sent and the peer has not yet confirmed, what it has received and its
/// application has not yet acknowledged. What a method has stored is on stable storage when it returns. Methods block and may be called
/// from several threads.
///
/// @see SqliteConversations
public interface ConversationStore extends AutoCloseable {
    /// [Record#turn]: this side has received the turn and not given it since.
    long HELD = -1;
    /// [Record#turn]: the turn never moved; the side that connected has it.
    long UNMOVED = 0;

    enum State {
        OPEN,
        RELEASED,
        ABORTED
    }

    enum Kind {
        MESSAGE,
        /// The turn goes to the peer with this entry.
        TURN
    }

    /// One message or the giving of the turn. Numbers count from 1 in each direction, without gaps.
    record Entry(long number, Kind kind, byte[] body) {}

    /// @param peer the user (at a server), or who the server is (at a client)
    /// @param key chosen by the connecting side; the same at both sides
    /// @param session the session's number; 0 until the server has given it
    /// @param epoch counts the processes and handlers that held it: only the newest may write
    /// @param words why it was aborted
    /// @param sent number of the last entry that was sent here
    /// @param confirmed number of the last entry that is known to be durable at the peer
    /// @param received number of the last entry that is durable here
    /// @param acknowledged number of the last entry that the application is done with
    /// @param turn [#HELD], [#UNMOVED], or the number of the sent entry with which this side gave the turn
    record Record(
            long id, String peer, String name, String key, long session, long epoch, State state, String words, long sent, long confirmed,
            long received, long acknowledged, long turn, long touchedMillis) {}

    Optional<Record> byKey(String peer, String key);

    Optional<Record> byName(String peer, String name);

    List<Record> all();

    /// @throws dev.parley.api.SessionException.LimitReached when `most` conversations are open already
    Record create(String peer, String name, String key, long session, int most, long nowMillis);

    /// A newer holder takes over: the epoch rises by one, and what older ones still write is refused.
    Record takeOver(long id, long nowMillis);

    void number(long id, long session);

    /// Entries that were sent and not yet confirmed, in order.
    List<Entry> outgoing(long id);

    /// Entries that were received and not yet acknowledged, in order.
    List<Entry> incoming(long id);

    /// Stores what the application sent and how far it is done with what it received, in one step. Entries up to `confirmed` are dropped.
    ///
    /// @throws dev.parley.api.SessionException.TakenOver when a newer holder has taken over; nothing changed
    void commit(long id, long epoch, List<Entry> sent, long confirmed, long acknowledged, long turn, long nowMillis);

    /// Stores what arrived, in one step. `turn` says that the turn came with it.
    ///
    /// @throws dev.parley.api.SessionException.TakenOver as above
    void append(long id, long epoch, List<Entry> received, boolean turn, long nowMillis);

    /// It is over; the entries are dropped, the record stays, so that a peer that does not know yet can be told.
    void end(long id, State state, String words, long nowMillis);

    void remove(long id);

    /// Forgets the conversations of that name, whoever the peer is; returns how many.
    int forget(String name);

    /// Removes what nobody touched since then; returns how many.
    int expire(long millis);

    @Override
    void close();
}

package dev.parley.transfer.engine;

import dev.parley.osi.Indication;
import dev.parley.osi.SessionService;

/// The half of a session after its set-up: a sending or a receiving side. All calls come on the connection's loop.
interface Conversation {
    void start();

    void indication(Indication indication);

    void writable();

    /// This side may transmit now, or should end its turn at the next checkpoint and say so with [Owner#turnEnds].
    default void turn(boolean mine) {}

    /// True while this side works on its own (disk), so that silence of the peer means nothing.
    boolean isBusy();

    /// The connection is gone.
    void closed();

    /// What a conversation tells its session.
    interface Owner {
        SessionService service();

        void event(TransferEvent event);

        /// True when a sending side may begin at once.
        boolean hasTurn();

        /// All that was sent is confirmed, nothing more is sent until [Conversation#turn] says so.
        void turnEnds();

        /// All that was sent is confirmed, and the connection has to be a new one before more is sent.
        void renew();

        /// It was asked to stop, and nothing is on the way any more.
        default void stopped() {}

        /// Everything is done and released.
        void done();

        /// It cannot go on: the peer is told by an abort with these words.
        void fail(Failure failure, String words);
    }
}

package dev.parley.transfer.engine;

import dev.parley.osi.Indication;
import dev.parley.osi.SessionService;

/// The half of a session after its set-up: a sending or a receiving side. All calls come on the connection's loop.
interface Conversation {
    void start();

    void indication(Indication indication);

    void writable();

    /// True while this side works on its own (disk), so that silence of the peer means nothing.
    boolean isBusy();

    /// The connection is gone.
    void closed();

    /// What a conversation tells its session.
    interface Owner {
        SessionService service();

        void event(TransferEvent event);

        /// Everything is done and released.
        void done();

        /// It cannot go on: the peer is told by an abort with these words.
        void fail(Failure failure, String words);
    }
}

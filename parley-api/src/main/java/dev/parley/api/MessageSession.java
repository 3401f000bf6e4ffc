package dev.parley.api;

import java.nio.ByteBuffer;

/// A session that carries messages whose boundaries are kept. A call, which carries sound in channels of its own, is none.
public interface MessageSession extends Session {
    /// Sends one message; blocks while the peer is slow. The buffer belongs to the session from now on.
    ///
    /// @throws SessionException.OutOfSequence when the protocol does not allow it now; nothing changed
    /// @throws SessionException.LimitReached when it is longer than the protocol or a limit allows; nothing changed
    void send(ByteBuffer message);
}

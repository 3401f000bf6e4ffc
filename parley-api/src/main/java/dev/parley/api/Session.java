package dev.parley.api;

import java.util.concurrent.CompletionStage;

/// One conversation with one peer, whatever the protocol: who, since when, in which phase, and how it ended. Safe to use from several threads.
/// Methods block, so they are meant for virtual threads; what a protocol adds (tokens, names, channels) is in its own kind of session.
public interface Session extends AutoCloseable {
    SessionId id();

    Peer peer();

    Phase phase();

    /// Ends the session in good order; waits for the peer within the limits.
    ///
    /// @throws SessionException.OutOfSequence when the protocol does not allow it now; nothing changed
    /// @throws SessionException.Refused when the peer wants to go on and the protocol allows it to say so; the session goes on
    void release();

    /// Ends the session at once, telling the peer when the protocol can. Never blocks and never throws.
    void abort(String reason);

    /// Completes once, when the session has ended. It observes; it is not a second way to drive the session.
    CompletionStage<SessionEnd> ended();

    /// Nothing when the session has ended; otherwise an abort: leaving a block without a release tells the peer the truth.
    @Override
    void close();
}

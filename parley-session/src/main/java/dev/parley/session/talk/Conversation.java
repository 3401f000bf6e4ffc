package dev.parley.session.talk;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// A durable two-way conversation with one peer: it outlives connections and processes. Messages go in order in each direction, each is
/// stored once at the receiver, none is lost.
///
/// **Units.** What the application does between two calls of [#receive] is a unit: the message it was given and the messages it sends in
/// answer are recorded together, all or nothing. So after a crash a message is either done, with its answers on their way, or it is
/// handed out again and none of its answers was sent. A unit is recorded at the latest when [#receive] has to wait, after 64 messages or
/// 10 ms (checked at [#receive]), and at once by [#acknowledge], [#checkpoint], [#giveTurn] and [#release]. A message that is sent while
/// no received one is unacknowledged is durable when [#send] returns.
///
/// What the application does *outside* the conversation (its own files, its own database) is not part of a unit: there a message may be
/// seen twice, with the same number. An application that keeps the number of the last message with its own data, and skips what it has,
/// gets exactly-once there too.
///
/// **Turns.** Only the side that has the turn transmits (X.215: the data, minor and release tokens). The library asks for the turn when
/// there is something to transmit. See [ConversationOptions.Turns].
///
/// One thread should receive; others may send. A method that waits ends with [SessionException.ConnectionLost] when there was no
/// connection for the [patience][ConversationOptions#patience]; the state is kept and the next connection goes on. After a newer process or
/// connection has taken over, every method throws [SessionException.TakenOver].
public interface Conversation extends AutoCloseable {
    /// The session's number, the same on both sides.
    long session();

    String name();

    /// The user that logged in.
    String user();

    /// Sends messages, in order and together. Blocks while the outbox is full because the peer does not confirm.
    ///
    /// @return the number of the last one
    /// @throws SessionException.LimitReached when a message is too long, or a unit is larger than the outbox
    long send(byte[]... messages) throws InterruptedException;

    /// Sends what remains in the buffer.
    default long send(ByteBuffer message) throws InterruptedException {
        var body = new byte[message.remaining()];
        message.get(body);
        return send(body);
    }

    /// The next message or event. Asking for it says that everything handed out before is done.
    Received receive() throws InterruptedException;

    /// As above; empty when nothing arrived in that time.
    Optional<Received> receive(Duration wait) throws InterruptedException;

    /// Records the unit: what was received is done, what was sent is on its way. Durable here on return.
    void acknowledge();

    /// Acknowledges, and returns when everything sent so far is on stable storage at the peer.
    void checkpoint() throws InterruptedException;

    /// Number of the last message sent and recorded here. After a restart the application goes on behind it.
    long sent();

    /// Number of the last received message that is recorded as done.
    long acknowledged();

    /// True while this side may transmit.
    boolean hasTurn();

    /// Asks for the turn and returns; [Received.TurnGiven] tells when it is here.
    void pleaseTurn();

    /// Acknowledges, and gives the turn to the peer after everything sent so far. Survives a crash like a message.
    ///
    /// @throws SessionException.OutOfSequence when this side does not have it
    void giveTurn();

    /// Ends in good order: returns when both sides agreed and nothing is open. Also the answer to [Received.ReleaseAsked].
    ///
    /// @throws SessionException.Refused when the peer is not done, or messages have arrived: receive them, then try again
    void release() throws InterruptedException;

    /// Ends at once on both sides, unreceived messages are dropped. Never blocks.
    void abort(String reason);

    /// Leaves. A conversation that was neither released nor aborted stays, and a new connection goes on with it; a unit that was not
    /// recorded is forgotten.
    @Override
    void close();
}

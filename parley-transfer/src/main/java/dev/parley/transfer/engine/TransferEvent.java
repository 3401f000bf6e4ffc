package dev.parley.transfer.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What happens in a transfer, for people and programs. Events are told on the connection's loop; a listener must not block.
public sealed interface TransferEvent {
    /// @param services the functional units of the session, by their names
    /// @param weSend whether this side begins to send
    record Connected(long session, String peer, String security, Settings settings, List<String> services, boolean weSend)
            implements TransferEvent {}

    record Started(String name, long size) implements TransferEvent {}

    record Resumed(String name, long offset) implements TransferEvent {}

    /// Octets of a file were handed to the connection, or came from it; told once an interval.
    record Sent(String name, long octets) implements TransferEvent {}

    /// A checkpoint is confirmed: everything up to the offset is on stable storage at the receiver.
    record Checkpoint(String name, long serial, long offset, long size) implements TransferEvent {}

    /// The receiver found damage and goes back to the last confirmed checkpoint.
    record Resync(String name, long serial, long offset) implements TransferEvent {}

    /// A file is complete at the receiver. `sent` counts the octets that this run sent for it.
    record FileDone(String name, long size, long sent, String root, String receipt) implements TransferEvent {}

    /// News of the flow token of a heavy transfer: it waits at this place (1 is the next) for those who hold it, it may transmit, or it was
    /// asked to let a more urgent one pass at its next checkpoint.
    ///
    /// @param estimate how long it will still wait; empty when nobody knows
    record Token(String flowClass, State state, int place, List<String> holders, Optional<Duration> estimate) implements TransferEvent {
        public enum State {
            WAITING,
            GRANTED,
            ASKED
        }

        public Token {
            holders = List.copyOf(holders);
        }
    }

    /// Small files are complete, all of a batch or what it has up to a checkpoint; each of them was told before by a [FileDone] without a
    /// receipt. This receipt is theirs.
    record BatchDone(int files, long size, String receipt) implements TransferEvent {}

    /// Something is left out or needs attention; the transfer goes on.
    record Warning(String words) implements TransferEvent {}

    /// The connection is lost; state is kept.
    record Lost(String reason) implements TransferEvent {}
}

package dev.parley.transfer.engine;

/// What happens in a transfer, for people and programs. Events are told on the connection's loop; a listener must not block.
public sealed interface TransferEvent {
    record Connected(long session, String peer, String security, Settings settings) implements TransferEvent {}

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

    /// The connection is lost; state is kept.
    record Lost(String reason) implements TransferEvent {}
}

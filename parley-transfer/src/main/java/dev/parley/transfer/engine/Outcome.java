package dev.parley.transfer.engine;

/// How a connection of a client ended.
public sealed interface Outcome {
    record Done() implements Outcome {}

    record Failed(Failure failure, String words) implements Outcome {}

    record Lost(String reason) implements Outcome {}

    /// The server does not know the session any more that should go on.
    record Forgotten(String words) implements Outcome {}

    /// What answered does not speak this protocol.
    record Strange(String words) implements Outcome {}
}

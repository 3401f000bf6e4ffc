package dev.parley.api;

/// Whose doing something was.
public enum Side {
    /// Our user.
    LOCAL,
    /// The peer's user.
    REMOTE,
    /// The protocol, at either end: a rule was broken, a time ran out, a limit was reached.
    PROVIDER
}

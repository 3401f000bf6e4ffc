package dev.parley.api;

import java.io.IOException;

/// How a session ended.
public sealed interface SessionEnd {
    /// Both sides agreed.
    record Released() implements SessionEnd {}

    /// One side broke it off, in its own words.
    record Aborted(Side by, String reason) implements SessionEnd {}

    /// The connection is gone and nobody said why.
    record Lost(IOException cause) implements SessionEnd {}
}

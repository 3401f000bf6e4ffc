package dev.parley.osi.tool;

import dev.parley.api.SessionId;

/// Told of every primitive that passes. Called from the sessions' threads.
public interface PrimitiveLog {
    /// @param issued true for what our user issues, false for what is indicated to it
    void primitive(SessionId session, boolean issued, Primitive primitive);

    /// Something that is no primitive: why nothing was sent, or how it ended.
    void remark(SessionId session, String words);
}

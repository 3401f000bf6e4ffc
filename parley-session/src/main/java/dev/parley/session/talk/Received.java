package dev.parley.session.talk;

import java.nio.charset.StandardCharsets;

/// What [Conversation#receive] hands to the application. Sealed: the compiler lists what was forgotten.
public sealed interface Received {
    /// @param number counts from 1 without gaps, together with [TurnGiven]; the same message has the same number when it is handed out
    /// again
    record Message(long number, byte[] body) implements Received {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// The peer gave the turn: everything that it sent before was handed out already.
    record TurnGiven(long number) implements Received {}

    /// The peer would like to have the turn. Only told to a side that [answers itself][ConversationOptions.Turns#ASKED].
    record TurnAsked() implements Received {}

    /// The peer is done and asks for the release. [Conversation#release] agrees; to receive again without it refuses.
    record ReleaseAsked() implements Received {}

    /// Both sides agreed to end. Last.
    record Released() implements Received {}

    /// One side ended it at once. Last.
    record Aborted(String reason) implements Received {}
}

package dev.parley.session.talk;

import java.time.Duration;

/// What a conversation may cost, and how it behaves. The memory of one conversation is bounded by twice the outbox and four intervals
/// of 64 messages (or 256 KiB and one message).
///
/// @param message octets of the longest message
/// @param outboxMessages how many messages may wait for the peer's confirmation, and how many received ones for the application
/// @param outboxBytes the same in octets
/// @param conversations how many conversations may be open in one state folder
/// @param keepalive silence of the peer that ends a connection; the connecting side's value holds
/// @param patience how long without a connection until waiting methods give up
public record ConversationOptions(
        int message, int outboxMessages, long outboxBytes, int conversations, Duration keepalive, Duration patience, Turns turns) {
    /// Who answers the peer's wish for the turn.
    public enum Turns {
        /// The library gives it, when nothing is left to transmit or after four checkpoints.
        AUTOMATIC,
        /// The application: it receives [Received.TurnAsked] and calls [Conversation#giveTurn] when it likes.
        ASKED
    }

    public static final int MOST_MESSAGE = 4_000_000;
    public static final ConversationOptions DEFAULT = new ConversationOptions(
            1 << 20, 10_000, 4 << 20, 1000, Duration.ofSeconds(30), Duration.ofMinutes(10), Turns.AUTOMATIC);

    public ConversationOptions {
        if (message < 1 || message > MOST_MESSAGE || outboxMessages < 1 || outboxBytes < message || conversations < 1
                || keepalive.toMillis() < 1000 || keepalive.toMillis() > 3_600_000 || patience.isNegative()) {
            throw new IllegalArgumentException("messages of 1 to " + MOST_MESSAGE + " octets, an outbox of at least one message, "
                    + "at least one conversation, keepalive 1 s to 1 h, and a patience that is not negative");
        }
    }

    public ConversationOptions message(int octets) {
        return new ConversationOptions(octets, outboxMessages, Math.max(outboxBytes, octets), conversations, keepalive, patience, turns);
    }

    public ConversationOptions outbox(int messages, long octets) {
        return new ConversationOptions(message, messages, octets, conversations, keepalive, patience, turns);
    }

    public ConversationOptions conversations(int most) {
        return new ConversationOptions(message, outboxMessages, outboxBytes, most, keepalive, patience, turns);
    }

    public ConversationOptions keepalive(Duration silence) {
        return new ConversationOptions(message, outboxMessages, outboxBytes, conversations, silence, patience, turns);
    }

    public ConversationOptions patience(Duration without) {
        return new ConversationOptions(message, outboxMessages, outboxBytes, conversations, keepalive, without, turns);
    }

    public ConversationOptions turns(Turns who) {
        return new ConversationOptions(message, outboxMessages, outboxBytes, conversations, keepalive, patience, who);
    }
}

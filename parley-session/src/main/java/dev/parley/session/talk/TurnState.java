package dev.parley.session.talk;

import dev.parley.session.store.ConversationStore;

/// Where the turn is, as the application sees it, and who wishes for it. Not thread safe: the dialogue's lock guards it.
final class TurnState {
    private final boolean connector;
    private boolean mine;
    private boolean known;
    private boolean wanted;
    private boolean came;
    private boolean asked;

    TurnState(boolean connector) {
        this.connector = connector;
    }

    /// Without a connection, and until the tokens follow the entry that gives the turn, the record decides.
    boolean isMine(Books books) {
        boolean here = known ? mine : books.turn() == ConversationStore.HELD || books.turn() == ConversationStore.UNMOVED && connector;
        return here && !books.owesTurn();
    }

    /// The tokens moved. When the peer's library gave them before it read our wish, no entry tells of it.
    void moved(boolean here) {
        mine = here;
        known = true;
        came |= here && wanted;
        wanted &= !here;
    }

    /// This side has recorded that it gives the turn.
    void given() {
        mine = false;
        known = true;
    }

    /// The entry that gives the turn to this side is stored.
    void received() {
        known = false;
        wanted = false;
    }

    void disconnected() {
        known = false;
    }

    void want() {
        wanted = true;
    }

    boolean isWanted() {
        return wanted;
    }

    void ask() {
        asked = true;
    }

    /// True once after the turn came without an entry.
    boolean takeCame() {
        boolean now = came;
        came = false;
        return now;
    }

    /// True once after the peer asked.
    boolean takeAsked() {
        boolean now = asked;
        asked = false;
        return now;
    }
}

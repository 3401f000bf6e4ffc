package dev.parley.netbios.name;

/// A name of a node's table and how far the claim has got.
final class OwnName {
    enum State { CLAIMING, OWNED, CONFLICT }

    static final long NEVER = Long.MAX_VALUE;

    final boolean group;
    State state = State.CLAIMING;
    /// When to refresh at the name server.
    long refreshAt = NEVER;
    /// When the name server forgets us.
    long expiresAt = NEVER;
    /// When to claim again by broadcast, if only broadcasts protect the name.
    long verifyAt = NEVER;
    /// When to claim again what the name server did not answer for.
    long claimAt = NEVER;
    long ttlMillis;
    /// Whether the name server has granted it.
    boolean atServer;

    OwnName(boolean group) {
        this.group = group;
    }

    long nextDeadline() {
        return switch (state) {
            case CLAIMING -> claimAt;
            case OWNED -> Math.min(refreshAt, Math.min(expiresAt, verifyAt));
            case CONFLICT -> NEVER;
        };
    }
}

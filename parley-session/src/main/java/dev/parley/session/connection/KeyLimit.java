package dev.parley.session.connection;

/// How much the keys of one TLS connection may protect (decision 0006).
public final class KeyLimit {
    /// After so many octets of user data a sending side makes place for a new connection: half of what AES-GCM keys are good for (RFC 8446, 5.5).
    public static final long OCTETS = Long.getLong("parley.tls.keyOctets", 1L << 36);

    private KeyLimit() {}
}

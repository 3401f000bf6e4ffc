package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.util.Optional;

/// What an endpoint's password proves: its own messages to the gatekeeper, and, with H.235.1, the gatekeeper's to it.
final class Proof {
    private final Optional<Credentials> credentials;
    private long random;

    /// @param random where the numbers in tokens begin; each is one more than the one before
    Proof(Optional<Credentials> credentials, long random) {
        this.credentials = credentials;
        this.random = random & 0x3FFF_FFFF;
    }

    Octets encode(RasMessage message, Optional<String> gatekeeper, RasTime now) {
        if (credentials.isEmpty()) {
            return message.encode();
        }
        var c = credentials.get();
        return switch (c.scheme()) {
            case MD5 -> PasswordTokens.withMd5(message, c.user(), c.password(), now.seconds()).encode();
            case HMAC_SHA1_96 -> PasswordTokens.signed(message, c.user(), gatekeeper, c.password(), now.seconds(), ++random);
        };
    }

    /// Whether the gatekeeper said so; without H.235.1 there is no way to know.
    boolean accepts(RasMessage message, Octets datagram) {
        var signing = credentials.filter(c -> c.scheme() == Credentials.Scheme.HMAC_SHA1_96);
        return signing.isEmpty()
                || PasswordTokens.signature(message).filter(s -> PasswordTokens.proves(datagram, s, signing.get().password())).isPresent();
    }
}

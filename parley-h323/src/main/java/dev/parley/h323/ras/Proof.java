package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What an endpoint's password proves: its own messages to the gatekeeper, and, with H.235.1, the gatekeeper's to it.
final class Proof {
    private final Optional<Credentials> credentials;
    private final Signatures signatures = new Signatures();
    private final Set<String> names = new HashSet<>();
    private long random;

    /// @param random where the numbers in tokens begin; each is one more than the one before
    Proof(EndpointConfig config, long random) {
        this.credentials = config.credentials();
        this.random = random & 0x3FFF_FFFF;
        config.aliases().forEach(a -> names.add(a.text()));
        credentials.ifPresent(c -> names.add(c.user()));
    }

    /// @param gatekeeper the identifier of who shall read it
    /// @param endpoint that of ours there: with H.235.1 it stands for us once we have it, but a registration that may be the first one there is
    ///     signed with the user's name
    Octets encode(RasMessage message, Optional<String> gatekeeper, Optional<String> endpoint, RasTime now) {
        if (credentials.isEmpty()) {
            return message.encode();
        }
        var c = credentials.get();
        return switch (c.scheme()) {
            case MD5 -> PasswordTokens.withMd5(message, c.user(), c.password(), now.seconds()).encode();
            case HMAC_SHA1_96 -> {
                boolean registers = message.name().equals("registrationRequest") && !message.body().flagAt("keepAlive");
                yield PasswordTokens.signed(message, endpoint.filter(_ -> !registers).orElse(c.user()), gatekeeper,
                        PasswordTokens.key(c.password()), now.seconds(), ++random);
            }
        };
    }

    /// Whether the gatekeeper said so, now and for the first time; without H.235.1 there is no way to know.
    ///
    /// @param gatekeeper its identifier, when that is known
    /// @param endpoint as some gatekeepers call us
    boolean accepts(RasMessage message, Octets datagram, Optional<String> gatekeeper, Optional<String> endpoint, RasTime now) {
        var signing = credentials.filter(c -> c.scheme() == Credentials.Scheme.HMAC_SHA1_96);
        if (signing.isEmpty()) {
            return true;
        }
        // Our user may be called as the gatekeeper is. Then a registration is all that we have signed with that name, and that is ours.
        if (message.name().equals("registrationRequest")) {
            return false;
        }
        var ours = new HashSet<>(names);
        gatekeeper.ifPresent(ours::remove);
        endpoint.ifPresent(ours::add);
        var called = new HashSet<>(names);
        called.addAll(ours);
        if (message.name().equals("registrationConfirm")) {
            message.body().textAt("endpointIdentifier").ifPresent(called::add);
        }
        var c = signing.get();
        var key = Optional.of(PasswordTokens.key(c.password()));
        return PasswordTokens.signature(message).filter(s -> signatures.fault(s, datagram, c.user(), key, called, ours, now).isEmpty()).isPresent();
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.util.Optional;
import java.util.Set;

/// Whether a message comes from a user who knows the password (H.235).
final class Authentication {
    private final Passwords passwords;
    private final Set<String> names;
    private final Signatures signatures;

    /// @param identifier of the gatekeeper
    Authentication(Passwords passwords, String identifier) {
        this.passwords = passwords;
        this.names = Set.of(identifier);
        this.signatures = new Signatures(identifier);
    }

    /// @param user whose password was proven; empty when none is needed
    /// @param signed whether by H.235.1, so that the answer is signed, too
    /// @param denied why not, in words
    record Verdict(Optional<String> user, boolean signed, Optional<String> denied) {
        boolean isDenied() {
            return denied.isPresent();
        }
    }

    private static Verdict denied(String why) {
        return new Verdict(Optional.empty(), false, Optional.of(why));
    }

    Verdict check(RasMessage message, Octets datagram, RasTime now) {
        if (!passwords.areRequired()) {
            return new Verdict(Optional.empty(), false, Optional.empty());
        }
        var signature = PasswordTokens.signature(message);
        if (signature.isPresent()) {
            return check(signature.get(), datagram, now);
        }
        var hashes = PasswordTokens.hashes(message);
        for (var hash : hashes) {
            if (Signatures.isNow(hash.seconds(), now) && passwords.of(hash.user()).filter(hash::provenBy).isPresent()) {
                return new Verdict(Optional.of(hash.user()), false, Optional.empty());
            }
        }
        return denied(hashes.isEmpty() ? "no password was proven" : "wrong user, password or time");
    }

    private Verdict check(PasswordTokens.Signature signature, Octets datagram, RasTime now) {
        var user = signature.sender();
        return signatures.fault(signature, datagram, user, passwords.key(user), names, now).map(Authentication::denied)
                .orElseGet(() -> new Verdict(Optional.of(user), true, Optional.empty()));
    }
}

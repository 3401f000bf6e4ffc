package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Whether a message comes from a user who knows the password (H.235).
final class Authentication {
    private final Passwords passwords;
    private final Set<String> names;
    private final Function<String, Optional<String>> registered;
    private final Signatures signatures = new Signatures();

    /// @param identifier of the gatekeeper
    /// @param registered the user of the endpoint that has been given this identifier
    Authentication(Passwords passwords, String identifier, Function<String, Optional<String>> registered) {
        this.passwords = passwords;
        this.names = Set.of(identifier);
        this.registered = registered;
    }

    /// @param user whose password was proven; empty when none is needed
    /// @param signer by which name it was signed by H.235.1, so that the answer is signed for it, too
    /// @param denied why not, in words
    record Verdict(Optional<String> user, Optional<String> signer, Optional<String> denied) {
        static final Verdict NOBODY = new Verdict(Optional.empty(), Optional.empty(), Optional.empty());

        boolean isDenied() {
            return denied.isPresent();
        }
    }

    private static Verdict denied(String why) {
        return new Verdict(Optional.empty(), Optional.empty(), Optional.of(why));
    }

    Verdict check(RasMessage message, Octets datagram, RasTime now) {
        if (!passwords.areRequired()) {
            return Verdict.NOBODY;
        }
        var signature = PasswordTokens.signature(message);
        if (signature.isPresent()) {
            return check(signature.get(), datagram, now);
        }
        var hashes = PasswordTokens.hashes(message);
        for (var hash : hashes) {
            if (Signatures.isNow(hash.seconds(), now) && passwords.of(hash.user()).filter(hash::provenBy).isPresent()) {
                return new Verdict(Optional.of(hash.user()), Optional.empty(), Optional.empty());
            }
        }
        return denied(hashes.isEmpty() ? "no password was proven" : "wrong user, password or time");
    }

    /// An endpoint signs with its user's name until it is registered, and then with the identifier that it was given (H.235.1, sendersID);
    /// GnuGk, as the client of another gatekeeper, goes on with the name.
    private Verdict check(PasswordTokens.Signature signature, Octets datagram, RasTime now) {
        var signer = signature.sender();
        boolean isUser = passwords.key(signer).isPresent();
        var user = isUser ? signer : registered.apply(signer).orElse(signer);
        // A user may be called as the gatekeeper is. All that it demands is for the identifiers of endpoints, so it is known when it comes back.
        return signatures.fault(signature, datagram, user, passwords.key(user), names, isUser ? Set.of() : names, now).map(Authentication::denied)
                .orElseGet(() -> new Verdict(Optional.of(user), Optional.of(signer), Optional.empty()));
    }
}

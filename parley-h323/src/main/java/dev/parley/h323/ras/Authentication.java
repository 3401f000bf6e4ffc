package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether a message comes from a user who knows the password (H.235).
final class Authentication {
    /// How far the clocks may be apart.
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final int REMEMBERED = 10_000;

    private final Passwords passwords;
    /// Signatures of H.235.1 are good once; those outside of the window need no memory. The oldest go first.
    private final Set<Octets> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Octets, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    Authentication(Passwords passwords) {
        this.passwords = passwords;
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
            if (isNow(hash.seconds(), now) && passwords.of(hash.user()).filter(hash::provenBy).isPresent()) {
                return new Verdict(Optional.of(hash.user()), false, Optional.empty());
            }
        }
        return denied(hashes.isEmpty() ? "no password was proven" : "wrong user, password or time");
    }

    private Verdict check(PasswordTokens.Signature signature, Octets datagram, RasTime now) {
        if (!isNow(signature.seconds(), now)) {
            return denied("the time of the signature is more than " + WINDOW.toMinutes() + " minutes from ours");
        }
        var password = passwords.of(signature.sender());
        if (password.isEmpty() || !PasswordTokens.proves(datagram, signature, password.get())) {
            return denied("wrong user or password");
        }
        return seen.add(signature.mac()) ? new Verdict(Optional.of(signature.sender()), true, Optional.empty()) : denied("a signature came twice");
    }

    private static boolean isNow(long seconds, RasTime now) {
        return Math.abs(seconds - now.seconds()) <= WINDOW.toSeconds();
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.util.Optional;

/// Who the users of a gatekeeper are. H.235 proves that both sides have the same key: for H.235.1 the digest of the password, for the MD5
/// baseline the password itself. So a store of one-way verifiers cannot serve.
public interface Passwords {
    /// Everybody may register.
    Passwords OPEN = new Passwords() {
        @Override
        public Optional<String> of(String user) {
            return Optional.empty();
        }

        @Override
        public boolean areRequired() {
            return false;
        }
    };

    /// The password of a user; nothing when there is none, or only its digest. Must not block.
    Optional<String> of(String user);

    /// The key of H.235.1: the SHA-1 digest of the password. Must not block.
    default Optional<Octets> key(String user) {
        return of(user).map(PasswordTokens::key);
    }

    default boolean areRequired() {
        return true;
    }
}

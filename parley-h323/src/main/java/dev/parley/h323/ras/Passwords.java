package dev.parley.h323.ras;

import java.util.Optional;

/// Who the users of a gatekeeper are. H.235 proves that both sides have the password itself, so a store of one-way verifiers cannot serve.
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

    /// Must not block.
    Optional<String> of(String user);

    default boolean areRequired() {
        return true;
    }
}

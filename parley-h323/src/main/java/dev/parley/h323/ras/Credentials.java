package dev.parley.h323.ras;

/// What an endpoint proves itself with (H.235).
///
/// @param user one of its aliases, usually
public record Credentials(String user, String password, Scheme scheme) {
    /// How.
    public enum Scheme {
        /// The baseline of H.225.0: a hash over name, time and password in one token. The rest of the message is not protected.
        MD5,
        /// H.235.1 procedure I: an authentication code over the whole message, in both directions.
        HMAC_SHA1_96
    }

    public Credentials {
        // One more character for the NUL that is part of the hash.
        if (user.isEmpty() || user.length() > 127 || password.isEmpty() || password.length() > 127) {
            throw new IllegalArgumentException("user and password have 1..127 characters each");
        }
    }

    @Override
    public String toString() {
        return user + " by " + scheme;
    }
}

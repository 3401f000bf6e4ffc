package dev.parley.session.talk;

import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.login.Identity;
import java.util.Optional;

/// Who connects, and how the server is recognized.
///
/// @param user the name at the server; with a certificate its fingerprint, since the server knows whose it is
/// @param password empty with a certificate
/// @param certificate the client's own, with its key
/// @param fingerprint the server's, as it prints it; without it the server is pinned at the first use, as ssh does
/// @param plainText without TLS: nobody proves anything about the server
public record Login(String user, char[] password, Optional<TlsKey> certificate, Optional<String> fingerprint, boolean plainText) {
    /// With a password (SCRAM-SHA-256, over TLS with channel binding).
    public static Login of(String user, char[] password) {
        return new Login(user, password.clone(), Optional.empty(), Optional.empty(), false);
    }

    /// With a client certificate in TLS 1.3.
    ///
    /// @param key as `KeyFiles` reads it
    public static Login of(TlsKey key) {
        return new Login(Identity.fingerprint(key.certificate()), new char[0], Optional.of(key), Optional.empty(), false);
    }

    public Login fingerprint(String expected) {
        return new Login(user, password, certificate, Optional.of(expected), plainText);
    }

    /// @throws IllegalStateException with a certificate: it is proved in TLS
    public Login inPlainText() {
        if (certificate.isPresent()) {
            throw new IllegalStateException("a client certificate is proved in TLS: there is none in plain text");
        }
        return new Login(user, password, certificate, fingerprint, true);
    }

    @Override
    public String toString() {
        return "Login of " + user;
    }
}

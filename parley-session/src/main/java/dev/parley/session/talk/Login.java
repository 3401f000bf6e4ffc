package dev.parley.session.talk;

import java.util.Optional;

/// Who connects, and how the server is recognized.
///
/// @param fingerprint the server's, as it prints it; without it the server is pinned at the first use, as ssh does
/// @param plainText without TLS: nobody proves anything about the server
public record Login(String user, char[] password, Optional<String> fingerprint, boolean plainText) {
    public static Login of(String user, char[] password) {
        return new Login(user, password.clone(), Optional.empty(), false);
    }

    public Login fingerprint(String expected) {
        return new Login(user, password, Optional.of(expected), plainText);
    }

    public Login inPlainText() {
        return new Login(user, password, fingerprint, true);
    }

    @Override
    public String toString() {
        return "Login of " + user;
    }
}

package dev.parley.session.login;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import dev.parley.api.SessionException;
import dev.parley.session.store.Store;
import java.security.SecureRandom;

/// Turns a password into the verifier that a server stores (RFC 5802 section 3, RFC 7677). The password cannot be got back from it.
public final class Credentials {
    public static final int ITERATIONS = 15_000;
    private static final int SALT_OCTETS = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Credentials() {}

    /// A user that logs in by a certificate only: no password fits.
    public static Store.User withoutPassword(String name, String root, boolean maySend, boolean mayGet, long quota) {
        var random = new byte[32];
        RANDOM.nextBytes(random);
        return derive(name, java.util.HexFormat.of().formatHex(random).toCharArray(), root, maySend, mayGet, quota);
    }

    /// @param name 1 to 64 letters, digits, dots, dashes and underscores
    /// @param root the folder below the served one that the user sees; empty means all of it
    /// @param quota octets that the user may store; 0 means no limit
    public static Store.User derive(String name, char[] password, String root, boolean maySend, boolean mayGet, long quota) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new SessionException.Refused("a user name has 1 to 64 letters, digits, dots, dashes or underscores, not: " + name);
        }
        if (password.length == 0 || password.length > 1024) {
            throw new SessionException.Refused("a password has 1 to 1024 characters");
        }
        var salt = new byte[SALT_OCTETS];
        RANDOM.nextBytes(salt);
        var mechanism = ScramMechanism.SCRAM_SHA_256;
        var salted = ScramFunctions.saltedPassword(mechanism, StringPreparation.SASL_PREPARATION, password, salt, ITERATIONS);
        var stored = ScramFunctions.storedKey(mechanism, ScramFunctions.clientKey(mechanism, salted));
        return new Store.User(
                name, salt, ITERATIONS, stored, ScramFunctions.serverKey(mechanism, salted), root, maySend, mayGet, quota);
    }
}

package dev.parley.session.login;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import dev.parley.api.SessionException;
import dev.parley.runtime.Security;
import dev.parley.session.store.Store;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677) as one exchange: client-first, server-first, client-final,
/// server-final. An unknown user goes through the same steps with a salt made from a secret, so nobody can tell the difference.
public final class ScramServer {
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final Pattern CLIENT_FIRST = Pattern.compile("(n|y|p=([A-Za-z0-9.-]+)),,(n=([^,]{1,200}),r=([!-+\\--~]{8,200}))");
    private static final Pattern CLIENT_FINAL = Pattern.compile("(c=([A-Za-z0-9+/=]{1,400}),r=([!-+\\--~]{8,400})),p=([A-Za-z0-9+/=]{1,100})");

    private final Security security;
    private final Store.User user;
    private final boolean known;
    private final String header;
    private final String firstBare;
    private final String nonce;
    private final String serverFirst;

    /// The server's part of a nonce: fresh, and with the server's fingerprint at its end. Both sides prove the nonce with the password, so the
    /// client knows whom it talks to on a plain connection too.
    public static String nonce(SecureRandom random, Identity identity) {
        var octets = new byte[18];
        random.nextBytes(octets);
        return Base64.getEncoder().withoutPadding().encodeToString(octets) + "." + identity.fingerprint();
    }

    /// @param secret the server's own, for salts of users that do not exist
    /// @param nonce the server's part, printable and fresh
    /// @throws SessionException.Refused when the message is not a client-first message or downgrades the channel binding
    public ScramServer(String clientFirst, Security security, java.util.function.Function<String, Optional<Store.User>> users, byte[] secret,
            String nonce) {
        var first = CLIENT_FIRST.matcher(clientFirst);
        if (!first.matches()) {
            throw new SessionException.Refused("the first message of the login is malformed");
        }
        var flag = first.group(1);
        if (flag.equals("y") && security.encrypted()) {
            // The client could bind and believes that we cannot, but we offer it: somebody removed the offer (RFC 5802 section 6).
            throw new SessionException.Refused("the login was downgraded on the way: the server does support channel binding");
        }
        if (flag.startsWith("p=") && !flag.equals("p=" + security.bindingType())) {
            throw new SessionException.Refused("the channel binding " + flag.substring(2) + " is not available on this connection");
        }
        var name = first.group(4).replace("=2C", ",").replace("=3D", "=");
        // Both are always done, so that an unknown user takes the same steps.
        var decoy = imaginary(name, secret);
        var found = users.apply(name);
        this.security = security;
        this.known = found.isPresent();
        this.user = found.orElse(decoy);
        this.header = flag + ",,";
        this.firstBare = first.group(3);
        this.nonce = first.group(5) + nonce;
        this.serverFirst = "r=" + this.nonce + ",s=" + Base64.getEncoder().encodeToString(user.salt()) + ",i=" + user.iterations();
    }

    public String serverFirst() {
        return serverFirst;
    }

    /// The user, once the proof is checked.
    public record Result(Store.User user, String serverFinal) {}

    /// Checks the client's proof. Empty when it is wrong, or the user does not exist: the two cannot be told apart.
    public Optional<Result> finish(String clientFinal) {
        var last = CLIENT_FINAL.matcher(clientFinal);
        if (!last.matches()) {
            return Optional.empty();
        }
        byte[] binding;
        byte[] proof;
        try {
            binding = Base64.getDecoder().decode(last.group(2));
            proof = Base64.getDecoder().decode(last.group(4));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        var message = firstBare + "," + serverFirst + "," + last.group(1);
        boolean right = proof.length == 32;
        byte[] signature = ScramFunctions.clientSignature(MECHANISM, user.storedKey(), message);
        byte[] key = right ? ScramFunctions.clientProof(proof, signature) : new byte[32];
        right &= MessageDigest.isEqual(ScramFunctions.hash(MECHANISM, key), user.storedKey());
        right &= MessageDigest.isEqual(binding, expectedBinding());
        right &= last.group(3).equals(nonce);
        right &= known;
        var serverSignature = ScramFunctions.serverSignature(MECHANISM, user.serverKey(), message);
        return right
                ? Optional.of(new Result(user, "v=" + Base64.getEncoder().encodeToString(serverSignature)))
                : Optional.empty();
    }

    public String userName() {
        return user.name();
    }

    private byte[] expectedBinding() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        if (header.startsWith("p=")) {
            out.writeBytes(security.bindingData());
        }
        return out.toByteArray();
    }

    private static Store.User imaginary(String name, byte[] secret) {
        var salt = ScramFunctions.hmac(MECHANISM, secret, ("salt " + name).getBytes(StandardCharsets.UTF_8));
        var key = ScramFunctions.hmac(MECHANISM, secret, ("key " + name).getBytes(StandardCharsets.UTF_8));
        return new Store.User(name, java.util.Arrays.copyOf(salt, 16), Credentials.ITERATIONS, key, key, "", false, false, 0);
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The password tokens of RAS messages: the MD5 baseline (H.225.0 cryptoEPPwdHash) and H.235.1 (HMAC-SHA1-96 over the whole message).
/// Functions over octets: time and random numbers come in.
public final class PasswordTokens {
    static final String MD5 = "1.2.840.113549.2.5";
    /// H.235.1: the token, its clear part, and the algorithm.
    static final String PROCEDURE_I = "0.0.8.235.0.2.1";
    static final String CLEAR_PART = "0.0.8.235.0.2.5";
    static final String HMAC_SHA1_96 = "0.0.8.235.0.2.6";

    /// Version 1 of H.235 has identifiers of its own for the same.
    private static final Set<String> HMAC_OF_ANY_VERSION = Set.of(HMAC_SHA1_96, "0.0.8.235.0.1.6");
    private static final int MAC_OCTETS = 12;

    private PasswordTokens() {}

    /// A token of H.235.1 as it arrived.
    ///
    /// @param mac 12 octets
    record Signature(String sender, Optional<String> recipient, long seconds, long random, Octets mac) {}

    /// The hash of the MD5 baseline: over the encoding of a ClearToken with the object identifier 0.0. Name and password end with a NUL in
    /// what the stacks in the field compute.
    ///
    /// @param terminated false for the few that leave the NUL out
    public static Octets md5(String name, String password, long seconds, boolean terminated) {
        var end = terminated ? "\0" : "";
        var clear = Value.struct().with("tokenOID", Value.oid("0.0")).with("timeStamp", seconds)
                .with("password", Value.text(password + end)).with("generalID", Value.text(name + end));
        return Octets.of(digest("MD5", Pdu.PWD_CERT_TOKEN.encode(clear).toArray()));
    }

    static RasMessage withMd5(RasMessage message, String user, String password, long seconds) {
        var hashed = hashed(MD5, md5(user, password, seconds, true));
        return message.withList("cryptoTokens", List.of(Value.choice("cryptoEPPwdHash", Value.struct()
                .with("alias", Alias.of(user).toValue()).with("timeStamp", seconds).with("token", hashed))));
    }

    /// The message with an authentication code over all of it, computed while the code itself is zero (H.235.1 section 7).
    ///
    /// @param random other than that of every earlier message of the same second
    static Octets signed(RasMessage message, String sender, Optional<String> recipient, Octets key, long seconds, long random) {
        var clear = Value.struct().with("tokenOID", Value.oid(CLEAR_PART)).with("timeStamp", seconds).with("random", random)
                .with("sendersID", Value.text(sender))
                .withOptional("generalID", recipient.map(Value::text));
        var zero = withSignature(message, clear, Octets.of(new byte[MAC_OCTETS])).encode();
        return withSignature(message, clear, mac(zero.toArray(), key)).encode();
    }

    private static RasMessage withSignature(RasMessage message, Value clear, Octets mac) {
        var token = Value.struct().with("tokenOID", Value.oid(PROCEDURE_I)).with("hashedVals", clear).with("token", hashed(HMAC_SHA1_96, mac));
        return message.withList("cryptoTokens", List.of(Value.choice("nestedcryptoToken", Value.choice("cryptoHashedToken", token))));
    }

    private static Value hashed(String algorithm, Octets hash) {
        return Value.struct().with("algorithmOID", Value.oid(algorithm)).with("paramS", Value.struct())
                .with("hash", new Value.Bits(hash, 8 * hash.size()));
    }

    /// The token of H.235.1 in a message, if any.
    static Optional<Signature> signature(RasMessage message) {
        for (var token : message.body().listAt("cryptoTokens")) {
            var hashed = token.at("nestedcryptoToken/cryptoHashedToken");
            var mac = hashed.flatMap(h -> h.at("token/hash"));
            if (mac.isPresent() && mac.get() instanceof Value.Bits(Octets octets, int count) && count == 8 * MAC_OCTETS
                    && hashed.get().textAt("token/algorithmOID").filter(HMAC_OF_ANY_VERSION::contains).isPresent()) {
                var clear = hashed.get();
                return Optional.of(new Signature(clear.textAt("hashedVals/sendersID").map(PasswordTokens::trimmed).orElse(""),
                        clear.textAt("hashedVals/generalID").map(PasswordTokens::trimmed), clear.numberAt("hashedVals/timeStamp").orElse(0L),
                        clear.numberAt("hashedVals/random").orElse(0L), octets));
            }
        }
        return Optional.empty();
    }

    /// Whether the datagram is what the owner of the password signed. The code is looked for in the octets as they came, since another
    /// encoder may have written them otherwise than ours would.
    static boolean proves(Octets datagram, Signature signature, Octets key) {
        var octets = datagram.toArray();
        var code = signature.mac().toArray();
        for (int at = 0; at + MAC_OCTETS <= octets.length; at++) {
            if (Arrays.equals(octets, at, at + MAC_OCTETS, code, 0, MAC_OCTETS)) {
                var zeroed = octets.clone();
                Arrays.fill(zeroed, at, at + MAC_OCTETS, (byte) 0);
                if (MessageDigest.isEqual(mac(zeroed, key).toArray(), code)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The MD5 tokens of a message: whose, when, and the hash.
    record Hash(String user, long seconds, Octets hash) {
        boolean provenBy(String password) {
            return MessageDigest.isEqual(md5(user, password, seconds, true).toArray(), hash.toArray())
                    || MessageDigest.isEqual(md5(user, password, seconds, false).toArray(), hash.toArray());
        }
    }

    static List<Hash> hashes(RasMessage message) {
        var hashes = new ArrayList<Hash>();
        for (var token : message.body().listAt("cryptoTokens")) {
            var hash = token.structAt("cryptoEPPwdHash");
            var alias = hash.flatMap(h -> h.at("alias")).flatMap(Alias::from);
            if (alias.isPresent() && alias.get().text().length() < 128 && hash.get().textAt("token/algorithmOID").equals(Optional.of(MD5))
                    && hash.get().at("token/hash").orElse(Value.NULL) instanceof Value.Bits(Octets octets, int count) && count == 128) {
                hashes.add(new Hash(alias.get().text(), hash.get().numberAt("timeStamp").orElse(0L), octets));
            }
        }
        return hashes;
    }

    private static String trimmed(String text) {
        return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    }

    /// The digest of the password (H.235.1 section 7.1).
    public static Octets key(String password) {
        return Octets.of(digest("SHA-1", password.getBytes(StandardCharsets.UTF_8)));
    }

    private static Octets mac(byte[] octets, Octets key) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.toArray(), "HmacSHA1"));
            return Octets.of(Arrays.copyOf(mac.doFinal(octets), MAC_OCTETS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA1", e);
        }
    }

    private static byte[] digest(String algorithm, byte[] octets) {
        try {
            return MessageDigest.getInstance(algorithm).digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}

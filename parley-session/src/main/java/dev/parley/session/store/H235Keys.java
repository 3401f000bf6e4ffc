package dev.parley.session.store;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the users of a state folder prove themselves with at an H.323 gatekeeper, in `h235.db` beside their verifiers. H.235 computes its codes
/// with a key that both sides have, so these are as good as the passwords for whoever reads them: the file is for its owner only, and a user
/// stands here only when that was asked for. Several processes may use it.
public final class H235Keys implements AutoCloseable {
    /// H.235 has no more room.
    public static final int MOST_CHARACTERS = 127;

    private final Records records;

    /// @param sha1 the digest of the password, the key of H.235.1 (HMAC-SHA1-96); 20 octets
    /// @param password itself, for the MD5 baseline, which has no other key
    public record Key(byte[] sha1, Optional<String> password) {
        public Key {
            sha1 = sha1.clone();
        }

        @Override
        public byte[] sha1() {
            return sha1.clone();
        }

        @Override
        public String toString() {
            return "a key";
        }
    }

    private H235Keys(Records records) {
        this.records = records;
    }

    /// Whether a folder has any; opening makes the file.
    public static boolean areIn(Path folder) {
        return Files.exists(folder.resolve("h235.db"));
    }

    /// @throws SessionException.StorageFailure when it cannot be opened
    public static H235Keys open(Path folder) {
        try {
            PrivateFiles.folder(folder);
            PrivateFiles.file(folder.resolve("h235.db"));
            return new H235Keys(Records.open(folder, "h235"));
        } catch (IOException e) {
            throw new SessionException.StorageFailure("the keys in " + folder + " cannot be used: " + DiskWords.of(e), e);
        }
    }

    /// Keeps the key of a password in place of an older one.
    ///
    /// @param clear whether the password itself is kept, too
    /// @throws SessionException.Refused when H.235 has no room for it
    public void put(String user, char[] password, boolean clear) {
        if (password.length == 0 || password.length > MOST_CHARACTERS) {
            throw new SessionException.Refused("a password for H.323 has 1 to " + MOST_CHARACTERS + " characters");
        }
        var text = new String(password);
        records.put(user, HexFormat.of().formatHex(sha1(text)) + (clear ? " " + text : ""));
    }

    public void remove(String user) {
        records.remove(user);
    }

    public Map<String, Key> all() {
        var keys = new LinkedHashMap<String, Key>();
        records.all().forEach((user, kept) -> {
            int space = kept.indexOf(' ');
            keys.put(user, new Key(HexFormat.of().parseHex(space < 0 ? kept : kept.substring(0, space)),
                    space < 0 ? Optional.empty() : Optional.of(kept.substring(space + 1))));
        });
        return keys;
    }

    private static byte[] sha1(String password) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    @Override
    public void close() {
        records.close();
    }
}

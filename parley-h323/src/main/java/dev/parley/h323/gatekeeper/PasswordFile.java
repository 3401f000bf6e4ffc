package dev.parley.h323.gatekeeper;

import dev.parley.h323.ras.Passwords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Users of a gatekeeper in a file: a line `NAME:PASSWORD` each, empty lines and those that begin with `#` left out. The passwords are in clear,
/// because H.235 proves that both sides have them; so nobody but the owner may read the file.
public final class PasswordFile implements Passwords {
    private static final long LARGEST = 10_000_000;

    private final Map<String, String> passwords;

    private PasswordFile(Map<String, String> passwords) {
        this.passwords = Map.copyOf(passwords);
    }

    /// @throws IOException when it cannot be read, others may read it, or a line has another form
    public static PasswordFile read(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            var permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.GROUP_READ) || permissions.contains(PosixFilePermission.OTHERS_READ)) {
                throw new IOException("others may read the passwords in " + file + ": chmod 600 " + file);
            }
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than 10 MB");
        }
        var passwords = new HashMap<String, String>();
        int number = 0;
        for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1 || colon > 127 || colon == line.length() - 1 || line.length() - colon > 128) {
                throw new IOException(file + ", line " + number + ": expected NAME:PASSWORD, each of 1 to 127 characters");
            }
            if (passwords.put(line.substring(0, colon), line.substring(colon + 1)) != null) {
                throw new IOException(file + ", line " + number + ": " + line.substring(0, colon) + " stands there twice");
            }
        }
        return new PasswordFile(passwords);
    }

    @Override
    public Optional<String> of(String user) {
        return Optional.ofNullable(passwords.get(user));
    }

    public int size() {
        return passwords.size();
    }
}

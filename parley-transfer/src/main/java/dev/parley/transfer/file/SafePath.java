package dev.parley.transfer.file;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Turns a name that came from outside into a path below a root, or refuses it. Nothing that a peer says leads out of the root.
public final class SafePath {
    /// The folder in which unfinished files wait; no peer may name it.
    public static final String STATE_AREA = ".parley";

    private static final int MOST_NAME = 4096;
    private static final int MOST_PART = 255;

    private SafePath() {}

    /// @throws SessionException.Refused when the name is absolute, has `..`, is too long, or passes through a symbolic link
    public static Path resolve(Path root, String name) {
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\0') >= 0 || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
            throw refused(name, "it is empty, absolute or too long");
        }
        var path = root;
        for (var part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.equals(STATE_AREA)) {
                throw refused(name, "it has an empty part, '.', '..' or " + STATE_AREA);
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MOST_PART) {
                throw refused(name, "a part of it is longer than " + MOST_PART + " octets");
            }
            if (!path.equals(root) && Files.isSymbolicLink(path)) {
                throw refused(name, "it passes through a symbolic link");
            }
            try {
                path = path.resolve(part);
            } catch (InvalidPathException e) {
                throw refused(name, "this file system cannot hold it");
            }
        }
        try {
            var real = root.toRealPath();
            var parent = path.getParent();
            while (parent != null && !Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
                parent = parent.getParent();
            }
            if (parent == null || !parent.toRealPath().startsWith(real)) {
                throw refused(name, "it leaves the served folder");
            }
        } catch (IOException e) {
            throw refused(name, "its folder cannot be read: " + e.getMessage());
        }
        return path;
    }

    private static SessionException.Refused refused(String name, String why) {
        return new SessionException.Refused("the name '" + name + "' is refused: " + why);
    }
}

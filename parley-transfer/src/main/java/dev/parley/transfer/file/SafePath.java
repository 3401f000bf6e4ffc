package dev.parley.transfer.file;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.runtime.disk.OsDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Turns a name that came from outside into a path below a root, or refuses it. Nothing that a peer says leads out of the root.
public final class SafePath {
    /// The folder in which unfinished files wait; no peer may name it.
    public static final String STATE_AREA = ".parley";

    private static final int MOST_NAME = 4096;
    private static final int MOST_PART = 255;

    private SafePath() {}

    /// What the name means just now. The last part may be anything, also a symbolic link.
    ///
    /// @throws SessionException.Refused when the name is absolute, has `..`, is too long, or passes through something that is no folder
    public static Path resolve(Path root, String name) {
        try {
            return resolve(new OsDisk(), root, name, new HashSet<>());
        } catch (IOException e) {
            throw refused(name, "its folder cannot be read: " + DiskWords.of(e));
        }
    }

    /// The same for what must be a folder, or be missing.
    public static Path folder(Path root, String name) {
        try {
            return folder(new OsDisk(), root, name, new HashSet<>());
        } catch (IOException e) {
            throw refused(name, "it cannot be read: " + DiskWords.of(e));
        }
    }

    /// @param seen folders that were found a moment ago; they are not looked at again, since nothing that a peer may do makes something else of
    ///     a folder. Those that are found now are added
    static Path folder(Disk disk, Path root, String name, Set<Path> seen) throws IOException {
        var path = resolve(disk, root, name, seen);
        isFolder(disk, path, name, seen);
        return path;
    }

    /// @param seen as for a folder
    static Path resolve(Disk disk, Path root, String name, Set<Path> seen) throws IOException {
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\0') >= 0 || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
            throw refused(name, "it is empty, absolute or too long");
        }
        var path = root;
        boolean there = true;
        for (var part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.equals(STATE_AREA)) {
                throw refused(name, "it has an empty part, '.', '..' or " + STATE_AREA);
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MOST_PART) {
                throw refused(name, "a part of it is longer than " + MOST_PART + " octets");
            }
            // Below what is missing everything is.
            there = there && (path.equals(root) || isFolder(disk, path, name, seen));
            try {
                path = path.resolve(part);
            } catch (InvalidPathException e) {
                throw refused(name, "this file system cannot hold it");
            }
        }
        return path;
    }

    private static boolean isFolder(Disk disk, Path path, String name, Set<Path> seen) throws IOException {
        if (seen.contains(path)) {
            return true;
        }
        var found = disk.entry(path);
        if (found.isPresent() && found.get().kind() != Disk.Entry.Kind.FOLDER) {
            throw refused(name, found.get().kind() == Disk.Entry.Kind.LINK
                    ? "it passes through a symbolic link" : "it passes through something that is no folder");
        }
        found.ifPresent(_ -> seen.add(path));
        return found.isPresent();
    }

    /// Whether a symbolic link of this name stays below the root, wherever other links there lead: it is relative, and goes up only at its
    /// beginning. `x/..` would go up from where the link `x` leads.
    public static boolean staysInside(String link, String target) {
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0 || target.length() > MOST_NAME) {
            return false;
        }
        try {
            if (Path.of(target).isAbsolute()) {
                return false;
            }
        } catch (InvalidPathException _) {
            return false;
        }
        long depth = link.chars().filter(c -> c == '/').count();
        boolean descends = false;
        for (var part : target.split("/")) {
            boolean up = part.equals("..");
            if (part.equals(STATE_AREA) || up && (descends || --depth < 0)) {
                return false;
            }
            descends |= !up && !part.isEmpty() && !part.equals(".");
        }
        return true;
    }

    private static SessionException.Refused refused(String name, String why) {
        return new SessionException.Refused("the name '" + name + "' is refused: " + why);
    }
}

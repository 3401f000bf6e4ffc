package dev.parley.transfer.file;

import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file to be sent: where it is, what it shall be called at the other side, and what it looked like when it was chosen.
///
/// @param name relative, with `/` between the parts
/// @param mode POSIX permission bits, or -1 where the system has none
public record Source(Path path, String name, long size, long modifiedMillis, int mode) {
    public static Source of(Path path, String name) throws IOException {
        return new Source(path, name, Files.size(path), Files.getLastModifiedTime(path).toMillis(), mode(path));
    }

    /// A file gives one source, a folder one for each regular file below it, in the order of their names. Symbolic links are not followed.
    public static List<Source> below(Path path) throws IOException {
        var base = path.toAbsolutePath().normalize();
        var parent = base.getParent() == null ? base : base.getParent();
        var sources = new ArrayList<Source>();
        if (Files.isRegularFile(base)) {
            sources.add(of(base, base.getFileName().toString()));
            return sources;
        }
        try (var files = Files.walk(base)) {
            for (var file : files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                var name = parent.relativize(file).toString().replace(java.io.File.separatorChar, '/');
                if (!name.contains("/" + SafePath.STATE_AREA + "/")) {
                    sources.add(of(file, name));
                }
            }
        }
        return sources;
    }

    /// True while size and time are what they were.
    public boolean isUnchanged() {
        try {
            return Files.size(path) == size && Files.getLastModifiedTime(path).toMillis() == modifiedMillis;
        } catch (IOException e) {
            return false;
        }
    }

    public Disk.Handle open(Disk disk) throws IOException {
        return disk.openForRead(path);
    }

    private static int mode(Path path) throws IOException {
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return -1;
        }
        int mode = 0;
        for (var permission : Files.getPosixFilePermissions(path)) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }
}

package dev.parley.transfer.file;

import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Something to be sent: where it is, what it shall be called at the other side, and what it looked like when it was chosen.
///
/// @param name relative, with `/` between the parts
/// @param size octets; -1 for a stream, whose end nobody knows yet
/// @param modifiedNanos since 1970
/// @param mode POSIX permission bits, or -1 where the system has none
/// @param detail the target of a link; of a file what tells it from another one of the same name (its inode), empty where there is none
public record Source(
        Path path, String name, Kind kind, long size, long modifiedNanos, int mode, String detail, @Nullable StreamBuffer stream) {
    public enum Kind {
        FILE,
        FOLDER,
        LINK,
        STREAM
    }

    /// A file, a folder or a link; the empty name stands for the top folder itself.
    public static Source of(Path path, String name, boolean follow) throws IOException {
        var options = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        var found = attributes(path, options);
        long modified = found.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        if (found.isSymbolicLink()) {
            return new Source(path, name, Kind.LINK, 0, modified, -1, Files.readSymbolicLink(path).toString(), null);
        }
        if (found.isDirectory()) {
            return new Source(path, name, Kind.FOLDER, 0, modified, mode(found), "", null);
        }
        return new Source(path, name, Kind.FILE, found.size(), modified, mode(found), inode(found), null);
    }

    public static Source of(Path path, String name) throws IOException {
        return of(path, name, true);
    }

    /// A stream, as standard input: its end is told when it comes.
    public static Source stream(InputStream in, String name, long nowMillis) {
        return new Source(Path.of("-"), name, Kind.STREAM, -1, nowMillis * 1_000_000, -1, "", new StreamBuffer(in));
    }

    /// All that a path stands for, as [Sources#find] says; what is left out goes unmentioned.
    public static List<Source> below(Path path) throws IOException {
        return new Sources(Sources.Links.KEEP, _ -> {}).find(path.toString());
    }

    /// True while the file is the one that was chosen: size, time and inode.
    public boolean isUnchanged() {
        if (kind != Kind.FILE) {
            return true;
        }
        try {
            var now = of(path, name);
            return now.size == size && now.modifiedNanos == modifiedNanos && now.detail.equals(detail);
        } catch (IOException e) {
            return false;
        }
    }

    public Content open(Disk disk) throws IOException {
        return stream == null ? Content.of(disk.openForRead(path)) : stream;
    }

    private static BasicFileAttributes attributes(Path path, LinkOption... options) throws IOException {
        try {
            return Files.readAttributes(path, PosixFileAttributes.class, options);
        } catch (UnsupportedOperationException _) {
            return Files.readAttributes(path, BasicFileAttributes.class, options);
        }
    }

    private static int mode(BasicFileAttributes found) {
        if (!(found instanceof PosixFileAttributes posix)) {
            return -1;
        }
        int mode = 0;
        for (var permission : posix.permissions()) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    /// `(dev=10301,ino=123)` becomes `123`: the number of a device may change when the system starts again.
    private static String inode(BasicFileAttributes found) {
        var key = String.valueOf(found.fileKey());
        int at = key.indexOf("ino=");
        return at < 0 ? "" : key.substring(at + 4).replaceAll("[^0-9].*", "");
    }
}

package dev.parley.transfer.file;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An unfinished file, or what waits for its name: it is under a temporary name in the state area of the root. It gets its own name only when it is
/// complete, verified, forced and written down as such; see [Names].
public final class Target implements AutoCloseable {
    /// What happens when a file of that name is there already.
    public enum OnExists {
        FAIL,
        REPLACE,
        RENAME
    }

    /// What an unfinished file may be used for, whatever its source has.
    private static final int OURS = 0600;

    private final Disk disk;
    private final Names names;
    private final String name;
    private final Path part;
    private Disk.@Nullable Handle handle;

    /// @param part its temporary name, see [#part(long, String, Source.Kind, Version)]
    public Target(Names names, String part) {
        this.disk = names.disk();
        this.names = names;
        this.name = part;
        this.part = names.area().resolve(part);
    }

    /// The temporary name of one version of something: another version has another one.
    public static String part(long session, String name, Source.Kind kind, Version version) {
        var which = version.isStream() ? "" : version.size() + " " + version.modifiedNanos() + " " + version.identity();
        return session + "-" + shortHash(name + '\0' + kind + '\0' + which) + ".part";
    }

    public String part() {
        return name;
    }

    /// Whether the temporary file has as much as was confirmed.
    public boolean has(long confirmed) throws IOException {
        return disk.fileSize(part) >= confirmed;
    }

    /// Opens the temporary file and cuts off what was never confirmed.
    ///
    /// @throws SessionException.IntegrityFailure when it is shorter than what was confirmed: somebody changed it
    public void open(long confirmed) throws IOException {
        disk.createDirectories(names.area());
        if (confirmed == 0) {
            disk.delete(part);
            handle = disk.openForWrite(part);
            // Both names must survive a power failure: the file's in the area, and the area's own.
            disk.forceDirectory(names.area());
            disk.forceDirectory(names.root());
            return;
        }
        long size = Math.max(0, disk.fileSize(part));
        if (size < confirmed) {
            throw new SessionException.IntegrityFailure("the unfinished file " + part + " has " + size + " octets, but " + confirmed
                    + " were confirmed: it was changed from outside; cancel the session and send again");
        }
        // A death between its mode and its record may have left it with a mode that forbids writing.
        disk.setAttributes(part, 0, OURS);
        handle = disk.openForWrite(part);
        handle.truncate(confirmed);
    }

    /// Writes what follows. Pages of zeros stay holes where nothing was written before.
    public void write(long offset, ByteBuffer page) throws IOException {
        if (!isZero(page)) {
            handle().write(offset, page);
        }
    }

    /// Cuts off what turned out to be wrong.
    public void truncate(long size) throws IOException {
        handle().truncate(size);
    }

    /// Everything up to here was written: a hole at the end gets its length.
    public void extend(long size) throws IOException {
        handle().extend(size);
    }

    public void force() throws IOException {
        handle().force();
    }

    /// Gives the complete file its time and mode, makes all of it durable and closes it.
    ///
    /// @return its stamp
    public String finish(long modifiedNanos, int mode, Disk.Round round) throws IOException {
        disk.setAttributes(part, modifiedNanos, mode);
        round.file(handle());
        close();
        return stamp();
    }

    /// Writes all of a small file under its temporary name.
    public String writeWhole(List<ByteBuffer> content, long modifiedNanos, int mode, Disk.Round round) throws IOException {
        disk.delete(part);
        handle = disk.openForWrite(part);
        long at = 0;
        for (var page : content) {
            handle.write(at, page.duplicate());
            at += page.remaining();
        }
        return finish(modifiedNanos, mode, round);
    }

    public String writeLink(String to) throws IOException {
        disk.delete(part);
        disk.createLink(part, to);
        return stamp();
    }

    private String stamp() throws IOException {
        return disk.entry(part).map(Disk.Entry::stamp).orElse("");
    }

    /// Deletes the unfinished files of a session.
    ///
    /// @param root where it receives
    public static void discardAll(Disk disk, Path root, long session) throws IOException {
        var area = root.resolve(SafePath.STATE_AREA);
        if (disk.entry(area).isEmpty()) {
            return;
        }
        for (var part : disk.list(area)) {
            var name = String.valueOf(part.getFileName());
            if (name.startsWith(session + "-") && name.endsWith(".part")) {
                disk.delete(part);
            }
        }
    }

    public void discard() throws IOException {
        close();
        disk.delete(part);
    }

    @Override
    public void close() throws IOException {
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }

    private Disk.Handle handle() {
        if (handle == null) {
            throw new IllegalStateException("the target is not open");
        }
        return handle;
    }

    static boolean isZero(ByteBuffer page) {
        int at = page.position();
        for (; at + Long.BYTES <= page.limit(); at += Long.BYTES) {
            if (page.getLong(at) != 0) {
                return false;
            }
        }
        for (; at < page.limit(); at++) {
            if (page.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String shortHash(String name) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.parley.transfer.file;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file that is being received. It grows under a temporary name in the state area of the root and gets its own name only when it is
/// complete, verified and forced.
public final class Target implements AutoCloseable {
    /// What happens when a file of that name is there already.
    public enum OnExists {
        FAIL,
        REPLACE,
        RENAME
    }

    private final Disk disk;
    private final Path root;
    private final Path path;
    private final Path area;
    private final Path part;
    private Disk.@Nullable Handle handle;

    public Target(Disk disk, Path root, long session, String name) {
        this.disk = disk;
        this.root = root;
        this.path = SafePath.resolve(root, name);
        this.area = root.resolve(SafePath.STATE_AREA);
        this.part = area.resolve(session + "-" + shortHash(name) + ".part");
    }

    public boolean exists() throws IOException {
        return disk.exists(path);
    }

    /// Opens the temporary file and cuts off what was never confirmed.
    ///
    /// @throws SessionException.IntegrityFailure when it is shorter than what was confirmed: somebody changed it
    public void open(long confirmed) throws IOException {
        disk.createDirectories(area);
        handle = disk.openForWrite(part);
        if (handle.size() < confirmed) {
            throw new SessionException.IntegrityFailure("the unfinished file " + part + " has " + handle.size() + " octets, but " + confirmed
                    + " were confirmed: it was changed from outside; cancel the session and send again");
        }
        handle.truncate(confirmed);
        if (confirmed == 0) {
            // Both names must survive a power failure: the file's in the area, and the area's own.
            disk.forceDirectory(area);
            disk.forceDirectory(root);
        }
    }

    public void write(long offset, ByteBuffer bytes) throws IOException {
        handle().write(offset, bytes);
    }

    public int read(long offset, ByteBuffer into) throws IOException {
        return handle().read(offset, into);
    }

    public void force() throws IOException {
        handle().force();
    }

    /// Gives the complete file its name, mode and time; durable on return. After a crash in the middle it can be done again.
    ///
    /// @return the path it got, which differs from the one asked for under [OnExists#RENAME]
    public Path complete(OnExists onExists, long modifiedMillis, int mode) throws IOException {
        handle().force();
        close();
        disk.setAttributes(part, modifiedMillis, mode);
        var end = onExists == OnExists.RENAME ? free() : path;
        if (onExists == OnExists.FAIL && disk.exists(end)) {
            throw new SessionException.Refused(end.getFileName() + " exists already: use --on-exists replace or rename");
        }
        var parent = Objects.requireNonNull(end.toAbsolutePath().getParent());
        disk.createDirectories(parent);
        // The way to the new name must be durable before the rename: after a power failure the file has the old name or the new one, and
        // both can be found.
        for (@Nullable Path folder = parent; folder != null && folder.startsWith(root.toAbsolutePath()); folder = folder.getParent()) {
            disk.forceDirectory(folder);
        }
        disk.move(part, end);
        disk.forceDirectory(parent);
        disk.forceDirectory(area);
        return end;
    }

    /// True when the rename of [#complete] happened: the temporary file is gone and a file of this size has the name.
    public boolean isInPlace(long size) throws IOException {
        return !disk.exists(part) && disk.fileSize(path) == size;
    }

    /// Deletes the unfinished files of a session, in the state areas of this root and of the folders below it.
    public static void discardAll(Path root, long session) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (var areas = Files.find(root, Integer.MAX_VALUE, (p, a) -> a.isDirectory() && p.endsWith(SafePath.STATE_AREA))) {
            for (var area : areas.toList()) {
                try (var parts = Files.newDirectoryStream(area, session + "-*.part")) {
                    for (var part : parts) {
                        Files.delete(part);
                    }
                }
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

    private Path free() throws IOException {
        var candidate = path;
        for (int i = 1; disk.exists(candidate); i++) {
            candidate = path.resolveSibling(path.getFileName() + "." + i);
        }
        return candidate;
    }

    private Disk.Handle handle() {
        if (handle == null) {
            throw new IllegalStateException("the target is not open");
        }
        return handle;
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

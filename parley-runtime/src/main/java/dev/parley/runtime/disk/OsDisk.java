package dev.parley.runtime.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The disk of the operating system.
public final class OsDisk implements Disk {
    @Override
    public Handle openForWrite(Path file) throws IOException {
        return new OsHandle(file, FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public Handle openForRead(Path file) throws IOException {
        return new OsHandle(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void moveNew(Path from, Path to) throws IOException {
        if (!NewName.rename(from, to)) {
            // It is taken, or the system cannot do it in one step, or it says why when it is asked in the usual way.
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(to.toString());
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public Optional<Entry> entry(Path path) throws IOException {
        try {
            var found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            var kind = found.isSymbolicLink() ? Entry.Kind.LINK
                    : found.isDirectory() ? Entry.Kind.FOLDER : found.isRegularFile() ? Entry.Kind.FILE : Entry.Kind.OTHER;
            // `(dev=10301,ino=123)`: the number of a device may change when the system starts again.
            var key = String.valueOf(found.fileKey());
            var number = key.substring(key.indexOf("ino=") + 4);
            return Optional.of(new Entry(kind, found.size() + " " + found.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " " + number));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    @Override
    public long fileSize(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : -1;
    }

    @Override
    public void setAttributes(Path file, long modifiedNanos, int mode) throws IOException {
        // The view that does not follow links changes the mode of what a link leads to all the same.
        if (Files.isSymbolicLink(file)) {
            throw new IOException(file + " is a symbolic link");
        }
        var posix = mode < 0 ? null : Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (posix != null) {
            var permissions = EnumSet.noneOf(PosixFilePermission.class);
            for (var permission : PosixFilePermission.values()) {
                if ((mode & (0400 >> permission.ordinal())) != 0) {
                    permissions.add(permission);
                }
            }
            posix.setPermissions(permissions);
        }
        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(modifiedNanos, TimeUnit.NANOSECONDS), null, null);
    }

    @Override
    public void createLink(Path link, String target) throws IOException {
        Files.createSymbolicLink(link, link.getFileSystem().getPath(target));
    }

    @Override
    public Round round(Path folder) throws IOException {
        return FileSystemRound.isAvailable() ? new FileSystemRound(folder) : Disk.super.round(folder);
    }

    private record OsHandle(Path file, FileChannel channel) implements Handle {
        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int size = channel.read(target, position + total);
                if (size < 0) {
                    break;
                }
                total += size;
            }
            return total;
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void forceAll() throws IOException {
            channel.force(true);
        }

        @Override
        public void extend(long size) throws IOException {
            if (channel.size() < size) {
                // A channel cannot do this.
                try (var access = new RandomAccessFile(file.toFile(), "rw")) {
                    access.setLength(size);
                }
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

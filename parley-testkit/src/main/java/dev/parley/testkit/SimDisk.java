package dev.parley.testkit;

import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A disk in memory that outlives processes. It knows what was forced: after [#crash] a random part of the rest is gone, names as well as
/// content. Its programs are not root: a file without the owner's right is not opened for writing. It can fail at its n-th operation; a failed
/// force loses the data, as it does on real systems.
public final class SimDisk {
    /// A change of names: one entry appears, one goes; both at once for a rename.
    private record NameChange(@Nullable Path gone, @Nullable Path come, @Nullable SimFile file, boolean folder) {}

    private final Random random;
    private final Map<Path, SimFile> files = new HashMap<>();
    private final Map<Path, SimFile> stableFiles = new HashMap<>();
    private final Set<Path> folders = new HashSet<>();
    private final Set<Path> stableFolders = new HashSet<>();
    /// Folders that were made here, in contrast to the roots.
    private final Set<Path> made = new HashSet<>();
    private final List<NameChange> unforced = new ArrayList<>();
    private long numbers;
    private long operations;
    private long failAt = Long.MAX_VALUE;
    private String failure = "";

    /// @param roots folders that exist and are stable
    public SimDisk(Random random, Path... roots) {
        this.random = random;
        for (var root : roots) {
            folders.add(root);
            stableFolders.add(root);
        }
    }

    /// The disk as one process sees it. Its handles die with the process.
    public Disk seenBy(SimProcess process) {
        return new View(process);
    }

    /// The n-th operation from now (1 is the next one) that could fail in this way does: `ENOSPC` only where something is stored.
    public void failAt(long n, String how) {
        failAt = operations + n;
        failure = how;
    }

    public boolean hasFailed() {
        return operations >= failAt;
    }

    public long operations() {
        return operations;
    }

    /// The power goes: what was not forced is lost in part. The processes that use the disk must be killed before.
    public void crash() {
        for (var change : unforced) {
            if (random.nextBoolean()) {
                apply(change, stableFiles, stableFolders);
            }
        }
        unforced.clear();
        files.clear();
        folders.clear();
        folders.addAll(stableFolders);
        folders.removeIf(folder -> !reachable(folder));
        stableFiles.keySet().removeIf(file -> !folders.contains(parent(file)));
        files.putAll(stableFiles);
        stableFolders.retainAll(folders);
        Set.copyOf(files.values()).forEach(file -> file.crash(random));
    }

    /// A folder without its parent cannot be found any more. Roots have parents that are not on this disk.
    private boolean reachable(Path folder) {
        var above = folder.getParent();
        return !made.contains(folder) || above != null && stableFolders.contains(above) && reachable(above);
    }

    public Optional<byte[]> content(Path file) {
        return Optional.ofNullable(files.get(file)).map(SimFile::content);
    }

    public Set<Path> files() {
        return Set.copyOf(files.keySet());
    }

    public Set<Path> folders() {
        return Set.copyOf(folders);
    }

    /// When the file was changed, in nanoseconds since 1970, as a program said it.
    public long modifiedNanos(Path file) {
        return Optional.ofNullable(files.get(file)).map(found -> found.modifiedNanos).orElse(-1L);
    }

    /// Puts a file there that is stable already, and so is its folder.
    public void put(Path file, byte[] content, long modifiedNanos) {
        var stable = new SimFile();
        stable.write(0, ByteBuffer.wrap(content));
        stable.force();
        stable.modifiedNanos = modifiedNanos;
        stable.number = ++numbers;
        files.put(file, stable);
        stableFiles.put(file, stable);
        var folder = file.getParent();
        if (folder != null && !made.contains(folder)) {
            folders.add(folder);
            stableFolders.add(folder);
        }
    }

    private void operation(SimProcess process, boolean stores) throws IOException {
        process.operation();
        if (operations + 1 == failAt && failure.equals("ENOSPC") && !stores) {
            failAt++;
        }
        operations++;
        if (operations == failAt) {
            process.world().trace(failure + " at operation " + operations);
            throw new IOException(failure.equals("ENOSPC") ? "No space left on device" : "Input/output error");
        }
    }

    private void change(NameChange change) {
        apply(change, files, folders);
        unforced.add(change);
    }

    private static void apply(NameChange change, Map<Path, SimFile> files, Set<Path> folders) {
        if (change.gone() != null) {
            files.remove(change.gone());
        }
        if (change.come() != null && change.folder()) {
            folders.add(change.come());
        } else if (change.come() != null && change.file() != null) {
            files.put(change.come(), change.file());
        }
    }

    private static @Nullable Path parent(@Nullable Path path) {
        return path == null ? null : path.getParent();
    }

    private SimFile existing(Path file) throws IOException {
        var found = files.get(file);
        if (found == null) {
            throw new NoSuchFileException(file.toString());
        }
        return found;
    }

    private final class View implements Disk {
        private final SimProcess process;

        View(SimProcess process) {
            this.process = process;
        }

        @Override
        public Handle openForWrite(Path file) throws IOException {
            operation(process, true);
            if (!folders.contains(parent(file))) {
                throw new NoSuchFileException(file.toString());
            }
            var found = files.get(file);
            if (found == null) {
                found = new SimFile();
                found.number = ++numbers;
                change(new NameChange(null, file, found, false));
            }
            if (found.link || (found.mode & 0200) == 0) {
                throw new AccessDeniedException(file.toString());
            }
            return new Open(process, found, true);
        }

        @Override
        public Handle openForRead(Path file) throws IOException {
            operation(process, false);
            return new Open(process, existing(file), false);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            operation(process, true);
            var moved = existing(from);
            if (!folders.contains(parent(to))) {
                throw new NoSuchFileException(to.toString());
            }
            if (folders.contains(to)) {
                throw new IOException(to + ": Is a directory");
            }
            change(new NameChange(from, to, moved, false));
        }

        @Override
        public void moveNew(Path from, Path to) throws IOException {
            if (files.containsKey(to) || folders.contains(to)) {
                operation(process, false);
                throw new FileAlreadyExistsException(to.toString());
            }
            move(from, to);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            operation(process, false);
            for (var change : List.copyOf(unforced)) {
                if (directory.equals(parent(change.gone())) || directory.equals(parent(change.come()))) {
                    apply(change, stableFiles, stableFolders);
                    unforced.remove(change);
                }
            }
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            operation(process, true);
            var missing = Stream.iterate(directory, path -> path != null && !folders.contains(path), SimDisk::parent).toList();
            if (parent(missing.isEmpty() ? directory : missing.getLast()) == null) {
                throw new NoSuchFileException(directory.toString());
            }
            for (var folder : missing.reversed()) {
                if (files.containsKey(folder)) {
                    throw new FileAlreadyExistsException(String.valueOf(folder));
                }
                made.add(folder);
                change(new NameChange(null, folder, null, true));
            }
        }

        @Override
        public void delete(Path file) throws IOException {
            operation(process, false);
            if (files.containsKey(file)) {
                change(new NameChange(file, null, null, false));
            }
        }

        @Override
        public Optional<Entry> entry(Path path) throws IOException {
            operation(process, false);
            if (folders.contains(path)) {
                return Optional.of(new Entry(Entry.Kind.FOLDER, ""));
            }
            return Optional.ofNullable(files.get(path)).map(file -> new Entry(
                    file.link ? Entry.Kind.LINK : Entry.Kind.FILE, file.size() + " " + file.modifiedNanos + " " + file.number));
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            operation(process, false);
            return Stream.concat(files.keySet().stream(), folders.stream()).filter(path -> directory.equals(parent(path))).sorted().toList();
        }

        @Override
        public long fileSize(Path file) throws IOException {
            operation(process, false);
            var found = files.get(file);
            return found == null ? -1 : found.size();
        }

        @Override
        public void createLink(Path link, String target) throws IOException {
            operation(process, true);
            if (files.containsKey(link) || folders.contains(link)) {
                throw new FileAlreadyExistsException(link.toString());
            }
            var made = new SimFile();
            made.number = ++numbers;
            made.link = true;
            made.write(0, ByteBuffer.wrap(target.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            made.force();
            change(new NameChange(null, link, made, false));
        }

        @Override
        public void setAttributes(Path file, long modifiedNanos, int mode) throws IOException {
            operation(process, true);
            if (folders.contains(file)) {
                return;
            }
            var found = existing(file);
            if (found.link) {
                throw new IOException(file + " is a symbolic link");
            }
            found.modifiedNanos = modifiedNanos;
            found.mode = mode < 0 ? found.mode : mode;
        }
    }

    private final class Open implements Disk.Handle {
        private final SimProcess process;
        private final SimFile file;
        private final boolean writable;
        private boolean closed;

        Open(SimProcess process, SimFile file, boolean writable) {
            this.process = process;
            this.file = file;
            this.writable = writable;
        }

        private void begin(boolean stores) throws IOException {
            operation(process, stores);
            if (closed || stores && !writable) {
                throw new java.nio.channels.ClosedChannelException();
            }
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            begin(false);
            return file.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            try {
                begin(true);
            } catch (IOException e) {
                // A full disk takes a part of it.
                if (writable && !closed) {
                    file.write(position, source.slice(source.position(), random.nextInt(source.remaining() + 1)));
                }
                throw e;
            }
            file.write(position, source);
        }

        @Override
        public void force() throws IOException {
            try {
                begin(true);
            } catch (IOException e) {
                file.loseUnforced();
                throw e;
            }
            file.force();
        }

        @Override
        public void forceAll() throws IOException {
            force();
        }

        @Override
        public void extend(long size) throws IOException {
            begin(true);
            file.extend(size);
        }

        @Override
        public void truncate(long size) throws IOException {
            begin(true);
            file.truncate(size);
        }

        @Override
        public long size() throws IOException {
            begin(false);
            return file.size();
        }

        @Override
        public void close() throws IOException {
            closed = true;
        }
    }
}

package dev.parley.runtime.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Collection;

/// Forces a whole file system with one call, which Java has no method for: `syncfs` of Linux. The descriptor is opened before the first write,
/// because the kernel reports only what failed since then (Linux 5.8 or later; older ones report nothing, so they are not trusted here).
final class FileSystemRound implements Disk.Round {
    private static final SystemCall OPEN = SystemCall.of("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final SystemCall SYNC = SystemCall.of("syncfs", ValueLayout.JAVA_INT);
    private static final SystemCall CLOSE = SystemCall.of("close", ValueLayout.JAVA_INT);

    private final Path folder;
    private final int descriptor;

    FileSystemRound(Path folder) throws IOException {
        this.folder = folder;
        try (var arena = Arena.ofConfined()) {
            descriptor = OPEN.call(arena.allocateFrom(folder.toString()), 0);
        }
        if (descriptor < 0) {
            throw new IOException("the folder " + folder + " cannot be opened");
        }
    }

    static boolean isAvailable() {
        return OPEN.isThere() && SYNC.isThere() && CLOSE.isThere() && reportsFailures(System.getProperty("os.version", ""));
    }

    /// True from version 5.8 on.
    static boolean reportsFailures(String kernel) {
        var parts = kernel.split("[^0-9]+", 3);
        try {
            int major = Integer.parseInt(parts[0]);
            return major > 5 || major == 5 && Integer.parseInt(parts[1]) >= 8;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return false;
        }
    }

    @Override
    public void file(Disk.Handle written) {
        // With all the others.
    }

    @Override
    public void force(Collection<Path> folders) throws IOException {
        if (SYNC.call(descriptor) != 0) {
            throw new IOException("the file system of " + folder + " could not be forced");
        }
    }

    @Override
    public void close() throws IOException {
        CLOSE.call(descriptor);
    }
}

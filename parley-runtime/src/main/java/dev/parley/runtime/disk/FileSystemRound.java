package dev.parley.runtime.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Forces a whole file system with one call, which Java has no method for: `syncfs` of Linux. The descriptor is opened before the first write,
/// because the kernel reports only what failed since then (Linux 5.8 or later; older ones report nothing, so they are not trusted here).
final class FileSystemRound implements Disk.Round {
    private static final @Nullable MethodHandle OPEN = function("open", FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle SYNC = function("syncfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle CLOSE = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Path folder;
    private final int descriptor;

    FileSystemRound(Path folder) throws IOException {
        this.folder = folder;
        try (var arena = Arena.ofConfined()) {
            descriptor = call(OPEN, arena.allocateFrom(folder.toString()), 0);
        }
        if (descriptor < 0) {
            throw new IOException("the folder " + folder + " cannot be opened");
        }
    }

    static boolean isAvailable() {
        return OPEN != null && SYNC != null && CLOSE != null && reportsFailures(System.getProperty("os.version", ""));
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
        if (call(SYNC, descriptor) != 0) {
            throw new IOException("the file system of " + folder + " could not be forced");
        }
    }

    @Override
    public void close() throws IOException {
        call(CLOSE, descriptor);
    }

    private static int call(@Nullable MethodHandle function, Object... arguments) throws IOException {
        if (function == null) {
            throw new IOException("the system has no such function");
        }
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IOException("a call of the system failed", e);
        }
    }

    @SuppressWarnings("restricted")
    private static @Nullable MethodHandle function(String name, FunctionDescriptor type) {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")) {
            return null;
        }
        var linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map((MemorySegment address) -> linker.downcallHandle(address, type)).orElse(null);
    }
}

package dev.parley.runtime.disk;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// A function of Linux that Java has no method for. Elsewhere it is not there.
record SystemCall(Optional<MethodHandle> handle) {
    /// A function that returns an int.
    @SuppressWarnings("restricted")
    static SystemCall of(String name, MemoryLayout... arguments) {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")) {
            return new SystemCall(Optional.empty());
        }
        var linker = Linker.nativeLinker();
        return new SystemCall(linker.defaultLookup().find(name).map((MemorySegment address) ->
                linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments))));
    }

    boolean isThere() {
        return handle.isPresent();
    }

    int call(Object... arguments) throws IOException {
        if (handle.isEmpty()) {
            throw new IOException("the system has no such function");
        }
        try {
            return (int) handle.get().invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IOException("a call of the system failed", e);
        }
    }
}

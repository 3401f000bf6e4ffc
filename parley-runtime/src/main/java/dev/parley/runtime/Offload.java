package dev.parley.runtime;

import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Runs blocking work (disk, store) away from a loop.
public interface Offload {
    /// Runs the work in the order of submission, one piece at a time, then calls `done` on the loop with the result or the failure. Exactly one
    /// of its arguments is null, except that a result may be null too.
    <T extends @Nullable Object> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> done);
}

package dev.parley.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Runs the tasks of one connection one at a time, in order; the only source of time for the engines. The real one is a virtual thread
/// with a bounded mailbox, the simulated one a queue in virtual time.
public interface Loop {
    /// Nanoseconds on a clock that only moves forward.
    long nanoTime();

    /// Milliseconds since 1970, for records that people read.
    long wallMillis();

    /// Runs the task on this loop, after what is queued already. May be called from any thread.
    void execute(Runnable task);

    /// Runs the task on this loop after the delay, unless cancelled.
    Timer schedule(Duration delay, Runnable task);

    /// Runs blocking work (disk, store) away from the loop, work of one loop in the order of submission, then calls `done` on the loop with
    /// the result or the failure. Exactly one of its arguments is null, except that a result may be null too.
    <T extends @Nullable Object> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> done);

    /// A scheduled task.
    interface Timer {
        /// Cancelling twice, or after the task ran, is harmless.
        void cancel();
    }
}

package dev.parley.runtime;

import java.time.Duration;

/// Runs the tasks of one connection one at a time, in order; the only source of time for the engines. The real one
/// borrows a thread while there is something to do, the simulated one is a queue in virtual time.
public interface Loop extends Offload {
    /// Nanoseconds on a clock that only moves forward.
    long nanoTime();

    /// Milliseconds since 1970, for records that people read.
    long wallMillis();

    /// Runs the task on this loop, after what is queued already. May be called from any thread.
    void execute(Runnable task);

    /// Runs the task on this loop after the delay, unless cancelled.
    Timer schedule(Duration delay, Runnable task);

    /// A further order of work beside that of this loop's own [#offload]: its pieces wait for each other, but not for those. What is done there
    /// must bear to be done at the same time as those.
    Offload beside();

    /// A scheduled task.
    interface Timer {
        /// Cancelling twice, or after the task ran, is harmless.
        void cancel();
    }
}

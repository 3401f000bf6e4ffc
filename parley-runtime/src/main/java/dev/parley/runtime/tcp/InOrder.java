package dev.parley.runtime.tcp;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Runs tasks on borrowed threads, one at a time, in the order in which they came.
final class InOrder implements Executor {
    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean stopped;

    InOrder(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        if (begins(task)) {
            threads.execute(this::runAll);
        }
    }

    /// As [#execute], but on this thread when no other is at it; then this one also runs what comes meanwhile.
    void executeHere(Runnable task) {
        if (begins(task)) {
            runAll();
        }
    }

    /// As [#executeHere], but what comes meanwhile is left to a borrowed thread: this one has something else to do.
    void executeOneHere(Runnable task) {
        if (begins(task)) {
            Objects.requireNonNull(next()).run();
            if (hasMore()) {
                threads.execute(this::runAll);
            }
        }
    }

    private boolean hasMore() {
        synchronized (waiting) {
            running = !waiting.isEmpty();
            return running;
        }
    }

    /// Whether the caller has to see to it that the tasks run.
    private boolean begins(Runnable task) {
        synchronized (waiting) {
            if (stopped) {
                throw new RejectedExecutionException("the loop has been stopped");
            }
            waiting.add(task);
            boolean begins = !running;
            running = true;
            return begins;
        }
    }

    /// What waits is still run; nothing new is taken.
    void stop() {
        synchronized (waiting) {
            stopped = true;
        }
    }

    private void runAll() {
        for (var task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            var task = waiting.poll();
            running = task != null;
            return task;
        }
    }
}

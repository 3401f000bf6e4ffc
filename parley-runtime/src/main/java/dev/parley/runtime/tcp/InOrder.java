package dev.parley.runtime.tcp;

import java.util.ArrayDeque;
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
        synchronized (waiting) {
            if (stopped) {
                throw new RejectedExecutionException("the loop has been stopped");
            }
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        threads.execute(this::runAll);
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

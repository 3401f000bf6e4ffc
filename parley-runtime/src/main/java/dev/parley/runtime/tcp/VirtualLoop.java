package dev.parley.runtime.tcp;

import dev.parley.runtime.Loop;
import dev.parley.runtime.Offload;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The real [Loop]: a virtual thread runs the tasks, or the one that brings them where no other is at it: who reads from the network, who did
/// offloaded work. Offloaded work goes to platform threads, in order: work on a disk would hold the few carriers of virtual threads, and the
/// network with them. [#stop] ends both.
public final class VirtualLoop implements Loop {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parley-clock").factory());

    /// As many threads as there are loops with work to do at this moment; an idle one goes after a minute.
    private static final ExecutorService WORKERS = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("parley-work-", 0).factory());

    private final InOrder tasks;
    private final InOrder work = new InOrder(WORKERS);
    private final InOrder besides = new InOrder(WORKERS);
    private final boolean platform;
    private volatile Consumer<Throwable> broken = _ -> {};

    /// For one of many connections.
    public VirtualLoop(String name) {
        this(task -> Thread.ofVirtual().name(name).start(task), false);
    }

    private VirtualLoop(Executor threads, boolean platform) {
        this.tasks = new InOrder(threads);
        this.platform = platform;
    }

    /// For the only connection of a process, or one of few: with platform threads only. A process that had virtual threads waiting for sockets
    /// ends 0.3 s later, since Java gives the thread that waits on behalf of them so long to come back.
    public static VirtualLoop onPlatformThreads() {
        return new VirtualLoop(WORKERS, true);
    }

    /// Threads for those who wait for the socket of this loop.
    Thread.Builder threads() {
        return platform ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public void execute(Runnable task) {
        runs(task, tasks::execute);
    }

    /// As [#execute], but on this thread when no task is being run: it saves waking another one.
    ///
    /// @return false when the loop was stopped, and the task will not run
    boolean executeHere(Runnable task) {
        return runs(task, tasks::executeHere);
    }

    /// @return false when the loop was stopped: the connection is over, and nobody waits for the task any more
    private boolean runs(Runnable task, Executor way) {
        try {
            way.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return later(delay, () -> execute(task));
    }

    @Override
    public <T extends @Nullable Object> void offload(Callable<T> job, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        offload(work, job, done);
    }

    @Override
    public Offload beside() {
        return new Offload() {
            @Override
            public <T extends @Nullable Object> void offload(Callable<T> job, BiConsumer<@Nullable T, @Nullable Throwable> done) {
                VirtualLoop.this.offload(besides, job, done);
            }
        };
    }

    private <T extends @Nullable Object> void offload(
            InOrder order, Callable<T> job, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        runs(() -> {
            try {
                T result = job.call();
                runs(() -> done.accept(result, null), tasks::executeOneHere);
            } catch (Throwable failure) {
                runs(() -> done.accept(null, failure), tasks::executeOneHere);
            }
        }, order);
    }

    /// @param told when a task failed in a way that nobody expected: what it had to do is half done
    void whenBroken(Consumer<Throwable> told) {
        broken = told;
    }

    /// Runs a short task later, on the clock's own thread.
    static Timer later(Duration delay, Runnable task) {
        var future = CLOCK.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /// Lets what is queued finish, takes nothing new.
    public void stop() {
        work.stop();
        besides.stop();
        tasks.stop();
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                var thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
                broken.accept(e);
            }
        };
    }
}

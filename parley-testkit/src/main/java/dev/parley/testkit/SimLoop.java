package dev.parley.testkit;

import dev.parley.runtime.Loop;
import dev.parley.runtime.Offload;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [Loop] in virtual time. Tasks keep their order; what several loops do is interleaved by chance. Offloaded work is done in order, each
/// piece after a delay by chance.
final class SimLoop implements Loop {
    private static final long LONGEST_WAIT_NANOS = 20_000;

    private final SimWorld world;
    private final SimProcess process;
    private long lastTask;
    private final Order work;
    private final Order besides;

    SimLoop(SimWorld world, SimProcess process) {
        this.world = world;
        this.process = process;
        this.work = new Order(process::slowestWork);
        this.besides = new Order(process::slowestBeside);
    }

    SimProcess process() {
        return process;
    }

    @Override
    public long nanoTime() {
        return world.nanoTime();
    }

    @Override
    public long wallMillis() {
        return world.wallMillis();
    }

    @Override
    public void execute(Runnable task) {
        lastTask = Math.max(lastTask, world.nanoTime() + world.random().nextLong(LONGEST_WAIT_NANOS));
        world.post(lastTask, process, task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        var cancelled = new boolean[1];
        world.post(world.nanoTime() + delay.toNanos(), process, () -> execute(() -> {
            if (!cancelled[0]) {
                task.run();
            }
        }));
        return () -> cancelled[0] = true;
    }

    @Override
    public <T extends @Nullable Object> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        this.work.offload(work, done);
    }

    @Override
    public Offload beside() {
        return besides;
    }

    private final class Order implements Offload {
        private final Supplier<Duration> slowest;
        private long last;

        private Order(Supplier<Duration> slowest) {
            this.slowest = slowest;
        }

        @Override
        public <T extends @Nullable Object> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> done) {
            last = Math.max(last, world.nanoTime()) + world.chance(slowest.get()).toNanos();
            world.post(last, process, () -> {
                try {
                    T result = work.call();
                    execute(() -> done.accept(result, null));
                } catch (SimProcess.Killed killed) {
                    throw killed;
                } catch (Throwable failure) {
                    execute(() -> done.accept(null, failure));
                }
            });
        }
    }
}

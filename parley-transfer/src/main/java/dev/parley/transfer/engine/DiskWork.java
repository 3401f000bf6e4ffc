package dev.parley.transfer.engine;

import dev.parley.runtime.Loop;
import dev.parley.runtime.Offload;
import dev.parley.session.connection.Lease;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The disk and the journal of one receiving side, away from the loop and under the lease, in two orders of work: what arrives is written in the
/// one while in the other becomes durable what was written before. Used on the loop.
final class DiskWork {
    private final Offload writing;
    private final Offload forcing;
    private final Lease lease;
    private final HeldOctets held;
    private int jobs;
    private volatile @Nullable Exception broken;

    DiskWork(Loop loop, Lease lease, HeldOctets held) {
        this.writing = loop;
        this.forcing = loop.beside();
        this.lease = lease;
        this.held = held;
    }

    boolean isBusy() {
        return jobs > 0;
    }

    /// @param octets what is held for it until it is done or failed
    <T> void write(Callable<T> job, int octets, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        run(writing, job, octets, done);
    }

    <T> void force(Callable<T> job, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        run(forcing, job, 0, done);
    }

    private <T> void run(Offload order, Callable<T> job, int octets, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        jobs++;
        order.<T>offload(() -> {
            try {
                return lease.with(() -> unlessBroken(job));
            } finally {
                held.remove(octets);
            }
        }, (result, failure) -> {
            jobs--;
            done.accept(result, failure);
        });
    }

    /// What waits behind a failed piece of work must not be done: it would confirm on top of what is missing. It fails as that did.
    private <T> T unlessBroken(Callable<T> job) throws Exception {
        var earlier = broken;
        if (earlier != null) {
            throw earlier;
        }
        try {
            return job.call();
        } catch (Exception failure) {
            broken = failure;
            throw failure;
        } catch (Throwable failure) {
            broken = new IOException("an earlier piece of work failed", failure);
            throw failure;
        }
    }
}

package dev.parley.netbios.verbs;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// A verb that was begun without waiting for it: what the bit 80 of a command code is in the original interface.
public final class Pending<T> {
    static final ScopedValue<Pending<?>> CURRENT = ScopedValue.newInstance();

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;
    private boolean fixed;

    Pending(Supplier<T> verb) {
        thread = Thread.ofVirtual().name("netbios-verb").unstarted(() -> ScopedValue.where(CURRENT, this).run(() -> {
            try {
                result.complete(verb.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }));
    }

    Pending<T> start() {
        thread.start();
        return this;
    }

    /// From here on the verb under way, if it was begun so, can no more be cancelled.
    static void cannotBeCancelled() {
        if (CURRENT.isBound()) {
            CURRENT.get().fix();
        }
    }

    private synchronized void fix() {
        fixed = true;
    }

    /// False is what the original calls FF, pending.
    public boolean isDone() {
        return result.isDone();
    }

    /// Waits for the verb.
    ///
    /// @throws VerbFailed when the verb did; `CANCELLED` also when the thread that waits is interrupted, which leaves the verb under way
    public T await() {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VerbFailed failed) {
                throw new VerbFailed(failed.code(), "the pending verb", failed.session(), failed);
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerbFailed(ReturnCode.CANCELLED, "the wait for a pending verb", 0, e);
        }
    }

    /// CANCEL: the verb fails with `CANCELLED`.
    ///
    /// @throws VerbFailed `NOT_CANCELLABLE` or `COMPLETED_DURING_CANCEL`
    public synchronized void cancel() {
        if (result.isDone()) {
            throw new VerbFailed(ReturnCode.COMPLETED_DURING_CANCEL, "cancel");
        }
        if (fixed) {
            throw new VerbFailed(ReturnCode.NOT_CANCELLABLE, "cancel");
        }
        thread.interrupt();
    }
}

package dev.parley.netbios.verbs;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// SEND with its time-out, which ends the session.
final class Sending {
    private Sending() {}

    static void send(SessionTable sessions, SessionTable.Entry entry, ByteBuffer first, ByteBuffer second) {
        Pending.cannotBeCancelled();
        var watch = entry.sendWait.isZero() ? CompletableFuture.completedFuture(false) : watch(entry, entry.sendWait);
        try {
            entry.session.send(first, second);
        } catch (SessionException e) {
            var code = watch.getNow(false) && !entry.sendWait.isZero() ? ReturnCode.TIMED_OUT : Codes.ofSend(e);
            if (code != ReturnCode.BAD_LENGTH) {
                sessions.remove(entry);
            }
            throw new VerbFailed(code, "send to session " + entry.number, entry.number, e);
        } finally {
            watch.complete(false);
        }
    }

    /// Becomes true when the time was over before the message was out.
    private static CompletableFuture<Boolean> watch(SessionTable.Entry entry, Duration wait) {
        var late = new CompletableFuture<Boolean>();
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task)).execute(() -> {
            if (late.complete(true)) {
                entry.session.abort("a message was not taken within " + wait.toMillis() + " ms");
            }
        });
        return late;
    }
}

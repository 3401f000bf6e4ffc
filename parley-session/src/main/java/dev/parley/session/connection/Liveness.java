package dev.parley.session.connection;

import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.runtime.Loop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Notices that the peer is gone: a sign of life as typed data in every third of the keepalive time, and the end after a whole one of
/// silence. While this side works on its own, silence means nothing: the peer may not be allowed to send.
public final class Liveness {
    private static final byte ALIVE = 'k';

    private final Loop loop;
    private final SessionService service;
    private final Duration keepalive;
    private final BooleanSupplier busy;
    private final Runnable lost;
    private long heardAt;
    private Loop.@Nullable Timer timer;

    public Liveness(Loop loop, SessionService service, Duration keepalive, BooleanSupplier busy, Runnable lost) {
        this.loop = loop;
        this.service = service;
        this.keepalive = keepalive;
        this.busy = busy;
        this.lost = lost;
        heard();
        next();
    }

    public void heard() {
        heardAt = loop.nanoTime();
    }

    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void next() {
        timer = loop.schedule(keepalive.dividedBy(3), () -> {
            if (busy.getAsBoolean()) {
                heard();
            } else if (loop.nanoTime() - heardAt > keepalive.toNanos()) {
                lost.run();
                return;
            }
            try {
                service.request(new Request.TypedData(ByteBuffer.wrap(new byte[] {ALIVE})));
                service.flush();
            } catch (SessionException.OutOfSequence _) {
                // While a confirmation is outstanding nothing may be sent (Table 5); then the other side's signs of life count.
            }
            next();
        });
    }
}

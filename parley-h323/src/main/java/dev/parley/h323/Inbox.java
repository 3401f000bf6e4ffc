package dev.parley.h323;

import dev.parley.h323.machine.Event;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What waits for a call's thread, in order. There is room for so much from outside; what the call's own thread finds out needs none, so a
/// peer that floods the call cannot crowd it out.
final class Inbox {
    static final int MOST_FROM_OUTSIDE = 1000;

    /// Looked at on the call's thread: what a connection told that is not the call's any more is nothing.
    private final BlockingQueue<Supplier<Optional<Event>>> events = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_FROM_OUTSIDE, true);
    private volatile boolean closed;

    /// Waits when the call is busy: a peer that floods us is slowed down by TCP.
    void tell(Supplier<Optional<Event>> event) {
        try {
            while (!closed) {
                if (room.tryAcquire(1, TimeUnit.SECONDS)) {
                    add(withRoom(event));
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        var _ = event.get();
    }

    /// From threads that must not wait: left out when the call is busy.
    void offer(Event event) {
        if (room.tryAcquire()) {
            add(withRoom(() -> Optional.of(event)));
        }
    }

    private Supplier<Optional<Event>> withRoom(Supplier<Optional<Event>> event) {
        return () -> {
            room.release();
            return event.get();
        };
    }

    /// From the call's own thread, which must not wait for itself, and for the wish to end it at once.
    void own(Supplier<Optional<Event>> event) {
        add(event);
    }

    void own(Event event) {
        own(() -> Optional.of(event));
    }

    private void add(Supplier<Optional<Event>> event) {
        events.add(event);
        if (closed) {
            drain();
        }
    }

    /// Waits for the next one.
    Supplier<Optional<Event>> take() throws InterruptedException {
        return events.take();
    }

    /// Waits for it until a limit; empty when none came.
    Optional<Supplier<Optional<Event>>> take(long nanoseconds) throws InterruptedException {
        return Optional.ofNullable(events.poll(nanoseconds, TimeUnit.NANOSECONDS));
    }

    /// Nobody takes anything any more; what waits is looked at, so that a connection that came too late is closed by what brought it.
    void close() {
        closed = true;
        drain();
    }

    private void drain() {
        for (var late = events.poll(); late != null; late = events.poll()) {
            var _ = late.get();
        }
    }
}

package dev.parley.runtime.pace;

import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Security;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One connection that keeps to a pace: while what it sent is not paid for, its link is not writable; while what it received is not paid for,
/// it does not read. The directions wait apart, so that signs of life pass.
final class PacedHandler implements Link.Handler {
    /// Something is read at least so often: the peer is alive, and should be heard.
    private static final Duration MOST_DEAF = Duration.ofSeconds(5);

    private final Pace pace;
    private final Link.Handler handler;
    private final Loop loop;
    private @Nullable Link link;
    private boolean wantsReading = true;
    private boolean over;
    private final Wait sending = new Wait();
    private final Wait receiving = new Wait();

    PacedHandler(Pace pace, Link.Handler handler, Loop loop) {
        this.pace = pace;
        this.handler = handler;
        this.loop = loop;
    }

    /// One direction.
    private static final class Wait {
        private boolean on;
        private long until;
    }

    @Override
    public void opened(Link opened) {
        link = opened;
        handler.opened(new Paced(opened));
    }

    @Override
    public void received(ByteBuffer bytes) {
        take(receiving, bytes.remaining());
        handler.received(bytes);
    }

    @Override
    public void writable() {
        if (!sending.on) {
            handler.writable();
        }
    }

    @Override
    public void closed(String reason) {
        over = true;
        handler.closed(reason);
    }

    private void take(Wait wait, int octets) {
        var delay = pace.take(octets, loop.nanoTime());
        wait.until = loop.nanoTime() + delay.toNanos();
        if (!delay.isZero() && !wait.on) {
            wait.on = true;
            steer();
            schedule(wait, delay);
        }
    }

    private void schedule(Wait wait, Duration delay) {
        var most = wait == receiving && delay.compareTo(MOST_DEAF) > 0 ? MOST_DEAF : delay;
        loop.schedule(most, () -> paid(wait));
    }

    private void paid(Wait wait) {
        long left = wait.until - loop.nanoTime();
        if (wait == sending && left > 0 && !over) {
            // More was sent meanwhile.
            schedule(wait, Duration.ofNanos(left));
            return;
        }
        wait.on = false;
        steer();
        if (wait == sending && !over && link != null && link.isWritable()) {
            handler.writable();
        }
    }

    private void steer() {
        if (link != null && !over) {
            link.setReading(wantsReading && !receiving.on);
        }
    }

    /// The link as the handler sees it.
    private final class Paced implements Link {
        private final Link real;

        Paced(Link real) {
            this.real = real;
        }

        @Override
        public void write(ByteBuffer... buffers) {
            int size = 0;
            for (var buffer : buffers) {
                size += buffer.remaining();
            }
            real.write(buffers);
            take(sending, size);
        }

        @Override
        public void flush() {
            real.flush();
        }

        @Override
        public boolean isWritable() {
            return !sending.on && real.isWritable();
        }

        @Override
        public void setReading(boolean reading) {
            wantsReading = reading;
            steer();
        }

        @Override
        public void close() {
            real.close();
        }

        @Override
        public void abort() {
            real.abort();
        }

        @Override
        public String peer() {
            return real.peer();
        }

        @Override
        public String local() {
            return real.local();
        }

        @Override
        public Security security() {
            return real.security();
        }
    }
}

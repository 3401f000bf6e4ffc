package dev.parley.testkit;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One end of a [SimCable]. It sends what is flushed in segments of a size by chance, at most as much as fits the receiver's buffer.
final class SimLink implements Link {
    private static final int HIGH_WATER = 128 << 10;
    private static final int LOW_WATER = 32 << 10;

    private final SimWorld world;
    private final SimCable cable;
    private final SimLoop loop;
    private final Link.Handler handler;
    private final String peer;
    private final int mostSegment;
    private final int buffer;
    private final Deque<ByteBuffer> queue = new ArrayDeque<>();
    private final Deque<ByteBuffer> unread = new ArrayDeque<>();
    private @Nullable SimLink other;
    private long queued;
    private long flushed;
    private long underWay;
    private long carried;
    private long lastArrival;
    private long stalledUntil;
    private long cutAfter = Long.MAX_VALUE;
    private long damageAt = -1;
    private int mask;
    private int damageBuffer;
    private int damageLeast;
    private int damageMost;
    private boolean wasFull;
    private boolean reading = true;
    private boolean closing;
    private boolean over;
    private boolean ended;

    SimLink(SimWorld world, SimCable cable, SimLoop loop, Link.Handler handler, String peer, int mostSegment, int buffer) {
        this.world = world;
        this.cable = cable;
        this.loop = loop;
        this.handler = handler;
        this.peer = peer;
        this.mostSegment = mostSegment;
        this.buffer = buffer;
    }

    void open(SimLink end) {
        other = end;
        loop.execute(() -> handler.opened(this));
    }

    @Override
    public void write(ByteBuffer... buffers) {
        if (closing || over) {
            return;
        }
        for (var octets : buffers) {
            if (octets.hasRemaining()) {
                queue.add(damaged(octets));
                queued += octets.remaining();
            }
        }
        wasFull |= queued >= HIGH_WATER;
    }

    private ByteBuffer damaged(ByteBuffer octets) {
        if (damageBuffer == 0 || octets.remaining() < damageLeast || octets.remaining() > damageMost || --damageBuffer > 0) {
            return octets.duplicate();
        }
        world.trace("damage in a buffer");
        var copy = ByteBuffer.allocate(octets.remaining()).put(octets.duplicate()).flip();
        int at = world.random().nextInt(copy.remaining());
        return copy.put(at, (byte) (copy.get(at) ^ mask));
    }

    @Override
    public void flush() {
        flushed = queued;
        pump();
    }

    @Override
    public boolean isWritable() {
        return queued < HIGH_WATER && !closing && !over;
    }

    @Override
    public void setReading(boolean on) {
        reading = on;
        loop.execute(this::read);
    }

    @Override
    public void close() {
        if (!closing) {
            closing = true;
            flushed = queued;
            pump();
        }
    }

    @Override
    public void abort() {
        closing = true;
        queue.clear();
        queued = 0;
        flushed = 0;
        pump();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public Security security() {
        return Security.NONE;
    }

    /// Moves what may go to the wire.
    private void pump() {
        while (flushed > 0 && underWay < buffer && !cable.isDead() && world.nanoTime() >= stalledUntil) {
            int size = (int) Math.min(1 + world.random().nextInt(mostSegment), Math.min(flushed, buffer - underWay));
            boolean cut = carried + size >= cutAfter;
            size = cut ? (int) (cutAfter - carried) : size;
            var segment = take(size);
            carried += size;
            underWay += size;
            lastArrival = Math.max(lastArrival, world.nanoTime() + cable.delay().toNanos());
            world.post(lastArrival, null, () -> other().arrived(segment));
            if (cut) {
                cutAfter = Long.MAX_VALUE;
                stalledUntil = Long.MAX_VALUE;
                world.post(lastArrival, null, cable::cut);
                return;
            }
        }
        if (closing && queued == 0 && !ended) {
            ended = true;
            lastArrival = Math.max(lastArrival, world.nanoTime() + cable.delay().toNanos());
            world.post(lastArrival, null, () -> other().finished());
            world.post(world.nanoTime(), null, () -> told(""));
        }
        if (wasFull && queued <= LOW_WATER && !over) {
            wasFull = false;
            loop.execute(() -> {
                if (!over) {
                    handler.writable();
                }
            });
        }
    }

    private ByteBuffer take(int size) {
        var segment = ByteBuffer.allocate(size);
        while (segment.hasRemaining()) {
            var first = queue.element();
            int part = Math.min(first.remaining(), segment.remaining());
            segment.put(first.slice(first.position(), part));
            first.position(first.position() + part);
            if (!first.hasRemaining()) {
                queue.remove();
            }
        }
        queued -= size;
        flushed -= size;
        if (damageAt >= carried && damageAt < carried + size) {
            world.trace("damage of octet " + damageAt);
            int at = (int) (damageAt - carried);
            segment.put(at, (byte) (segment.get(at) ^ mask));
        }
        return segment.flip();
    }

    private void arrived(ByteBuffer segment) {
        if (!over && !cable.isDead()) {
            unread.add(segment);
            loop.execute(this::read);
        }
    }

    private void read() {
        while (reading && !over && !unread.isEmpty()) {
            var segment = unread.remove();
            int size = segment.remaining();
            handler.received(segment);
            // It was only lent: who keeps it instead of copying is found out.
            Arrays.fill(segment.array(), (byte) 0xA5);
            var from = other();
            from.underWay -= size;
            world.post(world.nanoTime() + cable.delay().toNanos(), null, from::pump);
        }
    }

    /// The peer closed; what arrived before is handled first.
    private void finished() {
        if (!cable.isDead()) {
            loop.execute(this::finish);
        }
    }

    private void finish() {
        if (!unread.isEmpty() && !over) {
            world.post(world.nanoTime() + 1_000_000, loop.process(), this::finish);
            return;
        }
        told("");
    }

    /// The end, told once.
    void told(String reason) {
        loop.execute(() -> {
            if (!over) {
                over = true;
                closing = true;
                handler.closed(reason);
            }
        });
    }

    void cutAfter(long octets) {
        cutAfter = octets;
    }

    void damage(long octet, int with) {
        damageAt = octet;
        mask = with;
    }

    void damageBuffer(int n, int least, int most, int with) {
        damageBuffer = n;
        damageLeast = least;
        damageMost = most;
        mask = with;
    }

    void stall(Duration time) {
        stalledUntil = world.nanoTime() + time.toNanos();
        world.post(stalledUntil, null, this::pump);
    }

    long carried() {
        return carried;
    }

    long waiting() {
        return queued + underWay;
    }

    private SimLink other() {
        if (other == null) {
            throw new IllegalStateException("the cable has one end only");
        }
        return other;
    }
}

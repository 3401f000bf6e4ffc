package dev.parley.runtime.tcp;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A [Link] over a socket, plain or TLS: one thread reads, one writes, the handler runs on the loop. Both are virtual at first, so that a
/// connection which is quiet costs little; one that moves much gets platform threads, which the system wakes without a detour. What was read
/// and not yet handled, and what was queued and not yet written, are both bounded.
final class SocketLink implements Link {
    private static final int HIGH_WATER = 4 << 20;
    private static final int LOW_WATER = 1 << 20;
    /// The most that is read or written at once.
    private static final int CHUNK = 256 << 10;
    private static final int MOST_BUFFERS = 64;
    /// One chunk is filled while the loop works on the other one.
    private static final int CHUNKS = 2;
    /// After so many small reads the chunks become small again, so that an idle connection costs little.
    private static final int QUIET = 64;
    /// After so many octets in one direction the connection is one that moves much.
    static final long MUCH = 16 << 20;
    /// How long one batch may take to be taken by the peer. A peer that stops reading is gone, whatever it still sends.
    private static final Duration STALL = Duration.ofMinutes(2);
    /// How long a closed connection waits for the peer, so that the last words reach it: a socket closed with unread octets resets.
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final SocketAddress local;
    private final SocketAddress remote;
    private final Wire wire;
    private final VirtualLoop loop;
    private final Link.Handler handler;
    private final StallWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<ByteBuffer> queue = new ArrayDeque<>();
    private final Semaphore chunks = new Semaphore(CHUNKS);
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closedTold = new AtomicBoolean();
    private final AtomicInteger threads = new AtomicInteger(2);
    private int queued;
    private boolean flushed;
    private boolean closing;
    private boolean wasFull;
    private boolean reading = true;
    /// Of the reading thread: how much the next chunk takes, and how many small ones came in a row.
    private int room;
    private int small;

    SocketLink(SocketChannel channel, Wire wire, VirtualLoop loop, Link.Handler handler) throws IOException {
        this(channel, wire, loop, handler, STALL);
    }

    SocketLink(SocketChannel channel, Wire wire, VirtualLoop loop, Link.Handler handler, Duration stall) throws IOException {
        this.watch = new StallWatch(stall, () -> ended("the peer has not read anything for " + stall.toSeconds() + " s"));
        this.local = channel.getLocalAddress();
        this.remote = channel.getRemoteAddress();
        this.wire = wire;
        this.room = wire.quietRoom();
        this.loop = loop;
        this.handler = handler;
    }

    void start() {
        // A connection whose handler failed does nothing more that can be trusted, and its peer would wait for ever.
        loop.whenBroken(e -> ended("a failure inside of Parley: " + e));
        loop.execute(() -> handler.opened(this));
        new Direction("parley-read " + peer(), this::read).on(loop.threads());
        new Direction("parley-write " + peer(), this::write).on(loop.threads());
    }

    /// Moves some octets.
    private interface Turn {
        /// @return how many; -1 when there will be no more
        int next() throws InterruptedException;
    }

    /// One direction: turn after turn, on a thread of its own.
    private final class Direction implements Runnable {
        private final String name;
        private final Turn turn;
        private long moved;

        private Direction(String name, Turn turn) {
            this.name = name;
            this.turn = turn;
        }

        private void on(Thread.Builder builder) {
            builder.name(name).start(this);
        }

        @Override
        public void run() {
            boolean elsewhere = false;
            try {
                while (!elsewhere && goesOn()) {
                    elsewhere = moved >= MUCH && Thread.currentThread().isVirtual() && goesOnElsewhere();
                }
            } catch (InterruptedException e) {
                ended("interrupted");
            } finally {
                if (!elsewhere && threads.decrementAndGet() == 0) {
                    // Both use the wire; the last one gives back what it holds.
                    wire.close();
                    wire.release();
                }
            }
        }

        /// @return false when the system has no thread left: then this one goes on, and asks again later
        private boolean goesOnElsewhere() {
            try {
                on(Thread.ofPlatform().daemon());
                return true;
            } catch (OutOfMemoryError e) {
                moved = 0;
                return false;
            }
        }

        private boolean goesOn() throws InterruptedException {
            int size = turn.next();
            moved += Math.max(0, size);
            return size >= 0;
        }
    }

    @Override
    public void write(ByteBuffer... buffers) {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            for (var buffer : buffers) {
                if (buffer.hasRemaining()) {
                    queue.add(buffer);
                    queued += buffer.remaining();
                }
            }
            wasFull |= queued >= HIGH_WATER;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() {
        lock.lock();
        try {
            if (!queue.isEmpty()) {
                flushed = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isWritable() {
        lock.lock();
        try {
            return queued < HIGH_WATER && !closing;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void setReading(boolean on) {
        signal(() -> reading = on);
    }

    @Override
    public void close() {
        signal(() -> {
            flushed = true;
            closing = true;
        });
    }

    @Override
    public void abort() {
        signal(() -> {
            queue.clear();
            queued = 0;
            closing = true;
        });
        wire.close();
    }

    @Override
    public String peer() {
        return String.valueOf(remote).replaceFirst("^.*/", "");
    }

    @Override
    public String local() {
        return String.valueOf(local).replaceFirst("^.*/", "");
    }

    @Override
    public Security security() {
        return wire.security();
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int read() throws InterruptedException {
        try {
            awaitReading();
            chunks.acquire();
            if (room < CHUNK && !wire.await()) {
                ended("");
                return -1;
            }
            var chunk = chunk(room);
            int size = wire.read(chunk.clear());
            if (size < 0) {
                ended("");
                return -1;
            }
            small = size < Math.min(chunk.capacity(), Wire.LEAST_ROOM / 2) ? small + 1 : 0;
            room = small == 0 ? CHUNK : small < QUIET ? room : wire.quietRoom();
            chunk.flip();
            if (closing() || !loop.executeHere(() -> take(chunk))) {
                giveBack(chunk);
            }
            return size;
        } catch (IOException e) {
            ended(closing() ? "" : Tcp.words(e));
            return -1;
        }
    }

    /// One of this size that nobody uses. One of another size is forgotten.
    private ByteBuffer chunk(int room) {
        if (room == Wire.LEAST_ROOM) {
            free.clear();
            return Spare.RECORDS.take();
        }
        var chunk = free.poll();
        return chunk != null && chunk.capacity() == room ? chunk : ByteBuffer.allocateDirect(room);
    }

    private void take(ByteBuffer chunk) {
        try {
            handler.received(chunk);
        } finally {
            giveBack(chunk);
        }
    }

    private void giveBack(ByteBuffer chunk) {
        if (chunk.capacity() == Wire.LEAST_ROOM) {
            Spare.RECORDS.giveBack(chunk);
        } else {
            free.add(chunk);
        }
        chunks.release();
    }

    private void awaitReading() throws InterruptedException {
        lock.lock();
        try {
            while (!reading && !closing) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean closing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private int write() throws InterruptedException {
        try {
            int size = writeNext();
            if (size < 0) {
                wire.finish();
                VirtualLoop.later(LINGER, wire::close);
                tell("");
            }
            return size;
        } catch (IOException e) {
            ended(Tcp.words(e));
            return -1;
        }
    }

    private int writeNext() throws IOException, InterruptedException {
        int size = 0;
        boolean tell;
        var batch = new ArrayList<ByteBuffer>();
        lock.lock();
        try {
            while ((queue.isEmpty() || !flushed && queued < LOW_WATER) && !closing) {
                changed.await();
            }
            while (size < CHUNK && batch.size() < MOST_BUFFERS && !queue.isEmpty()) {
                batch.add(queue.remove());
                size += batch.getLast().remaining();
            }
            queued -= size;
            if (queue.isEmpty()) {
                flushed = false;
            }
            tell = wasFull && queued <= LOW_WATER;
            if (tell) {
                wasFull = false;
            }
            if (size == 0 && closing) {
                return -1;
            }
        } finally {
            lock.unlock();
        }
        watch.begins();
        try {
            wire.write(batch.toArray(ByteBuffer[]::new));
        } finally {
            watch.ends();
        }
        if (tell) {
            loop.execute(handler::writable);
        }
        return size;
    }

    private void ended(String reason) {
        // The reason first: closing the wire gives the other thread a failure of its own to tell.
        tell(reason);
        signal(() -> closing = true);
        wire.close();
    }

    private void tell(String reason) {
        if (closedTold.compareAndSet(false, true)) {
            loop.execute(() -> handler.closed(reason));
        }
    }
}

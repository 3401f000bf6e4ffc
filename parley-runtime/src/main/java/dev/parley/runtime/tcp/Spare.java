package dev.parley.runtime.tcp;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Buffers outside of the heap that all connections of the process use in turn, each for the moment in which octets move: so one that is
/// quiet holds none. From any thread.
final class Spare {
    /// Room for a TLS record, encrypted or not.
    static final Spare RECORDS = new Spare(Wire.LEAST_ROOM, 64);

    private final int size;
    private final int most;
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /// @param most so many are kept while nobody uses them; the rest is left to the garbage collector
    Spare(int size, int most) {
        this.size = size;
        this.most = most;
    }

    /// An empty one.
    ByteBuffer take() {
        var buffer = free.poll();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(size);
        }
        kept.decrementAndGet();
        return buffer.clear();
    }

    /// Nobody uses it any more. One of another size is left to the garbage collector.
    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == size) {
            if (kept.incrementAndGet() <= most) {
                free.add(buffer);
            } else {
                kept.decrementAndGet();
            }
        }
    }

    int kept() {
        return kept.get();
    }
}

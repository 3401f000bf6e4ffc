package dev.parley.transfer.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/// A stream that can be read again from the last confirmed point on: what was read and not released is kept, which is a window of checkpoints
/// at most.
public final class StreamBuffer implements Content {
    private static final int CHUNK = 64 << 10;

    private record Chunk(long start, byte[] octets, int size) {
        long end() {
            return start + size;
        }
    }

    private final InputStream in;
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private long released;
    private long end;
    private boolean finished;

    StreamBuffer(InputStream in) {
        this.in = in;
    }

    @Override
    public synchronized long earliest() {
        return chunks.isEmpty() ? end : chunks.getFirst().start();
    }

    @Override
    public synchronized void release(long position) {
        released = Math.max(released, position);
        while (!chunks.isEmpty() && chunks.getFirst().end() <= released) {
            chunks.removeFirst();
        }
    }

    /// Waits until the buffer is full or the stream ends.
    @Override
    public synchronized int read(long position, ByteBuffer target) throws IOException {
        if (position > end) {
            // Only a peer that claims to have more than it was sent leads here; what is between would all be kept.
            throw new IOException("the stream was read up to " + end + ", not to " + position);
        }
        long at = position;
        int total = 0;
        while (target.hasRemaining() && (at < end || fill())) {
            for (var chunk : chunks) {
                if (at >= chunk.start() && at < chunk.end() && target.hasRemaining()) {
                    int size = (int) Math.min(chunk.end() - at, target.remaining());
                    target.put(chunk.octets(), (int) (at - chunk.start()), size);
                    at += size;
                    total += size;
                }
            }
            if (at < end && total == 0) {
                throw new IOException("the stream cannot be read again at " + position + ": it was released");
            }
        }
        return total;
    }

    private boolean fill() throws IOException {
        if (finished) {
            return false;
        }
        var octets = new byte[CHUNK];
        int size = in.readNBytes(octets, 0, CHUNK);
        finished = size < CHUNK;
        if (size > 0) {
            chunks.add(new Chunk(end, octets, size));
            end += size;
        }
        return size > 0;
    }

    @Override
    public void close() {
        // The stream goes on over several connections.
    }
}

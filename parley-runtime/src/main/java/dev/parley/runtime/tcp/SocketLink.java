package dev.parley.runtime.tcp;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A [Link] over a socket, plain or TLS: one virtual thread reads, one writes, the handler runs on the loop. What was read and not yet
/// handled, and what was queued and not yet written, are both bounded.
final class SocketLink implements Link {
    private static final int HIGH_WATER = 4 << 20;
    private static final int LOW_WATER = 1 << 20;
    private static final int CHUNK = 128 << 10;
    /// How many chunks may wait for the loop: 4 MiB.
    private static final int MOST_CHUNKS = 32;

    private final Socket socket;
    private final Security security;
    private final VirtualLoop loop;
    private final Link.Handler handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<ByteBuffer> queue = new ArrayDeque<>();
    private final Semaphore chunks = new Semaphore(MOST_CHUNKS);
    private final AtomicBoolean closedTold = new AtomicBoolean();
    private int queued;
    private boolean flushed;
    private boolean closing;
    private boolean wasFull;
    private boolean reading = true;

    SocketLink(Socket socket, Security security, VirtualLoop loop, Link.Handler handler) {
        this.socket = socket;
        this.security = security;
        this.loop = loop;
        this.handler = handler;
    }

    void start() {
        loop.execute(() -> handler.opened(this));
        Thread.ofVirtual().name("parley-read " + peer()).start(this::read);
        Thread.ofVirtual().name("parley-write " + peer()).start(this::write);
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
        signal(() -> flushed = true);
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
        closeSocket();
    }

    @Override
    public String peer() {
        return String.valueOf(socket.getRemoteSocketAddress()).replaceFirst("^.*/", "");
    }

    @Override
    public String local() {
        return String.valueOf(socket.getLocalSocketAddress()).replaceFirst("^.*/", "");
    }

    @Override
    public Security security() {
        return security;
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

    private void read() {
        var chunk = new byte[CHUNK];
        try {
            var in = socket.getInputStream();
            while (true) {
                awaitReading();
                int size = in.read(chunk);
                if (size < 0) {
                    ended("");
                    return;
                }
                var bytes = ByteBuffer.wrap(Arrays.copyOf(chunk, size));
                chunks.acquire();
                loop.execute(() -> {
                    chunks.release();
                    handler.received(bytes);
                });
            }
        } catch (IOException e) {
            ended(closing() ? "" : String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            ended("interrupted");
        }
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

    private void write() {
        try {
            var out = socket.getOutputStream();
            var batch = new byte[CHUNK];
            while (writeNext(out, batch)) {
                // Each turn writes one batch.
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            ended(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            ended("interrupted");
        } finally {
            closeSocket();
        }
    }

    private boolean writeNext(OutputStream out, byte[] batch) throws IOException, InterruptedException {
        int size = 0;
        boolean tell;
        lock.lock();
        try {
            while ((queue.isEmpty() || !flushed && queued < LOW_WATER) && !closing) {
                changed.await();
            }
            while (size < batch.length && !queue.isEmpty()) {
                var buffer = queue.element();
                int take = Math.min(buffer.remaining(), batch.length - size);
                buffer.get(batch, size, take);
                size += take;
                if (!buffer.hasRemaining()) {
                    queue.remove();
                }
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
                return false;
            }
        } finally {
            lock.unlock();
        }
        out.write(batch, 0, size);
        if (tell) {
            loop.execute(handler::writable);
        }
        return true;
    }

    private void ended(String reason) {
        closeSocket();
        signal(() -> closing = true);
        if (closedTold.compareAndSet(false, true)) {
            loop.execute(() -> handler.closed(reason));
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is gone either way.
        }
    }
}

package dev.parley.cli.term;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Writes events, one JSON object a line, from a thread of its own, so that a slow reader never stalls what it reads about. While the reader
/// is slow, events of the same coalescing key replace each other; beyond 10,000 waiting ones the oldest goes, so memory stays bounded.
public final class Events implements AutoCloseable {
    private static final int MOST = 10_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final OutputStream out;
    private final Thread writer;
    private final SequencedMap<Object, ObjectNode> waiting = new LinkedHashMap<>();
    private boolean closed;
    private boolean writing;
    private Optional<String> lost = Optional.empty();
    private long writtenAt = System.nanoTime();

    public Events(OutputStream out) {
        this.out = out;
        writer = Thread.ofPlatform().daemon().name("parley-events").start(this::write);
    }

    /// Queues an event that is told in any case.
    public void tell(ObjectNode event) {
        put(new Object(), event);
    }

    /// Queues an event that a later one of the same key makes superfluous.
    public void tell(String key, ObjectNode event) {
        put(key, event);
    }

    private synchronized void put(Object key, ObjectNode event) {
        if (closed) {
            return;
        }
        waiting.remove(key);
        if (waiting.size() >= MOST) {
            waiting.pollFirstEntry();
        }
        waiting.put(key, event);
        notifyAll();
    }

    private void write() {
        var failed = Optional.<String>empty();
        try {
            for (var event = next(); event != null; event = next()) {
                out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The reader is gone: the work goes on without it.
            failed = Optional.of(String.valueOf(e.getMessage()));
        }
        synchronized (this) {
            lost = failed;
            closed = true;
            writing = false;
            waiting.clear();
            notifyAll();
        }
    }

    private synchronized @org.jspecify.annotations.Nullable ObjectNode next() throws InterruptedException {
        writing = false;
        writtenAt = System.nanoTime();
        notifyAll();
        while (waiting.isEmpty()) {
            if (closed) {
                return null;
            }
            wait();
        }
        writing = true;
        return waiting.pollFirstEntry().getValue();
    }

    /// Why the reader did not take all; empty when it did, or is only slow.
    public synchronized Optional<String> lost() {
        return lost;
    }

    /// Waits until everything is written, as long as the reader takes something within ten seconds.
    public synchronized void drain() {
        try {
            writtenAt = System.nanoTime();
            while (writer.isAlive() && (writing || !waiting.isEmpty()) && System.nanoTime() - writtenAt < PATIENCE_NANOS) {
                wait(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// As [#drain], and tells nothing more.
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        drain();
    }
}

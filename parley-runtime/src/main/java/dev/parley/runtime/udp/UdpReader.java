package dev.parley.runtime.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The thread that reads all UDP sockets of the process, into one buffer that any datagram fits in: a thousand calls have four thousand sockets,
/// most of them quiet.
final class UdpReader {
    private static final int LARGEST = 65_535;
    /// Datagrams of one socket until the others have their turn.
    private static final int AT_ONCE = 64;

    private static @Nullable UdpReader shared;

    private final Selector selector;
    private final Thread thread;
    /// Who waits until the selector has forgotten what was closed.
    private final Queue<CountDownLatch> closed = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);

    private UdpReader(Selector selector) {
        this.selector = selector;
        thread = Thread.ofPlatform().daemon().name("parley-udp").unstarted(this::run);
    }

    private static synchronized UdpReader shared() throws IOException {
        if (shared == null) {
            shared = new UdpReader(Selector.open());
            shared.thread.start();
        }
        return shared;
    }

    static void add(Udp.Open socket) throws IOException {
        var reader = shared();
        socket.channel().register(reader.selector, SelectionKey.OP_READ, socket);
        reader.selector.wakeup();
    }

    /// A channel that a selector knows keeps its port until the selector has forgotten it: in the first round that begins after this. Whoever
    /// closes it waits without turning: many that turned would take every carrier of virtual threads, while the reader waits for a lock that was
    /// promised to another virtual thread, which gets none.
    static void close(DatagramChannel channel) {
        try {
            var reader = shared();
            channel.close();
            if (Thread.currentThread() == reader.thread) {
                return;
            }
            var forgotten = new CountDownLatch(1);
            reader.closed.add(forgotten);
            reader.selector.wakeup();
            while (!forgotten.await(1, TimeUnit.SECONDS) && reader.thread.isAlive()) {
                reader.selector.wakeup();
            }
        } catch (IOException _) {
            // It is closed all the same.
            return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                selector.select(this::ready);
                forget();
            } catch (IOException _) {
                // Of one socket, which is closed then.
                Thread.onSpinWait();
            }
        }
    }

    private void forget() throws IOException {
        var waiting = new ArrayList<CountDownLatch>();
        for (var one = closed.poll(); one != null; one = closed.poll()) {
            waiting.add(one);
        }
        if (!waiting.isEmpty()) {
            try {
                selector.selectNow(this::ready);
            } finally {
                waiting.forEach(CountDownLatch::countDown);
            }
        }
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Udp.Open socket)) {
            return;
        }
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                buffer.clear();
                var from = (InetSocketAddress) socket.channel().receive(buffer);
                if (from == null) {
                    return;
                }
                buffer.flip();
                socket.hand(from, ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
            }
        } catch (IOException | RuntimeException | OutOfMemoryError _) {
            // Closed, the ICMP answer to something sent before, or nothing left to keep a datagram in: none of the other sockets shall mind.
            return;
        }
    }
}

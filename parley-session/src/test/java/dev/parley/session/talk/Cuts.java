package dev.parley.session.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A line that can be cut and that can damage data, in either direction, after so many octets in all.
final class Cuts implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
    final AtomicLong up = new AtomicLong();
    final AtomicLong down = new AtomicLong();
    final AtomicLong cutUpAt = new AtomicLong(Long.MAX_VALUE);
    final AtomicLong cutDownAt = new AtomicLong(Long.MAX_VALUE);
    final AtomicLong damageUpAt = new AtomicLong(Long.MAX_VALUE);
    final AtomicInteger connections = new AtomicInteger();
    volatile InetSocketAddress server;

    Cuts(InetSocketAddress server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /// From now on nothing passes on the lines that are open, and nobody is told.
    void silence() {
        silent.addAll(open);
    }

    void cutNow() {
        open.forEach(Cuts::drop);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                try {
                    var to = new Socket(server.getAddress(), server.getPort());
                    connections.incrementAndGet();
                    open.add(client);
                    open.add(to);
                    Thread.ofVirtual().start(() -> pump(client, to, up, cutUpAt, damageUpAt));
                    Thread.ofVirtual().start(() -> pump(to, client, down, cutDownAt, new AtomicLong(Long.MAX_VALUE)));
                } catch (IOException e) {
                    client.close();
                }
            } catch (IOException e) {
                // The proxy is closed.
            }
        }
    }

    private void pump(Socket from, Socket to, AtomicLong total, AtomicLong cutAt, AtomicLong damageAt) {
        var chunk = new byte[8192];
        try (from;
                to) {
            for (int size = from.getInputStream().read(chunk); size >= 0; size = from.getInputStream().read(chunk)) {
                if (silent.contains(from)) {
                    continue;
                }
                long before = total.getAndAdd(size);
                long damage = damageAt.get();
                if (damage >= before && damage < before + size) {
                    damageAt.set(Long.MAX_VALUE);
                    chunk[(int) (damage - before)] ^= 0x40;
                }
                long cut = cutAt.get();
                if (cut < before + size) {
                    cutAt.set(Long.MAX_VALUE);
                    to.getOutputStream().write(chunk, 0, (int) Math.max(0, cut - before));
                    return;
                }
                to.getOutputStream().write(chunk, 0, size);
            }
        } catch (IOException e) {
            // The other direction closed both.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutNow();
    }
}

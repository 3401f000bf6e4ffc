package dev.parley.transfer.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A line that can be cut and that can damage data: connections go through to a server, until the n-th octet towards it.
final class FaultProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    /// After how many octets towards the server the connection is cut; each cut uses the value up.
    final AtomicLong cutAfter = new AtomicLong(Long.MAX_VALUE);
    /// The number of the octet towards the server that is changed, once.
    final AtomicLong damageAt = new AtomicLong(Long.MAX_VALUE);
    /// After how many octets towards the server a connection goes silent, both ways and for good, and stays open; used up by the first one.
    final AtomicLong silentAfter = new AtomicLong(Long.MAX_VALUE);
    final AtomicInteger silenced = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    final AtomicInteger cuts = new AtomicInteger();

    FaultProxy(InetSocketAddress server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                var to = new Socket(server.getAddress(), server.getPort());
                var silent = new AtomicBoolean();
                Thread.ofVirtual().start(() -> pump(client, to, true, silent));
                Thread.ofVirtual().start(() -> pump(to, client, false, silent));
            } catch (IOException e) {
                // The proxy is closed, or the server is gone: the client notices.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean towardsServer, AtomicBoolean silent) {
        var chunk = new byte[16384];
        long total = 0;
        try (from;
                to) {
            for (int size = from.getInputStream().read(chunk); size >= 0; size = from.getInputStream().read(chunk)) {
                if (towardsServer) {
                    long damage = damageAt.get();
                    if (damage >= total && damage < total + size) {
                        damageAt.set(Long.MAX_VALUE);
                        chunk[(int) (damage - total)] ^= 0x40;
                    }
                    if (total + size > cutAfter.get()) {
                        cutAfter.set(Long.MAX_VALUE);
                        cuts.incrementAndGet();
                        return;
                    }
                }
                if (towardsServer && total + size > silentAfter.get()) {
                    silentAfter.set(Long.MAX_VALUE);
                    silent.set(true);
                    silenced.incrementAndGet();
                }
                if (silent.get()) {
                    closed.await();
                    return;
                }
                to.getOutputStream().write(chunk, 0, size);
                total += size;
            }
        } catch (IOException | InterruptedException e) {
            // The other direction closed both.
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
    }
}

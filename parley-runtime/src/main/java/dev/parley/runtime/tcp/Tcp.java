package dev.parley.runtime.tcp;

import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Security;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Opens and accepts connections, plain or TLS.
public final class Tcp {
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int BUFFER = 1 << 20;
    private static final long PAUSE_NANOS = 20_000_000;

    private Tcp() {}

    /// Connects; returns when the link is up. Blocks for at most `timeoutMillis`, and 10 s more for the TLS handshake.
    public static void connect(
            InetSocketAddress address, Optional<Tls> tls, int timeoutMillis, VirtualLoop loop, Function<Loop, Link.Handler> handler)
            throws IOException {
        var socket = new Socket();
        try {
            socket.setReceiveBufferSize(BUFFER);
            socket.connect(address, timeoutMillis);
            start(socket, tls, true, loop, handler);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void start(Socket socket, Optional<Tls> tls, boolean client, VirtualLoop loop, Function<Loop, Link.Handler> handler)
            throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.setSendBufferSize(BUFFER);
        if (tls.isPresent()) {
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            var secured = tls.get().over(socket, client);
            socket.setSoTimeout(0);
            new SocketLink(secured, tls.get().security(secured), loop, handler.apply(loop)).start();
        } else {
            new SocketLink(socket, Security.NONE, loop, handler.apply(loop)).start();
        }
    }

    /// A listening socket. Closing it ends the accepting, not the connections.
    public static final class Listener implements AutoCloseable {
        private final ServerSocket socket;
        private final Thread accepting;

        private Listener(ServerSocket socket, Thread accepting) {
            this.socket = socket;
            this.accepting = accepting;
        }

        public InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            try {
                // Until its thread lets go of it, the system still takes connections.
                accepting.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Listens. Each connection gets a loop of its own, which ends with it; beyond `mostConnections` further ones are closed at once.
    ///
    /// @param handler makes the handler of a connection
    public static Listener listen(
            InetSocketAddress address, Optional<Tls> tls, int mostConnections, Function<Loop, Link.Handler> handler) throws IOException {
        var server = new ServerSocket();
        server.setReuseAddress(true);
        server.setReceiveBufferSize(BUFFER);
        server.bind(address, 256);
        var free = new Semaphore(mostConnections);
        var accepting = Thread.ofPlatform().name("parley-accept").start(() -> accept(server, tls, free, handler));
        return new Listener(server, accepting);
    }

    private static void accept(ServerSocket server, Optional<Tls> tls, Semaphore free, Function<Loop, Link.Handler> handler) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                if (!free.tryAcquire()) {
                    socket.close();
                    continue;
                }
                Thread.ofVirtual().start(() -> serve(socket, tls, free, handler));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    // Out of descriptors, most likely: a connection has to end first.
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private static void serve(Socket socket, Optional<Tls> tls, Semaphore free, Function<Loop, Link.Handler> handler) {
        var loop = new VirtualLoop("parley-loop " + socket.getRemoteSocketAddress());
        try {
            start(socket, tls, false, loop, l -> new Counted(handler.apply(l), free, loop));
        } catch (IOException e) {
            free.release();
            loop.stop();
            try {
                socket.close();
            } catch (IOException ignored) {
                // It never was a connection.
            }
        }
    }

    /// Gives the place back and stops the loop when the link closes.
    private record Counted(Link.Handler handler, Semaphore free, VirtualLoop loop) implements Link.Handler {
        @Override
        public void opened(Link link) {
            handler.opened(link);
        }

        @Override
        public void received(java.nio.ByteBuffer bytes) {
            handler.received(bytes);
        }

        @Override
        public void writable() {
            handler.writable();
        }

        @Override
        public void closed(String reason) {
            handler.closed(reason);
            free.release();
            // Work that the handler still wants is queued by now and will be finished.
            loop.stop();
        }
    }
}

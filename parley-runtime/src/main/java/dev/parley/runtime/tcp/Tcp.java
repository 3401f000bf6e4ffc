package dev.parley.runtime.tcp;

import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/// Opens and accepts connections, plain or TLS.
public final class Tcp {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    /// How long to wait when the system has no room for one more connection.
    private static final long PAUSE_NANOS = 50_000_000;
    private static final int BUFFER = 1 << 20;
    /// How many peers may be told at once that there is no room for them, for how long, and how much of what they say is read.
    private static final int MOST_REFUSING = 50;
    private static final int REFUSAL_MILLIS = 1000;
    private static final int MOST_UNREAD = 1000;

    private Tcp() {}

    /// Connects; returns when the link is up. Blocks for at most `timeoutMillis`, and as long again, 10 s at most, for the TLS handshake.
    public static void connect(
            InetSocketAddress address, Optional<Tls> tls, int timeoutMillis, VirtualLoop loop, Function<Loop, Link.Handler> handler)
            throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            channel.socket().connect(address, timeoutMillis);
            var handshake = Duration.ofMillis(timeoutMillis);
            start(channel, tls, handshake.compareTo(HANDSHAKE) < 0 ? handshake : HANDSHAKE, loop, handler);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void start(
            SocketChannel channel, Optional<Tls> tls, Duration handshake, VirtualLoop loop, Function<Loop, Link.Handler> handler)
            throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
        var wire = tls.isPresent() ? secured(channel, tls.get(), handshake) : new PlainWire(channel);
        new SocketLink(channel, wire, loop, handler.apply(loop)).start();
    }

    /// A peer that never finishes the handshake loses its socket.
    private static Wire secured(SocketChannel channel, Tls tls, Duration most) throws IOException {
        var late = VirtualLoop.later(most, new PlainWire(channel)::close);
        try {
            return new TlsWire(channel, tls, tls.engine((InetSocketAddress) channel.getRemoteAddress()));
        } catch (AsynchronousCloseException e) {
            throw new IOException("the TLS handshake took longer than " + most.toSeconds() + " s", e);
        } finally {
            late.cancel();
        }
    }

    /// A listening socket. Closing it ends the accepting, not the connections.
    public static final class Listener implements AutoCloseable {
        private final ServerSocketChannel socket;
        private final Thread accepting;

        private Listener(ServerSocketChannel socket, Thread accepting) {
            this.socket = socket;
            this.accepting = accepting;
        }

        public InetSocketAddress address() {
            return (InetSocketAddress) socket.socket().getLocalSocketAddress();
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

    /// Who listens.
    ///
    /// @param mostConnections further ones are closed at once
    /// @param busy what one connection too many is told on a plain connection; may be empty
    /// @param log words about what never became a connection
    public record Reception(int mostConnections, byte[] busy, Consumer<String> log) {
        public Reception {
            busy = busy.clone();
        }

        @Override
        public byte[] busy() {
            return busy.clone();
        }
    }

    /// Listens. Each connection gets a loop of its own, which ends with it; beyond `mostConnections` further ones are closed at once.
    ///
    /// @param handler makes the handler of a connection
    public static Listener listen(
            InetSocketAddress address, Optional<Tls> tls, int mostConnections, Function<Loop, Link.Handler> handler) throws IOException {
        return listen(address, tls, new Reception(mostConnections, new byte[0], _ -> {}), handler);
    }

    /// Listens, and has words for those who do not become connections.
    public static Listener listen(
            InetSocketAddress address, Optional<Tls> tls, Reception reception, Function<Loop, Link.Handler> handler) throws IOException {
        var server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        server.bind(address, 256);
        var free = new Semaphore(reception.mostConnections());
        var accepting = Thread.ofPlatform().name("parley-accept").start(() -> accept(server, tls, free, reception, handler));
        return new Listener(server, accepting);
    }

    private static void accept(
            ServerSocketChannel server, Optional<Tls> tls, Semaphore free, Reception reception, Function<Loop, Link.Handler> handler) {
        var refusing = new Semaphore(MOST_REFUSING);
        while (server.isOpen()) {
            try {
                var socket = server.accept();
                if (!free.tryAcquire()) {
                    reception.log().accept(name(socket) + " is refused: " + reception.mostConnections()
                            + " connections are open, more are not taken");
                    if (tls.isPresent() || !refusing.tryAcquire()) {
                        socket.close();
                    } else {
                        Thread.ofVirtual().start(() -> refuse(socket, reception.busy(), refusing));
                    }
                    continue;
                }
                begin(socket, free, () -> serve(socket, tls, free, reception, handler));
            } catch (IOException e) {
                if (server.isOpen()) {
                    awaitRoom();
                }
            }
        }
    }

    /// A system that has no thread left has one later, so the listener stays.
    private static void begin(SocketChannel socket, Semaphore free, Runnable work) throws IOException {
        try {
            Thread.ofVirtual().start(work);
        } catch (OutOfMemoryError e) {
            free.release();
            socket.close();
            throw new IOException("no thread for a connection", e);
        }
    }

    /// For whoever could not accept a connection on a socket that is open: the system is out of descriptors, most likely, and a connection has to
    /// end first.
    public static void awaitRoom() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /// Java has no words for some failures of a socket.
    static String words(Throwable failure) {
        var message = failure.getMessage();
        return message != null ? message : failure instanceof ClosedChannelException
                ? "the connection was closed on this side" : "the connection failed: " + failure.getClass().getSimpleName();
    }

    private static String name(SocketChannel socket) {
        return String.valueOf(socket.socket().getRemoteSocketAddress()).replaceFirst("^.*/", "");
    }

    /// Says why, and lets the peer read it: a socket that is closed with unread octets takes its last words back.
    private static void refuse(SocketChannel channel, byte[] busy, Semaphore refusing) {
        try (var socket = channel.socket()) {
            socket.setSoTimeout(REFUSAL_MILLIS);
            socket.getOutputStream().write(busy);
            socket.shutdownOutput();
            socket.getInputStream().readNBytes(MOST_UNREAD);
        } catch (IOException e) {
            // It was told, or does not listen.
        } finally {
            refusing.release();
        }
    }

    private static void serve(
            SocketChannel socket, Optional<Tls> tls, Semaphore free, Reception reception, Function<Loop, Link.Handler> handler) {
        var who = name(socket);
        var loop = new VirtualLoop("parley-loop");
        try {
            start(socket, tls, HANDSHAKE, loop, l -> new Counted(handler.apply(l), free, loop));
        } catch (IOException | RuntimeException | Error e) {
            // An Error too: without descriptors Java finds no class that it needs for the first time.
            reception.log().accept(who + " never became a connection: " + words(e));
            loop.stop();
            try {
                socket.close();
            } catch (IOException ignored) {
                // It never was a connection.
            }
            free.release();
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
            try {
                handler.closed(reason);
            } finally {
                free.release();
                // Work that the handler still wants is queued by now and will be finished.
                loop.stop();
            }
        }
    }
}

package dev.parley.netbios.socket;

import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Takes the calls for one name as a `ServerSocket` does. Its sockets carry session messages with their headers, like those of [NetbiosSockets].
/// At most [#MOST_WAITING] calls wait to be accepted; further ones are refused for want of resources.
public final class NetbiosServerSocket extends ServerSocket {
    public static final int MOST_WAITING = 50;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final SessionServer server;
    private final NetbiosName name;
    private final Duration keepAlive;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final BlockingQueue<SessionSocket> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final CalledNames.Listener listener = new CalledNames.Listener() {
        @Override
        public boolean claims(NetbiosName calling) {
            return !isClosed() && places.tryAcquire();
        }

        @Override
        public Refusal refusal(NetbiosName calling) {
            return isClosed() ? Refusal.NOT_LISTENING_ON_CALLED_NAME : Refusal.INSUFFICIENT_RESOURCES;
        }

        @Override
        public void left() {
            places.release();
        }

        @Override
        public void gone() {
            closed = true;
        }

        @Override
        public void accept(NetbiosSession session) {
            take(session);
        }
    };
    private volatile boolean closed;
    private volatile int timeoutMillis;

    /// @param keepAlive after this silence of ours a keepalive is sent; zero for never
    public NetbiosServerSocket(SessionServer server, NetbiosName name, Duration keepAlive) throws IOException {
        this.server = server;
        this.name = name;
        this.keepAlive = keepAlive;
        server.names().listen(name, listener);
    }

    private void take(NetbiosSession session) {
        boolean waits = false;
        try (var socket = new SessionSocket(session.raw(), keepAlive)) {
            waits = !closed && waiting.offer(socket);
            if (waits) {
                socket.awaitClose();
            }
        } catch (IOException e) {
            // The caller is gone before he was accepted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release(waits ? 0 : 1);
        }
    }

    @Override
    public Socket accept() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try {
            while (!closed) {
                // Looks up now and then, to see that it was closed.
                var socket = Optional.ofNullable(waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS));
                if (socket.isPresent()) {
                    places.release();
                    return socket.get();
                }
                if (timeoutMillis > 0 && System.nanoTime() > deadline) {
                    throw new SocketTimeoutException("nobody called " + name + " within " + timeoutMillis + " ms");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SocketException("the server socket is closed");
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public int getLocalPort() {
        return server.address().getPort();
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /// Takes no more calls; accepted sockets live on, waiting ones are closed.
    @Override
    public void close() throws IOException {
        closed = true;
        server.names().stop(name, listener);
        for (var socket = waiting.poll(); socket != null; socket = waiting.poll()) {
            socket.close();
        }
        super.close();
    }
}

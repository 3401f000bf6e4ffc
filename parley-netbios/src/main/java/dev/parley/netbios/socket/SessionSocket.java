package dev.parley.netbios.socket;

import dev.parley.api.SessionException;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.RawSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket whose connection is a NetBIOS session. Its streams carry session messages with their headers.
final class SessionSocket extends Socket {
    private final @Nullable NetbiosSockets sockets;
    private final Duration keepAlive;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Connected connected;
    private volatile boolean closed;
    private volatile int timeoutMillis;

    private record Connected(Socket socket, InputStream in, MessageOutput out) {}

    SessionSocket(NetbiosSockets sockets) throws SocketException {
        super((SocketImpl) null);
        this.sockets = sockets;
        this.keepAlive = sockets.keepAlive();
    }

    /// An accepted call.
    SessionSocket(RawSession raw, Duration keepAlive) throws IOException {
        super((SocketImpl) null);
        this.sockets = null;
        this.keepAlive = keepAlive;
        this.connected = connected(raw);
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    /// The timeout is that of the factory's limits.
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!(endpoint instanceof InetSocketAddress inet)) {
            throw new IOException("expected an internet address, not " + endpoint);
        }
        call(inet.getHostString());
    }

    void call(String host) throws IOException {
        var factory = sockets;
        if (closed || connected != null || factory == null) {
            throw new SocketException("the socket is connected or closed already");
        }
        try {
            var raw = factory.call(host);
            connected = connected(raw);
        } catch (SessionException | Caller.CallRefused | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Connected connected(RawSession raw) throws IOException {
        var socket = raw.channel().socket();
        socket.setSoTimeout(timeoutMillis);
        var ahead = new byte[raw.ahead().remaining()];
        raw.ahead().duplicate().get(ahead);
        var in = new MessageInput(new SequenceInputStream(new ByteArrayInputStream(ahead), socket.getInputStream()), this::getSoTimeout);
        var out = new MessageOutput(socket.getOutputStream());
        if (!keepAlive.isZero()) {
            Thread.ofVirtual().name("keepalive " + socket.getRemoteSocketAddress()).start(() -> keepAlive(out));
        }
        return new Connected(socket, in, out);
    }

    private void keepAlive(MessageOutput out) {
        try {
            while (!over.await(keepAlive.toMillis(), TimeUnit.MILLISECONDS)) {
                out.keepAlive();
            }
        } catch (InterruptedException | IOException e) {
            // Whoever reads or writes learns that the connection is lost.
        }
    }

    /// Waits until this side has closed the socket.
    void awaitClose() throws InterruptedException {
        over.await();
    }

    private Connected line() throws SocketException {
        var line = connected;
        if (line == null || closed) {
            throw new SocketException(closed ? "the socket is closed" : "the socket is not connected");
        }
        return line;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return line().in();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return line().out();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        var line = connected;
        return line == null ? null : line.socket().getInetAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        var line = connected;
        return line == null ? null : line.socket().getRemoteSocketAddress();
    }

    @Override
    public int getPort() {
        var line = connected;
        return line == null ? 0 : line.socket().getPort();
    }

    @Override
    public int getLocalPort() {
        var line = connected;
        return line == null ? -1 : line.socket().getLocalPort();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        timeoutMillis = millis;
        var line = connected;
        if (line != null) {
            line.socket().setSoTimeout(millis);
        }
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    /// Set already.
    @Override
    public void setTcpNoDelay(boolean on) {
        // Whoever asks for it gets what every session has.
    }

    /// Set already.
    @Override
    public void setKeepAlive(boolean on) {
        // As above.
    }

    @Override
    public void shutdownInput() throws IOException {
        line().socket().shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        line().socket().shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return connected != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isBound() {
        return connected != null;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        over.countDown();
        var line = connected;
        if (line != null) {
            line.socket().close();
        }
    }

    @Override
    public String toString() {
        return "NetBIOS session socket " + connected;
    }
}

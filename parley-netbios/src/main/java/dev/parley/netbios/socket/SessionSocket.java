package dev.parley.netbios.socket;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Line;
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
import java.net.SocketOption;
import java.time.Duration;
import java.util.Set;
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

    private record Connected(Socket socket, InputStream in, MessageOutput out, Line line) {}

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
        var octets = new SequenceInputStream(new ByteArrayInputStream(ahead), raw.line().in(socket.getInputStream()));
        var in = new MessageInput(octets, this::getSoTimeout);
        var out = new MessageOutput(raw.line().out(socket.getOutputStream()));
        if (!keepAlive.isZero()) {
            Thread.ofVirtual().name("keepalive " + socket.getRemoteSocketAddress()).start(() -> keepAlive(out));
        }
        return new Connected(socket, in, out, raw.line());
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
    public InetAddress getLocalAddress() {
        var line = connected;
        return line == null ? new InetSocketAddress(0).getAddress() : line.socket().getLocalAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        var line = connected;
        return line == null ? null : line.socket().getLocalSocketAddress();
    }

    /// Not to be had: the factory says where calls come from.
    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        throw new SocketException("NetbiosSockets.from says where a session comes from");
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, @Nullable T value) throws IOException {
        line().socket().setOption(name, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        return line().socket().getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        var line = connected;
        return line == null ? Set.of() : line.socket().supportedOptions();
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

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    /// Set already.
    @Override
    public void setKeepAlive(boolean on) {
        // As above.
    }

    @Override
    public boolean getKeepAlive() {
        return true;
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        line().socket().setSoLinger(on, seconds);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return line().socket().getSoLinger();
    }

    /// What the session service needs is set already; a hint to be left alone.
    @Override
    public void setSendBufferSize(int size) {
        // As the documentation of Socket says, a hint.
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return line().socket().getSendBufferSize();
    }

    /// As [#setSendBufferSize].
    @Override
    public void setReceiveBufferSize(int size) {
        // As the documentation of Socket says, a hint.
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return line().socket().getReceiveBufferSize();
    }

    @Override
    public void setReuseAddress(boolean on) {
        // Nothing is bound by our user.
    }

    @Override
    public boolean getReuseAddress() {
        return false;
    }

    @Override
    public void setTrafficClass(int tc) throws SocketException {
        line().socket().setTrafficClass(tc);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return line().socket().getTrafficClass();
    }

    @Override
    public void setOOBInline(boolean on) {
        // There is no urgent data in a session.
    }

    @Override
    public boolean isInputShutdown() {
        var line = connected;
        return line != null && line.socket().isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        var line = connected;
        return line != null && line.socket().isOutputShutdown();
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
            line.line().closed("");
            line.socket().close();
        }
    }

    @Override
    public String toString() {
        return "NetBIOS session socket " + connected;
    }
}

package dev.parley.runtime.tcp;

import dev.parley.runtime.Security;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLHandshakeException;

/// TLS over a socket by an engine, of BoringSSL or of the JDK. Small writes are put together into whole records. The buffers begin small,
/// so that an idle connection costs little, and grow with the traffic.
final class TlsWire implements Wire {
    private static final int MOST_BUFFER = 160 << 10;
    private static final int RECORD = 16 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Security security;
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD);
    /// BoringSSL learns from the peer's first octets that the handshake is over, and gives them at once.
    private ByteBuffer early = NOTHING;
    private ByteBuffer encryptedIn;
    private ByteBuffer encryptedOut;

    /// Makes the handshake; blocks. The engine belongs to this wire, also when the handshake fails.
    TlsWire(SocketChannel channel, Tls tls, SSLEngine engine) throws IOException {
        this.channel = channel;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        encryptedIn = ByteBuffer.allocateDirect(packet).limit(0);
        encryptedOut = ByteBuffer.allocateDirect(packet);
        try {
            handshake();
            security = tls.security(engine);
        } catch (IOException | RuntimeException e) {
            sayGoodbye();
            release();
            explain(e);
            throw e;
        }
    }

    /// Libraries hide what a check of the certificate said in a cause.
    private static void explain(Exception e) throws SSLHandshakeException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                throw (SSLHandshakeException) new SSLHandshakeException(cause.getMessage()).initCause(e);
            }
        }
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        early = ByteBuffer.allocate(LEAST_ROOM);
        for (var status = engine.getHandshakeStatus(); ; status = engine.getHandshakeStatus()) {
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    wrap(NOTHING);
                    send();
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    var result = engine.unwrap(encryptedIn, early);
                    if (result.getStatus() == Status.BUFFER_UNDERFLOW && !receive() || result.getStatus() == Status.CLOSED) {
                        throw new EOFException("the peer closed the connection during the TLS handshake");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    early.flip();
                    return;
                }
            }
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (early.hasRemaining()) {
            int size = early.remaining();
            into.put(early);
            early = NOTHING;
            return size;
        }
        int before = into.position();
        while (true) {
            var result = engine.unwrap(encryptedIn, into);
            int size = into.position() - before;
            switch (result.getStatus()) {
                case OK -> {
                    answer(result.getHandshakeStatus());
                    if (size > 0 && into.remaining() < LEAST_ROOM) {
                        return size;
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    if (size > 0) {
                        return size;
                    }
                    if (!receive()) {
                        return -1;
                    }
                }
                case CLOSED -> {
                    return size > 0 ? size : -1;
                }
                case BUFFER_OVERFLOW -> throw new IOException("a TLS record is longer than RFC 8446 allows");
            }
        }
    }

    /// What a record may ask for after the handshake: a new key, for one.
    private void answer(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        } else if (status == HandshakeStatus.NEED_WRAP) {
            writing.lock();
            try {
                wrap(NOTHING);
                send();
            } finally {
                writing.unlock();
            }
        }
    }

    private void runTasks() {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /// Reads more of the encrypted octets; false when there are no more.
    private boolean receive() throws IOException {
        if (encryptedIn.remaining() == encryptedIn.capacity() || encryptedIn.limit() == encryptedIn.capacity()
                && encryptedIn.capacity() < MOST_BUFFER) {
            encryptedIn = ByteBuffer.allocateDirect(Math.min(MOST_BUFFER, encryptedIn.capacity() * 4)).put(encryptedIn);
        } else {
            encryptedIn.compact();
        }
        int size = channel.read(encryptedIn);
        encryptedIn.flip();
        return size >= 0;
    }

    @Override
    public void write(ByteBuffer[] buffers) throws IOException {
        writing.lock();
        try {
            for (var buffer : buffers) {
                while (buffer.hasRemaining()) {
                    int size = Math.min(buffer.remaining(), record.remaining());
                    record.put(buffer.slice(buffer.position(), size));
                    buffer.position(buffer.position() + size);
                    if (!record.hasRemaining()) {
                        encryptRecord();
                    }
                }
            }
            if (record.position() > 0) {
                encryptRecord();
            }
            send();
        } finally {
            writing.unlock();
        }
    }

    private void encryptRecord() throws IOException {
        record.flip();
        while (record.hasRemaining()) {
            wrap(record);
        }
        record.clear();
    }

    private void wrap(ByteBuffer plain) throws IOException {
        while (true) {
            var result = engine.wrap(plain, encryptedOut);
            switch (result.getStatus()) {
                case OK -> {
                    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                        runTasks();
                    }
                    return;
                }
                case BUFFER_OVERFLOW -> {
                    boolean small = encryptedOut.capacity() < MOST_BUFFER;
                    send();
                    if (small) {
                        encryptedOut = ByteBuffer.allocateDirect(MOST_BUFFER);
                    }
                }
                case CLOSED -> throw new IOException("the TLS connection is closed");
                case BUFFER_UNDERFLOW -> throw new AssertionError("a wrap cannot lack octets");
            }
        }
    }

    private void send() throws IOException {
        encryptedOut.flip();
        while (encryptedOut.hasRemaining()) {
            channel.write(encryptedOut);
        }
        encryptedOut.clear();
    }

    @Override
    public void finish() throws IOException {
        writing.lock();
        try {
            sayGoodbye();
            channel.shutdownOutput();
        } finally {
            writing.unlock();
        }
    }

    /// The close_notify, or the alert of a handshake that failed, as far as the line still takes it.
    private void sayGoodbye() {
        engine.closeOutbound();
        try {
            while (!engine.isOutboundDone() && engine.wrap(NOTHING, encryptedOut).bytesProduced() > 0) {
                send();
            }
        } catch (IOException e) {
            // The line is gone: the peer learns of the end by that.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The socket is gone either way.
        }
    }

    /// Gives back what the engine holds outside of the heap. Called when neither thread uses it any more.
    @Override
    public void release() {
        ReferenceCountUtil.safeRelease(engine);
    }

    @Override
    public Security security() {
        return security;
    }
}

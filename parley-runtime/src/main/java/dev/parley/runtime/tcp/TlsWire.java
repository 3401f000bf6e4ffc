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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/// TLS over a socket by an engine, of BoringSSL or of the JDK. Small writes are put together into whole records. A connection that moves
/// little has only the room in which it waits for the next octets, and borrows the rest; with the traffic it gets buffers of its own.
final class TlsWire implements Wire {
    private static final int MOST_BUFFER = 160 << 10;
    private static final int RECORD = 16 << 10;
    /// The room in which a quiet connection waits for the next octets.
    private static final int LEAST_BUFFER = 1 << 10;
    /// The types of TLS records, from and to.
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int APPLICATION_DATA = 23;
    /// The alert `protocol_version`, for who speaks something else: it may know what a TLS record is.
    private static final byte[] NO_TLS = {21, 3, 1, 0, 2, 2, 70};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Security security;
    private final ReentrantLock writing = new ReentrantLock();
    /// BoringSSL learns from the peer's first octets that the handshake is over, and gives them at once.
    private ByteBuffer early = NOTHING;
    private ByteBuffer encryptedIn = ByteBuffer.allocateDirect(LEAST_BUFFER).limit(0);
    /// Empty between two writes. Borrowed during each of them, until the connection has its own.
    private ByteBuffer encryptedOut = NOTHING;
    private boolean heard;
    /// Of the reading thread: the engine has nothing more to give before the next octets come.
    private boolean hungry;

    /// Makes the handshake; blocks. The engine belongs to this wire, also when the handshake fails.
    TlsWire(SocketChannel channel, Tls tls, SSLEngine engine) throws IOException {
        this.channel = channel;
        this.engine = engine;
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
        for (var status = engine.getHandshakeStatus(); ; status = engine.getHandshakeStatus()) {
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> say();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    var how = unwrapHandshake();
                    if (how == Status.CLOSED) {
                        throw new EOFException("the peer closed the connection during the TLS handshake");
                    }
                    if (how == Status.BUFFER_UNDERFLOW) {
                        receiveHandshake();
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    hungry = !encryptedIn.hasRemaining();
                    return;
                }
            }
        }
    }

    private Status unwrapHandshake() throws IOException {
        var plain = Spare.RECORDS.take();
        try {
            var how = engine.unwrap(encryptedIn, plain).getStatus();
            if (plain.flip().hasRemaining()) {
                early = ByteBuffer.allocate(early.remaining() + plain.remaining()).put(early).put(plain).flip();
            }
            return how;
        } finally {
            Spare.RECORDS.giveBack(plain);
        }
    }

    /// @throws EOFException when the peer has closed. Without a word it may be a server that has no room, so that is no proof.
    /// @throws SSLException when the first octet begins no TLS record (RFC 8446 5.1)
    private void receiveHandshake() throws IOException {
        if (!receive()) {
            throw new EOFException(heard ? "the peer closed the connection during the TLS handshake"
                    : "the peer closed the connection before the TLS handshake: it has no room, or does not speak TLS");
        }
        int type = encryptedIn.get(encryptedIn.position());
        if (!heard && (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA)) {
            if (!engine.getUseClientMode()) {
                channel.write(ByteBuffer.wrap(NO_TLS));
            }
            throw new SSLException("the peer does not speak TLS, and this side does");
        }
        heard = true;
    }

    /// What the engine has to say of itself.
    private void say() throws IOException {
        borrow();
        try {
            wrap(NOTHING);
            send();
        } finally {
            giveBack();
        }
    }

    private void borrow() {
        if (encryptedOut == NOTHING) {
            encryptedOut = Spare.RECORDS.take();
        }
    }

    private void giveBack() {
        if (encryptedOut.capacity() < MOST_BUFFER) {
            Spare.RECORDS.giveBack(encryptedOut);
            encryptedOut = NOTHING;
        }
    }

    @Override
    public boolean await() throws IOException {
        return early.hasRemaining() || !hungry || receive();
    }

    @Override
    public int quietRoom() {
        return LEAST_ROOM;
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
        hungry = false;
        while (true) {
            var result = engine.unwrap(encryptedIn, into);
            int size = into.position() - before;
            switch (result.getStatus()) {
                case OK -> answer(result.getHandshakeStatus());
                case BUFFER_UNDERFLOW -> {
                    if (size > 0) {
                        hungry = true;
                        return size;
                    }
                    if (!receive()) {
                        return -1;
                    }
                }
                case CLOSED -> {
                    return size > 0 ? size : -1;
                }
                case BUFFER_OVERFLOW -> {
                    if (size == 0) {
                        throw new IOException("a TLS record is longer than RFC 8446 allows");
                    }
                    return size;
                }
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
                say();
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
        var record = Spare.RECORDS.take();
        borrow();
        try {
            write(buffers, record.limit(RECORD));
            send();
        } finally {
            giveBack();
            Spare.RECORDS.giveBack(record);
            writing.unlock();
        }
    }

    private void write(ByteBuffer[] buffers, ByteBuffer record) throws IOException {
        for (var buffer : buffers) {
            while (buffer.hasRemaining()) {
                int size = Math.min(buffer.remaining(), record.remaining());
                record.put(buffer.slice(buffer.position(), size));
                buffer.position(buffer.position() + size);
                if (!record.hasRemaining()) {
                    encrypt(record);
                }
            }
        }
        if (record.position() > 0) {
            encrypt(record);
        }
    }

    private void encrypt(ByteBuffer record) throws IOException {
        record.flip();
        while (record.hasRemaining()) {
            wrap(record);
        }
        record.clear().limit(RECORD);
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
                    send();
                    if (encryptedOut.capacity() < MOST_BUFFER) {
                        giveBack();
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
        borrow();
        try {
            while (!engine.isOutboundDone() && engine.wrap(NOTHING, encryptedOut).bytesProduced() > 0) {
                send();
            }
        } catch (IOException e) {
            // The line is gone: the peer learns of the end by that.
        } finally {
            giveBack();
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

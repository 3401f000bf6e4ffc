package dev.parley.netbios.socket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.function.IntSupplier;

/// The octets of session messages with their headers, and nothing else: no direct TCP parser knows a keepalive.
final class MessageInput extends InputStream {
    private static final int KEEP_ALIVE = 0x85;

    private final InputStream in;
    private final IntSupplier timeoutMillis;
    private final byte[] header = new byte[4];
    private int headerRead;
    private int headerGiven = 4;
    private int left;

    /// @param timeoutMillis the longest wait of a read, zero for ever: keepalives must not make it longer
    MessageInput(InputStream in, IntSupplier timeoutMillis) {
        this.in = in;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (headerGiven == 4 && left == 0 && !readHeader()) {
            return -1;
        }
        if (headerGiven < 4) {
            int count = Math.min(length, 4 - headerGiven);
            System.arraycopy(header, headerGiven, target, offset, count);
            headerGiven += count;
            return count;
        }
        int count = in.read(target, offset, Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the session ended inside a message");
        }
        left -= count;
        return count;
    }

    /// A read that times out inside a header goes on there the next time.
    private boolean readHeader() throws IOException {
        long start = System.nanoTime();
        while (true) {
            while (headerRead < 4) {
                int count = in.read(header, headerRead, 4 - headerRead);
                if (count < 0 && headerRead == 0) {
                    return false;
                }
                if (count < 0) {
                    throw new EOFException("the session ended inside a header");
                }
                headerRead += count;
            }
            headerRead = 0;
            int type = header[0] & 0xFF;
            int length = (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
            if (type == 0) {
                headerGiven = 0;
                left = length;
                return true;
            }
            if (type != KEEP_ALIVE || length != 0) {
                throw new IOException("a session packet of type " + Integer.toHexString(type) + " in an open session");
            }
            int most = timeoutMillis.getAsInt();
            if (most > 0 && System.nanoTime() - start > most * 1_000_000L) {
                throw new SocketTimeoutException("nothing but keepalives within " + most + " ms");
            }
        }
    }

    @Override
    public int available() throws IOException {
        return headerGiven < 4 ? 4 - headerGiven : Math.min(left, in.available());
    }
}

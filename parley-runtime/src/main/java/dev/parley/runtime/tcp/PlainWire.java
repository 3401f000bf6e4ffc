package dev.parley.runtime.tcp;

import dev.parley.runtime.Security;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// TCP as it is. Buffers are gathered by the operating system.
record PlainWire(SocketChannel channel) implements Wire {
    private static final int QUIET_ROOM = 2 << 10;

    @Override
    public boolean await() {
        return true;
    }

    @Override
    public int quietRoom() {
        return QUIET_ROOM;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public void write(ByteBuffer[] buffers) throws IOException {
        for (int first = 0; first < buffers.length; ) {
            channel.write(buffers, first, buffers.length - first);
            while (first < buffers.length && !buffers[first].hasRemaining()) {
                first++;
            }
        }
    }

    @Override
    public void finish() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The socket is gone either way.
        }
    }

    @Override
    public void release() {
        // All of it is the socket's.
    }

    @Override
    public Security security() {
        return Security.NONE;
    }
}

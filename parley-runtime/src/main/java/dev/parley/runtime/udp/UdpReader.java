package dev.parley.runtime.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/// The thread that reads all UDP sockets of the process, into one buffer that any datagram fits in: a thousand calls have four thousand sockets,
/// most of them quiet.
final class UdpReader {
    private static final int LARGEST = 65_535;
    /// Datagrams of one socket until the others have their turn.
    private static final int AT_ONCE = 64;

    private static @Nullable UdpReader shared;

    private final Selector selector;
    private final Thread thread;
    /// Written by the reader's thread only.
    private volatile long rounds;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);

    private UdpReader(Selector selector) {
        this.selector = selector;
        thread = Thread.ofPlatform().daemon().name("parley-udp").unstarted(this::run);
    }

    private static synchronized UdpReader shared() throws IOException {
        if (shared == null) {
            shared = new UdpReader(Selector.open());
            shared.thread.start();
        }
        return shared;
    }

    static void add(Udp.Open socket) throws IOException {
        var reader = shared();
        socket.channel().register(reader.selector, SelectionKey.OP_READ, socket);
        reader.selector.wakeup();
    }

    /// A channel that a selector knows keeps its port until the selector has forgotten it: in the first round that begins after this.
    static void close(DatagramChannel channel) {
        try {
            var reader = shared();
            channel.close();
            long before = reader.rounds;
            while (reader.rounds < before + 2 && reader.thread.isAlive() && Thread.currentThread() != reader.thread) {
                reader.selector.wakeup();
                Thread.onSpinWait();
            }
        } catch (IOException _) {
            // It is closed all the same.
            return;
        }
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                selector.select(this::ready);
            } catch (IOException _) {
                // Of one socket, which is closed then.
                Thread.onSpinWait();
            }
            rounds = rounds + 1;
        }
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Udp.Open socket)) {
            return;
        }
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                buffer.clear();
                var from = (InetSocketAddress) socket.channel().receive(buffer);
                if (from == null) {
                    return;
                }
                buffer.flip();
                socket.hand(from, ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
            }
        } catch (IOException | RuntimeException | OutOfMemoryError _) {
            // Closed, the ICMP answer to something sent before, or nothing left to keep a datagram in: none of the other sockets shall mind.
            return;
        }
    }
}

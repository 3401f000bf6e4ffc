package dev.parley.h323;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line of call signalling that can be cut; new connections pass, unless it is closed.
final class SignalCut implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final ServerSocket listener = new ServerSocket(0, 10, HERE);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress to;

    SignalCut(InetSocketAddress to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int connections() {
        return sockets.size() / 2;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var from = listener.accept();
                var on = new Socket(to.getAddress(), to.getPort());
                sockets.add(from);
                sockets.add(on);
                Thread.ofVirtual().start(() -> carry(from, on));
                Thread.ofVirtual().start(() -> carry(on, from));
            } catch (IOException e) {
                // It is closed, or nobody is there.
                continue;
            }
        }
    }

    private static void carry(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // It is cut.
            return;
        }
    }

    void cut() throws IOException {
        // Not those that come while it is being cut.
        for (var socket : List.copyOf(sockets)) {
            socket.close();
        }
    }

    /// For good.
    void stop() throws IOException {
        listener.close();
        cut();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}

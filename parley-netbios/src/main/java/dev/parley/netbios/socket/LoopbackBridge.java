package dev.parley.netbios.socket;

import dev.parley.runtime.tcp.Tcp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// For programs that take no socket factory: each connection to its port on this host becomes a session with a NetBIOS name. What comes is
/// direct TCP, as on port 445; both sides must keep their reads and writes at 65 536 octets.
public final class LoopbackBridge implements AutoCloseable {
    /// Connections at a time; further ones are closed at once.
    public static final int MOST_CONNECTIONS = 32;

    private final ServerSocket server;
    private final NetbiosSockets sockets;
    private final String name;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LoopbackBridge(ServerSocket server, NetbiosSockets sockets, String name) {
        this.server = server;
        this.sockets = sockets;
        this.name = name;
    }

    /// @param port 0 for any
    public static LoopbackBridge listen(int port, NetbiosSockets sockets, String name) throws IOException {
        var bridge = new LoopbackBridge(new ServerSocket(port, MOST_CONNECTIONS, InetAddress.getLoopbackAddress()), sockets, name);
        Thread.ofVirtual().name("netbios-bridge").start(bridge::accept);
        return bridge;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var near = server.accept();
                if (open.size() >= MOST_CONNECTIONS) {
                    near.close();
                } else {
                    open.add(near);
                    Thread.ofVirtual().name("netbios-bridge").start(() -> join(near));
                }
            } catch (IOException e) {
                // A connection that broke before it was taken, or the end: the loop's condition tells.
                if (!server.isClosed()) {
                    Tcp.awaitRoom();
                }
            }
        }
    }

    private void join(Socket near) {
        try (near; var far = sockets.createSocket(name, NetbiosSockets.SESSION_PORT)) {
            var back = Thread.ofVirtual().name("netbios-bridge").start(() -> {
                pump(far, near);
                close(near);
            });
            pump(near, far);
            close(far);
            back.join();
        } catch (IOException e) {
            // Nobody of that name, or lost: the program sees its connection end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(near);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            out.flush();
        } catch (IOException e) {
            // One end is gone: the other is closed by the caller.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(LoopbackBridge::close);
    }
}

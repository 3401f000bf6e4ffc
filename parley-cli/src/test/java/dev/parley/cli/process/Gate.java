package dev.parley.cli.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line to a server that lets only so many octets of each connection pass towards it, until it is opened. So what a test wants to happen in
/// the middle of a transfer does happen there, however fast or slow the machine is.
final class Gate implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private final long most;
    private boolean open;

    /// @param server `HOST:PORT` on this machine
    Gate(String server, long most) throws IOException {
        this.port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        this.most = most;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /// Lets everything pass from now on.
    synchronized void open() {
        open = true;
        notifyAll();
    }

    private synchronized void awaitOpen() throws InterruptedException {
        while (!open) {
            wait();
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                sockets.add(client);
                try {
                    var server = new Socket(InetAddress.getLoopbackAddress(), port);
                    sockets.add(server);
                    Thread.ofVirtual().start(() -> pass(client, server, most));
                    Thread.ofVirtual().start(() -> pass(server, client, Long.MAX_VALUE));
                } catch (IOException e) {
                    // There is no server just now.
                    client.close();
                }
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void pass(Socket from, Socket to, long allowed) {
        var octets = new byte[8192];
        long left = allowed;
        try (from; to) {
            for (int n = from.getInputStream().read(octets); n >= 0; n = from.getInputStream().read(octets)) {
                if (n > left) {
                    awaitOpen();
                    left = Long.MAX_VALUE;
                }
                to.getOutputStream().write(octets, 0, n);
                left -= n;
            }
        } catch (IOException | InterruptedException e) {
            // One end is gone, so the other one goes too.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open();
        for (var socket : sockets) {
            socket.close();
        }
    }
}

package dev.parley.cli.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line to a server that lets only so many octets of each connection pass, until it is opened. So what a test wants to happen in
/// the middle of a transfer does happen there, however fast or slow the machine is.
final class Gate implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private final long mostThere;
    private final long mostBack;
    private boolean open;
    private int held;

    /// @param server `HOST:PORT` on this machine
    /// @param most octets towards the server
    Gate(String server, long most) throws IOException {
        this(server, most, Long.MAX_VALUE);
    }

    static Gate back(String server, long most) throws IOException {
        return new Gate(server, Long.MAX_VALUE, most);
    }

    private Gate(String server, long mostThere, long mostBack) throws IOException {
        this.port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        this.mostThere = mostThere;
        this.mostBack = mostBack;
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

    /// Waits until a connection has come as far as it may.
    synchronized void awaitHeld() throws InterruptedException {
        while (held == 0) {
            wait();
        }
    }

    /// Cuts what is connected and lets everything pass from now on.
    void cutAndOpen() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        open();
    }

    private synchronized void awaitOpen() throws InterruptedException {
        held++;
        notifyAll();
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
                    Thread.ofVirtual().start(() -> pass(client, server, mostThere));
                    Thread.ofVirtual().start(() -> pass(server, client, mostBack));
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
        cutAndOpen();
    }
}

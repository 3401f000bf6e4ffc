package dev.parley.cli.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line to a server that lets only so many octets of each connection pass, until it is opened, and that can be told to let nothing pass. So
/// what a test wants to happen in the middle of a transfer does happen there, however fast or slow the machine is. It counts what enters it.
final class Gate implements AutoCloseable {
    /// Where octets go.
    enum Way {
        THERE,
        BACK
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private final Way narrow;
    private final long most;
    private final Set<Way> open = EnumSet.noneOf(Way.class);
    private final Set<Way> closed = EnumSet.noneOf(Way.class);
    private int held;
    private int connections;
    private final long[] entered = new long[Way.values().length];

    /// @param server `HOST:PORT` on this machine
    /// @param most octets towards the server
    Gate(String server, long most) throws IOException {
        this(server, Way.THERE, most);
    }

    static Gate back(String server, long most) throws IOException {
        return new Gate(server, Way.BACK, most);
    }

    /// @param narrow which way only so many octets pass
    Gate(String server, Way narrow, long most) throws IOException {
        this.port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        this.narrow = narrow;
        this.most = most;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /// Lets everything pass from now on.
    void open() {
        open(Way.THERE);
        open(Way.BACK);
    }

    /// Lets everything pass this way from now on.
    synchronized void open(Way way) {
        open.add(way);
        closed.remove(way);
        notifyAll();
    }

    /// Lets nothing more pass this way: what one side says after this call the other one does not hear.
    synchronized void hold(Way way) {
        closed.add(way);
    }

    /// Waits until a connection has come as far as it may.
    synchronized void awaitHeld() throws InterruptedException {
        while (held == 0) {
            wait();
        }
    }

    /// Octets that one side has said so far, over all connections: as they are on the wire, whatever they mean.
    synchronized long entered(Way way) {
        return entered[way.ordinal()];
    }

    /// How many connections there were.
    synchronized int connections() {
        return connections;
    }

    private synchronized void count(Way way, int octets) {
        entered[way.ordinal()] += octets;
    }

    /// Cuts what is connected and lets everything pass from now on.
    void cutAndOpen() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        open();
    }

    /// @param within whether these octets are of those that may pass anyway
    private synchronized void awaitOpen(Way way, boolean within) throws InterruptedException {
        if (!within && !open.contains(way)) {
            held++;
            notifyAll();
        }
        while (closed.contains(way) || !within && !open.contains(way)) {
            wait();
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                sockets.add(client);
                synchronized (this) {
                    connections++;
                }
                try {
                    var server = new Socket(InetAddress.getLoopbackAddress(), port);
                    sockets.add(server);
                    Thread.ofVirtual().start(() -> pass(client, server, Way.THERE));
                    Thread.ofVirtual().start(() -> pass(server, client, Way.BACK));
                } catch (IOException e) {
                    // There is no server just now.
                    client.close();
                }
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void pass(Socket from, Socket to, Way way) {
        var octets = new byte[8192];
        long left = way == narrow ? most : Long.MAX_VALUE;
        try (from; to) {
            for (int n = from.getInputStream().read(octets); n >= 0; n = from.getInputStream().read(octets)) {
                count(way, n);
                awaitOpen(way, n <= left);
                left -= n;
                to.getOutputStream().write(octets, 0, n);
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

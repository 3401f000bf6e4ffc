package dev.parley.netbios.datagram;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The datagram service on UDP (port 138). What arrives waits in a queue of bounded length; when it is full, the newest is lost, as
/// datagrams may be.
public final class DatagramService implements AutoCloseable {
    public static final int STANDARD_PORT = 138;
    private static final int QUEUE = 256;
    private static final int LARGEST = 4_096;

    private final DatagramNode node;
    private final List<DatagramSocket> sockets;
    private final Endpoint broadcast;
    private final BlockingQueue<DatagramNode.Received> arrived = new ArrayBlockingQueue<>(QUEUE);
    private volatile boolean closed;
    private volatile long lost;

    private DatagramService(DatagramNode node, List<DatagramSocket> sockets, Endpoint broadcast) {
        this.node = node;
        this.sockets = sockets;
        this.broadcast = broadcast;
    }

    /// @param node with the local address and port
    /// @param broadcast where broadcasts go and come from
    public static DatagramService open(DatagramNode node, Endpoint local, Ipv4 broadcast) throws IOException {
        var own = bound(local);
        DatagramSocket all;
        try {
            all = bound(new Endpoint(broadcast, local.port()));
        } catch (IOException e) {
            own.close();
            throw e;
        }
        var service = new DatagramService(node, List.of(own, all), new Endpoint(broadcast, local.port()));
        service.sockets.forEach(s -> Thread.ofVirtual().name("netbios-datagrams").start(() -> service.read(s)));
        return service;
    }

    private static DatagramSocket bound(Endpoint at) throws IOException {
        var socket = new DatagramSocket(null);
        try {
            socket.setReuseAddress(true);
            socket.setBroadcast(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(at.address().octets()), at.port()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Sends to one holder of a unique name.
    public void send(NetbiosName from, NetbiosName to, Endpoint at, ByteBuffer data) {
        send(Datagram.Kind.DIRECT_UNIQUE, from, to, at, data);
    }

    /// Sends to all members of a group on this network.
    public void sendToGroup(NetbiosName from, NetbiosName group, ByteBuffer data) {
        send(Datagram.Kind.DIRECT_GROUP, from, group, broadcast, data);
    }

    /// Sends to everybody on this network.
    public void sendToAll(NetbiosName from, ByteBuffer data) {
        send(Datagram.Kind.BROADCAST, from, NetbiosName.WILDCARD, broadcast, data);
    }

    private void send(Datagram.Kind kind, NetbiosName from, NetbiosName to, Endpoint at, ByteBuffer data) {
        List<Datagram.Message> packets;
        synchronized (node) {
            packets = node.send(kind, from, to, data);
        }
        packets.forEach(p -> write(p, at));
    }

    private void write(Datagram packet, Endpoint to) {
        var octets = DatagramCodec.encode(packet);
        try {
            sockets.getFirst().send(new DatagramPacket(octets.array(), octets.remaining(),
                    InetAddress.getByAddress(to.address().octets()), to.port()));
        } catch (IOException e) {
            throw new SessionException.ConnectionLost("the datagram could not be sent to " + to + ": " + e.getMessage(), e);
        }
    }

    /// Waits for the next datagram to a local name.
    public Optional<DatagramNode.Received> receive(Duration wait) throws InterruptedException {
        return Optional.ofNullable(arrived.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
    }

    /// Datagrams that were for nobody, malformed or came faster than they were taken.
    public long dropped() {
        synchronized (node) {
            return node.dropped() + lost;
        }
    }

    private void read(DatagramSocket socket) {
        var buffer = new byte[LARGEST];
        while (!closed) {
            try {
                var datagram = new DatagramPacket(buffer, buffer.length);
                socket.receive(datagram);
                var from = new Endpoint(Ipv4.of(datagram.getAddress().getAddress()), datagram.getPort());
                var copy = ByteBuffer.allocate(datagram.getLength()).put(buffer, 0, datagram.getLength()).flip();
                received(from, copy);
            } catch (SessionException | IllegalArgumentException e) {
                countLost();
            } catch (IOException e) {
                // Closed, or an ICMP error of an earlier send: the loop's condition tells.
                Thread.onSpinWait();
            }
        }
    }

    private void received(Endpoint from, ByteBuffer octets) {
        DatagramNode.Result result;
        synchronized (node) {
            result = node.receive(from, DatagramCodec.decode(octets), System.nanoTime() / 1_000_000);
        }
        switch (result) {
            case DatagramNode.Result.Deliver deliver -> {
                if (!arrived.offer(deliver.datagram())) {
                    countLost();
                }
            }
            case DatagramNode.Result.Reply reply -> write(reply.packet(), from);
            case DatagramNode.Result.Undelivered _, DatagramNode.Result.Nothing _ -> { }
        }
    }

    private void countLost() {
        synchronized (node) {
            lost++;
        }
    }

    @Override
    public void close() {
        closed = true;
        sockets.forEach(DatagramSocket::close);
    }
}

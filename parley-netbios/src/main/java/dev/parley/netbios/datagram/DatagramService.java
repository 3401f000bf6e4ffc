package dev.parley.netbios.datagram;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.name.LocalNetwork;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The datagram service on UDP (port 138). What arrives waits in a queue of bounded length; when it is full, the newest is lost, as
/// datagrams may be.
public final class DatagramService implements AutoCloseable {
    public static final int STANDARD_PORT = 138;
    private static final int QUEUE = 256;
    private static final int LARGEST = 4_096;

    private final DatagramNode node;
    private final Groups groups;
    private final Optional<Distributor> distributor;
    private final List<DatagramSocket> sockets;
    private final Endpoint broadcast;
    private final BlockingQueue<DatagramNode.Received> arrived = new ArrayBlockingQueue<>(QUEUE);
    private volatile boolean closed;
    private volatile long lost;

    /// How datagrams reach a group.
    public sealed interface Groups {
        /// B nodes, and all that share the network.
        record Broadcast() implements Groups {}

        /// One packet for each member that the name server tells; where nobody offers a distribution server.
        record FanOut(Function<NetbiosName, List<Ipv4>> members) implements Groups {}

        /// The distribution server passes it on.
        record Distributed(Endpoint server) implements Groups {}
    }

    private DatagramService(DatagramNode node, Groups groups, Optional<Distributor> distributor, List<DatagramSocket> sockets, Endpoint broadcast) {
        this.node = node;
        this.groups = groups;
        this.distributor = distributor;
        this.sockets = sockets;
        this.broadcast = broadcast;
    }

    /// @param node with the local address and port
    /// @param broadcast where broadcasts go and come from
    public static DatagramService open(DatagramNode node, Endpoint local, Ipv4 broadcast) throws IOException {
        return open(node, local, broadcast, new Groups.Broadcast(), Optional.empty(), Recorder.NONE);
    }

    /// @param distributor makes this host a distribution server
    /// @param recorder what crosses the network is told to
    public static DatagramService open(DatagramNode node, Endpoint local, Ipv4 broadcast, Groups groups, Optional<Distributor> distributor,
            Recorder recorder) throws IOException {
        var own = bound(local, local, recorder);
        DatagramSocket all;
        try {
            all = bound(new Endpoint(broadcast, local.port()), local, recorder);
        } catch (IOException e) {
            own.close();
            throw e;
        }
        var service = new DatagramService(node, groups, distributor, List.of(own, all), new Endpoint(broadcast, local.port()));
        service.sockets.forEach(s -> Thread.ofVirtual().name("netbios-datagrams").start(() -> service.read(s)));
        return service;
    }

    private static DatagramSocket bound(Endpoint at, Endpoint own, Recorder recorder) throws IOException {
        return LocalNetwork.bound(at, recorder.datagrams(LocalNetwork.socketAddress(own), own.port(), STANDARD_PORT));
    }

    /// Sends to one holder of a unique name.
    public void send(NetbiosName from, NetbiosName to, Endpoint at, ByteBuffer data) {
        send(Datagram.Kind.DIRECT_UNIQUE, from, to, at, data);
    }

    /// Sends to all members of a group.
    public void sendToGroup(NetbiosName from, NetbiosName group, ByteBuffer data) {
        var packets = packets(Datagram.Kind.DIRECT_GROUP, from, group, data);
        for (var at : targets(group)) {
            packets.forEach(p -> write(p, at));
        }
    }

    private List<Endpoint> targets(NetbiosName group) {
        return switch (groups) {
            case Groups.Broadcast _ -> List.of(broadcast);
            case Groups.Distributed d -> List.of(d.server());
            // Name servers that do not list the members of a group answer with the address of a broadcast, or with none.
            case Groups.FanOut f -> f.members().apply(group).stream().map(a -> a.isHost() ? new Endpoint(a, broadcast.port()) : broadcast)
                    .distinct().toList();
        };
    }

    /// Sends to everybody on this network, or in the scope where a distribution server serves it.
    public void sendToAll(NetbiosName from, ByteBuffer data) {
        var at = groups instanceof Groups.Distributed d ? d.server() : broadcast;
        var all = new NetbiosName(NetbiosName.WILDCARD.text(), 0, from.scope());
        packets(Datagram.Kind.BROADCAST, from, all, data).forEach(p -> write(p, at));
    }

    private void send(Datagram.Kind kind, NetbiosName from, NetbiosName to, Endpoint at, ByteBuffer data) {
        packets(kind, from, to, data).forEach(p -> write(p, at));
    }

    private List<Datagram.Message> packets(Datagram.Kind kind, NetbiosName from, NetbiosName to, ByteBuffer data) {
        synchronized (node) {
            return node.send(kind, from, to, data);
        }
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
                received(from, copy, socket == sockets.getFirst());
            } catch (SessionException e) {
                countLost();
            } catch (IOException e) {
                // Closed, or an ICMP error of an earlier send: the loop's condition tells.
                Thread.onSpinWait();
            }
        }
    }

    private void received(Endpoint from, ByteBuffer octets, boolean direct) {
        long now = System.nanoTime() / 1_000_000;
        var packet = DatagramCodec.decode(octets);
        DatagramNode.Result result;
        List<Distributor.Copy> copies;
        synchronized (node) {
            result = node.receive(from, direct, packet, now);
            copies = direct ? distributor.map(d -> d.receive(from, packet, now)).orElse(List.of()) : List.of();
        }
        for (var copy : copies) {
            write(copy.packet(), copy.to());
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

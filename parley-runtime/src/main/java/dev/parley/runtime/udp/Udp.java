package dev.parley.runtime.udp;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// UDP sockets of this machine. One virtual thread reads a socket and hands each datagram to the loop; when the loop is behind by too many,
/// the newest are lost, as in a full socket.
public final class Udp implements Datagrams.Network {
    /// Datagrams of one socket that wait for the loop.
    public static final int MOST_WAITING = 512;

    private static final int LARGEST = 65_535;
    private static final int RECEIVE_BUFFER = 1 << 20;

    @Override
    public Datagrams open(InetSocketAddress local, Optional<InetAddress> group, Loop loop, Datagrams.Handler handler) throws IOException {
        var socket = new DatagramSocket(null);
        try {
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            var address = local.getAddress();
            var network = address.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(address);
            if (network != null) {
                socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
            }
            if (group.isEmpty()) {
                socket.bind(local);
            } else {
                // Several programs of one machine may listen to a group, and datagrams to it are not addressed to one host.
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(local.getPort()));
                socket.joinGroup(new InetSocketAddress(group.get(), 0), network);
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var open = new Open(socket, loop, handler);
        Thread.ofVirtual().name("udp-" + socket.getLocalPort()).start(open::read);
        return open;
    }

    /// @param waiting for the loop
    /// @param lost because too many were waiting
    record Open(DatagramSocket socket, Loop loop, Handler handler, AtomicInteger waiting, AtomicLong lost) implements Datagrams {
        Open(DatagramSocket socket, Loop loop, Handler handler) {
            this(socket, loop, handler, new AtomicInteger(), new AtomicLong());
        }

        @Override
        public InetSocketAddress local() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void send(InetSocketAddress to, ByteBuffer datagram) {
            var octets = new byte[datagram.remaining()];
            datagram.duplicate().get(octets);
            try {
                socket.send(new DatagramPacket(octets, octets.length, to));
            } catch (IOException | IllegalArgumentException lost) {
                // No room, no route, port unreachable, or closed: a datagram may be lost.
            }
        }

        private void read() {
            var buffer = new byte[LARGEST];
            while (!socket.isClosed()) {
                try {
                    var packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    hand((InetSocketAddress) packet.getSocketAddress(), ByteBuffer.wrap(Arrays.copyOf(buffer, packet.getLength())));
                } catch (IOException e) {
                    // Closed, or the ICMP answer to something sent before: the loop's condition tells.
                    Thread.onSpinWait();
                }
            }
        }

        private void hand(InetSocketAddress from, ByteBuffer datagram) {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                waiting.decrementAndGet();
                lost.incrementAndGet();
                return;
            }
            loop.execute(() -> {
                waiting.decrementAndGet();
                if (!socket.isClosed()) {
                    handler.received(from, datagram);
                }
            });
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}

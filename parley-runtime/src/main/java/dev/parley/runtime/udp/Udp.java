package dev.parley.runtime.udp;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// UDP sockets of this machine. One thread reads all of them and hands each datagram to the loop of its socket; when a loop is behind by too many,
/// the newest are lost, as in a full socket.
public final class Udp implements Datagrams.Network {
    /// Datagrams of one socket that wait for the loop.
    public static final int MOST_WAITING = 512;

    private static final int RECEIVE_BUFFER = 1 << 20;

    @Override
    public Datagrams open(InetSocketAddress local, Optional<InetAddress> group, Loop loop, Datagrams.Handler handler) throws IOException {
        var channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            var address = local.getAddress();
            var network = address.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(address);
            if (network != null) {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
            }
            if (group.isEmpty()) {
                channel.bind(local);
            } else {
                // Several programs of one machine may listen to a group, and datagrams to it are not addressed to one host.
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(local.getPort()));
                channel.socket().joinGroup(new InetSocketAddress(group.get(), 0), network);
            }
            var open = new Open(channel, (InetSocketAddress) channel.socket().getLocalSocketAddress(), loop, handler);
            UdpReader.add(open);
            return open;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// @param waiting for the loop
    /// @param lost because too many were waiting
    record Open(DatagramChannel channel, InetSocketAddress local, Loop loop, Handler handler, AtomicInteger waiting, AtomicLong lost)
            implements Datagrams {
        Open(DatagramChannel channel, InetSocketAddress local, Loop loop, Handler handler) {
            this(channel, local, loop, handler, new AtomicInteger(), new AtomicLong());
        }

        @Override
        public void send(InetSocketAddress to, ByteBuffer datagram) {
            try {
                channel.send(datagram.duplicate(), to);
            } catch (IOException | RuntimeException lost) {
                // No room, no route, port unreachable, too large, or closed: a datagram may be lost.
            }
        }

        /// On the reader's thread.
        void hand(InetSocketAddress from, ByteBuffer datagram) {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                waiting.decrementAndGet();
                lost.incrementAndGet();
                return;
            }
            loop.execute(() -> {
                waiting.decrementAndGet();
                if (channel.isOpen()) {
                    handler.received(from, datagram);
                }
            });
        }

        /// The port is free when this returns.
        @Override
        public void close() {
            UdpReader.close(channel);
        }
    }
}

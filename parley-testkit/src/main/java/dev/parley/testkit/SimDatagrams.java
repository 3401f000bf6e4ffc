package dev.parley.testkit;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Datagrams in virtual time, with delay, loss and doubling by chance. Those that wait longer are overtaken. Sockets of a killed process fall
/// silent.
public final class SimDatagrams implements Datagrams.Network {
    private static final int FIRST_FREE_PORT = 49_152;

    private final SimWorld world;
    private final Map<InetSocketAddress, List<Open>> open = new HashMap<>();
    private Duration quickest = Duration.ofMillis(1);
    private Duration slowest = Duration.ofMillis(1);
    private double loss;
    private double doubling;
    private int nextPort = FIRST_FREE_PORT;
    private long sent;
    private long lost;

    public SimDatagrams(SimWorld world) {
        this.world = world;
    }

    /// How long a datagram takes at least and at most.
    public SimDatagrams delay(Duration least, Duration most) {
        quickest = least;
        slowest = most;
        return this;
    }

    /// @param share of all datagrams, 0 to 1
    public SimDatagrams loss(double share) {
        loss = share;
        return this;
    }

    /// @param share of all datagrams that arrive twice, 0 to 1
    public SimDatagrams doubling(double share) {
        doubling = share;
        return this;
    }

    public long sent() {
        return sent;
    }

    public long lost() {
        return lost;
    }

    @Override
    public Datagrams open(InetSocketAddress local, Optional<InetAddress> group, Loop loop, Datagrams.Handler handler) throws IOException {
        var address = local.getPort() == 0 ? new InetSocketAddress(local.getAddress(), nextPort++) : local;
        var key = group.isPresent() ? new InetSocketAddress(group.get(), address.getPort()) : address;
        var others = open.computeIfAbsent(key, _ -> new ArrayList<>());
        if (group.isEmpty() && !others.isEmpty()) {
            throw new BindException(address + " is taken");
        }
        var socket = new Open(address, others, loop, handler);
        others.add(socket);
        return socket;
    }

    private void carry(InetSocketAddress from, InetSocketAddress to, ByteBuffer datagram) {
        sent++;
        if (world.random().nextDouble() < loss) {
            lost++;
            return;
        }
        for (int copies = world.random().nextDouble() < doubling ? 2 : 1; copies > 0; copies--) {
            var copy = ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip();
            world.after(quickest.plus(world.chance(slowest.minus(quickest))), () ->
                    List.copyOf(open.getOrDefault(to, List.of())).forEach(s -> s.deliver(from, copy.duplicate())));
        }
    }

    private final class Open implements Datagrams {
        private final InetSocketAddress local;
        private final List<Open> group;
        private final Loop loop;
        private final Handler handler;

        private Open(InetSocketAddress local, List<Open> group, Loop loop, Handler handler) {
            this.local = local;
            this.group = group;
            this.loop = loop;
            this.handler = handler;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public void send(InetSocketAddress to, ByteBuffer datagram) {
            if (group.contains(this)) {
                carry(local, to, datagram);
            }
        }

        private void deliver(InetSocketAddress from, ByteBuffer datagram) {
            loop.execute(() -> {
                if (group.contains(this)) {
                    handler.received(from, datagram);
                }
            });
        }

        @Override
        public void close() {
            group.remove(this);
        }
    }
}

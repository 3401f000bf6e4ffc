package dev.parley.testkit;

import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A network in memory: connections with delay, a limited buffer and backpressure.
public final class SimNet {
    private final SimWorld world;
    private final List<SimCable> cables = new ArrayList<>();
    private Duration slowest = Duration.ofMillis(2);
    private int mostSegment = 16_384;
    private int buffer = 64 << 10;

    public SimNet(SimWorld world) {
        this.world = world;
    }

    /// How long octets take to the other side at most.
    public SimNet slowest(Duration most) {
        slowest = most;
        return this;
    }

    /// How many octets arrive at once at most; how many, is chance.
    public SimNet mostSegment(int octets) {
        mostSegment = octets;
        return this;
    }

    /// How many octets may be under way or wait unread at the receiver.
    public SimNet buffer(int octets) {
        buffer = octets;
        return this;
    }

    /// Connects, unless the server's process is dead. The handlers are told on their loops.
    ///
    /// @param accept makes the handler at the server for a loop of its own
    public Optional<SimCable> connect(Loop clientLoop, Link.Handler client, SimProcess server, Function<Loop, Link.Handler> accept) {
        if (!server.isAlive() || !(clientLoop instanceof SimLoop loop)) {
            return Optional.empty();
        }
        var serverLoop = (SimLoop) server.loop();
        var cable = new SimCable(world, slowest, mostSegment, buffer, loop, client, serverLoop, accept.apply(serverLoop));
        cables.add(cable);
        world.trace("connection " + cables.size());
        return Optional.of(cable);
    }

    /// All connections that were ever made, in order.
    public List<SimCable> cables() {
        return List.copyOf(cables);
    }
}

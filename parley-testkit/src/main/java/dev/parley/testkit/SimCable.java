package dev.parley.testkit;

import dev.parley.runtime.Link;
import java.time.Duration;

/// One connection of the simulated network, with the faults that a line can have.
public final class SimCable {
    /// Which way octets go.
    public enum Way {
        TO_SERVER,
        TO_CLIENT
    }

    private final SimWorld world;
    private final Duration slowest;
    private final SimLink client;
    private final SimLink server;
    private boolean dead;

    SimCable(SimWorld world, Duration slowest, int mostSegment, int buffer, SimLoop clientLoop, Link.Handler client, SimLoop serverLoop,
            Link.Handler server) {
        this.world = world;
        this.slowest = slowest;
        this.client = new SimLink(world, this, clientLoop, client, "10.0.0.1:7000", mostSegment, buffer);
        this.server = new SimLink(world, this, serverLoop, server, "10.0.0.2:50000", mostSegment, buffer);
        this.client.open(this.server);
        this.server.open(this.client);
        clientLoop.process().atDeath(() -> died(this.client));
        serverLoop.process().atDeath(() -> died(this.server));
    }

    /// Cuts the line when so many octets were carried that way: exactly these arrive. Both sides learn of it a little later.
    public void cutAfter(Way way, long octets) {
        sender(way).cutAfter(octets);
    }

    /// Changes the octet with this number (from 0) on its way.
    public void damage(Way way, long octet, int mask) {
        sender(way).damage(octet, mask);
    }

    /// Changes one octet in the n-th buffer (from 1) of such a size that is written: where the sender writes pages and headers apart, a
    /// page.
    public void damageBuffer(Way way, int n, int least, int most, int mask) {
        sender(way).damageBuffer(n, least, most, mask);
    }

    /// Nothing arrives that way for a time; then it goes on.
    public void stall(Way way, Duration time) {
        sender(way).stall(time);
    }

    /// Cuts the line now; what is under way is lost.
    public void cut() {
        if (!dead) {
            world.trace("cut");
            dead = true;
            for (var link : new SimLink[] {client, server}) {
                world.after(world.chance(slowest), () -> link.told("the line is cut"));
            }
        }
    }

    /// The line is dead and nobody is told: a half-open connection.
    public void silence() {
        world.trace("silence");
        dead = true;
    }

    /// How many octets arrived that way.
    public long carried(Way way) {
        return sender(way).carried();
    }

    /// How many octets wait that way: written and not handled yet.
    public long waiting(Way way) {
        return sender(way).waiting();
    }

    public boolean isDead() {
        return dead;
    }

    Duration delay() {
        return world.chance(slowest);
    }

    private SimLink sender(Way way) {
        return way == Way.TO_SERVER ? client : server;
    }

    private void died(SimLink end) {
        if (!dead) {
            end.abort();
        }
    }
}

package dev.parley.transfer.engine;

import dev.parley.runtime.Loop;
import java.time.Duration;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What a sender waits for: the answer to an offer, the confirmation of checkpoints, of the end of the activity. Used on the loop, except for
/// [#waits].
final class InFlight {
    private static final long NOTHING = Long.MIN_VALUE;

    private final Loop loop;
    private final TreeMap<Long, Outgoing.Interval> points = new TreeMap<>();
    /// The interval that ends the activity.
    private Outgoing.@Nullable Interval ending;
    private boolean asked;
    /// When the peer last did something about it, in ns, while there is something to do.
    private volatile long since = NOTHING;

    InFlight(Loop loop) {
        this.loop = loop;
    }

    void offer() {
        asked = true;
        begins();
    }

    void answered() {
        asked = false;
        moves();
    }

    void add(long serial, Outgoing.Interval interval) {
        points.put(serial, interval);
        begins();
    }

    void end(Outgoing.Interval interval) {
        ending = interval;
        begins();
    }

    /// Everything up to this point is confirmed.
    void confirm(long serial, BiConsumer<Long, Outgoing.Interval> each) {
        var confirmed = points.headMap(serial, true);
        confirmed.forEach(each);
        confirmed.clear();
        moves();
    }

    /// The end is confirmed, and with it every point before.
    Outgoing.Interval ended(BiConsumer<Long, Outgoing.Interval> each) {
        var last = Objects.requireNonNull(ending);
        ending = null;
        confirm(Long.MAX_VALUE, each);
        return last;
    }

    /// All of it will be sent again.
    void drop() {
        points.clear();
        ending = null;
        moves();
    }

    boolean isEnding() {
        return ending != null;
    }

    int points() {
        return points.size();
    }

    boolean isEmpty() {
        return points.isEmpty() && ending == null;
    }

    private void begins() {
        if (since == NOTHING) {
            since = loop.nanoTime();
        }
    }

    private void moves() {
        since = isEmpty() && !asked ? NOTHING : loop.nanoTime();
    }

    /// For how long the peer has not done anything about it. From any thread.
    Duration waits() {
        long from = since;
        return from == NOTHING ? Duration.ZERO : Duration.ofNanos(loop.nanoTime() - from);
    }
}

package dev.parley.session.flow;

import dev.parley.session.flow.Flow.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// The flows of one class. A free token goes to the most urgent one that waits, the earlier one of equals. When all are held, a waiting flow
/// whose priority is above the urgency of a holder makes that holder give its token at its next checkpoint.
final class FlowQueue {
    private static final long RATE_MEMORY_NANOS = Duration.ofMinutes(10).toNanos();
    /// A flow's own rate counts when it has been measured for so long.
    private static final long LEAST_MEASURED_NANOS = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final int capacity;
    private final List<Flow> flows = new ArrayList<>();
    /// Of all flows of the class: for those that have not transmitted yet.
    private final Rate rate = new Rate(RATE_MEMORY_NANOS);

    FlowQueue(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    List<Flow> flows() {
        return flows;
    }

    boolean isEmpty() {
        return flows.isEmpty();
    }

    boolean hasFree() {
        return holders().size() < capacity;
    }

    long waiting() {
        return flows.stream().filter(f -> !f.holds()).count();
    }

    /// Counts what a holder transmitted, for estimates.
    void moved(Flow flow, long octets, long heldNanos) {
        flow.done += octets;
        flow.rate.add(octets, heldNanos);
        rate.add(octets, heldNanos);
    }

    private static Comparator<Flow> order(long now) {
        return Comparator.<Flow>comparingInt(f -> -f.urgency(now)).thenComparingLong(f -> f.arrival);
    }

    private List<Flow> present(long now) {
        return flows.stream().filter(f -> f.phase == Phase.WAITING).sorted(order(now)).toList();
    }

    private List<Flow> holders() {
        return flows.stream().filter(Flow::holds).toList();
    }

    /// Gives what is free, and asks for what more urgent flows need.
    void schedule(long now, List<FlowScheduler.Effect> effects) {
        var waiting = present(now);
        int free = capacity - holders().size();
        int next = 0;
        for (; next < waiting.size() && free > 0; next++, free--) {
            waiting.get(next).enter(Phase.HOLDING, now);
            effects.add(new FlowScheduler.Effect.Grant(waiting.get(next).id));
        }
        // Each token that was asked for already is the next waiting one's.
        next += (int) holders().stream().filter(f -> f.phase == Phase.ASKED).count();
        var least = new PriorityQueue<>(order(now).reversed());
        holders().stream().filter(f -> f.phase == Phase.HOLDING).forEach(least::add);
        for (; next < waiting.size() && !least.isEmpty(); next++) {
            if (waiting.get(next).request.priority() <= least.element().urgency(now)) {
                return;
            }
            var holder = least.remove();
            holder.enter(Phase.ASKED, now);
            effects.add(new FlowScheduler.Effect.Please(holder.id));
        }
    }

    /// How long until the waiting flow at this place gets a token, when each flow goes on as fast as it did of late (`--bwlimit`, a slow
    /// line), and one of which that is not known as fast as those of its class.
    private Optional<Duration> estimate(List<Flow> waiting, int place) {
        if (!rate.isKnown(0)) {
            return Optional.empty();
        }
        var ends = new PriorityQueue<Double>();
        for (var holder : holders()) {
            boolean soon = holder.phase == Phase.ASKED;
            ends.add(soon ? 0 : holder.left() < 0 ? Double.POSITIVE_INFINITY : nanos(holder));
        }
        while (ends.size() < capacity) {
            ends.add(0.0);
        }
        for (var ahead : waiting.subList(0, place)) {
            double begins = ends.remove();
            ends.add(ahead.left() < 0 ? Double.POSITIVE_INFINITY : begins + nanos(ahead));
        }
        double nanos = ends.element();
        return Double.isInfinite(nanos) ? Optional.empty() : Optional.of(Duration.ofMillis((long) (nanos / 1e6)));
    }

    private double nanos(Flow flow) {
        return flow.left() * (flow.rate.isKnown(LEAST_MEASURED_NANOS) ? flow.rate : rate).nanosPerOctet();
    }

    FlowSnapshot.FlowClass snapshot(long now) {
        var holders = holders().stream()
                .map(f -> new FlowSnapshot.Holder(f.request.session(), f.request.holder(), f.request.priority(), f.done, f.request.size(),
                        Duration.ofNanos(now - f.since), f.phase == Phase.ASKED))
                .toList();
        var waiting = flows.stream().filter(f -> !f.holds()).sorted(order(now)).toList();
        var waiters = new ArrayList<FlowSnapshot.Waiter>();
        for (int i = 0; i < waiting.size(); i++) {
            var f = waiting.get(i);
            waiters.add(new FlowSnapshot.Waiter(f.request.session(), f.request.holder(), f.request.priority(), i + 1, f.request.size(),
                    Duration.ofNanos(now - f.since), f.phase == Phase.ABSENT, estimate(waiting, i)));
        }
        return new FlowSnapshot.FlowClass(name, capacity, holders, waiters);
    }

    FlowSnapshot.Place place(Flow flow, long now) {
        var waiting = present(now);
        int place = waiting.indexOf(flow);
        return new FlowSnapshot.Place(name, place + 1, holders().stream().map(f -> f.request.holder()).toList(),
                place < 0 ? Optional.empty() : estimate(waiting, place));
    }
}

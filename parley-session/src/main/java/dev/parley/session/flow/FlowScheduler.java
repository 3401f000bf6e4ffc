package dev.parley.session.flow;

import dev.parley.session.flow.Flow.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides which heavy flows may transmit. Pure: the time comes in, what must be done comes out as [Effect]s, in order. Never more flows hold
/// a token of a class than its capacity; a token comes back when its holder gives it, ends, or is lost.
public final class FlowScheduler {
    private static final int MOST_CLASSES = 64;

    /// What must be told to a flow.
    public sealed interface Effect {
        long flow();

        /// It may transmit now.
        record Grant(long flow) implements Effect {}

        /// It should give the token at its next checkpoint, with [FlowScheduler#yielded].
        record Please(long flow) implements Effect {}

        /// It did not give the token in time and lost it; it must not transmit any more.
        record Evict(long flow, String words) implements Effect {}
    }

    /// The answer to a request. The flow of `id` is granted when the effects say so.
    ///
    /// @param id negative when the request was refused, then `words` say why
    public record Asked(long id, String words, List<Effect> effects) {
        public boolean refused() {
            return id < 0;
        }
    }

    private final FlowRules rules;
    private final Map<String, FlowQueue> queues = new TreeMap<>();
    private final Map<Long, Flow> flows = new HashMap<>();
    private long lastId;
    private long arrivals;

    public FlowScheduler(FlowRules rules) {
        this.rules = rules;
        for (var name : lasting()) {
            queues.put(name, new FlowQueue(name, rules.capacity(name)));
        }
    }

    /// Classes that are there also when nobody uses them.
    private Set<String> lasting() {
        var names = new TreeSet<>(rules.capacities().keySet());
        names.add(FlowRules.DEFAULT_CLASS);
        return names;
    }

    public FlowRules rules() {
        return rules;
    }

    /// Asks for a token. A session that asks again, on a new connection, keeps its place, or its token when it still holds one; the old
    /// connection's flow is forgotten, so whatever is still said about it does nothing.
    public Asked ask(FlowRequest request, long now) {
        var effects = new ArrayList<>(tick(now));
        var before = flows.values().stream().filter(f -> f.request.session() == request.session()).findFirst();
        if (before.isPresent() && before.get().request.flowClass().equals(request.flowClass())) {
            return again(before.get(), request, now, effects);
        }
        before.ifPresent(flow -> effects.addAll(done(flow.id, now)));
        var queue = queues.get(request.flowClass());
        if (queue == null) {
            if (queues.size() >= MOST_CLASSES) {
                return refused("more than " + MOST_CLASSES + " classes of flows are in use: use one of " + queues.keySet(), effects);
            }
            queue = new FlowQueue(request.flowClass(), rules.capacity(request.flowClass()));
            queues.put(request.flowClass(), queue);
        }
        var why = obstacle(queue, request, now);
        if (why.isPresent()) {
            return refused(why.get(), effects);
        }
        var flow = new Flow(++lastId, request, ++arrivals, rules.aging().toNanos(), now);
        queue.flows().add(flow);
        flows.put(flow.id, flow);
        queue.schedule(now, effects);
        return new Asked(flow.id, "", List.copyOf(effects));
    }

    private Asked again(Flow before, FlowRequest request, long now, List<Effect> effects) {
        var queue = queue(before);
        if (!before.holds()) {
            remove(before);
            var why = obstacle(queue, request, now);
            if (why.isPresent()) {
                return refused(why.get(), effects);
            }
            queues.putIfAbsent(request.flowClass(), queue);
            queue.flows().add(before);
            before.enter(Phase.WAITING, now);
        }
        var flow = before.again(++lastId, request);
        queue.flows().set(queue.flows().indexOf(before), flow);
        flows.remove(before.id);
        flows.put(flow.id, flow);
        if (flow.holds()) {
            effects.add(new Effect.Grant(flow.id));
        }
        if (flow.phase == Phase.ASKED) {
            effects.add(new Effect.Please(flow.id));
        }
        queue.schedule(now, effects);
        return new Asked(flow.id, "", List.copyOf(effects));
    }

    /// Why the flow can neither have a token nor wait for one.
    private Optional<String> obstacle(FlowQueue queue, FlowRequest request, long now) {
        if (queue.hasFree()) {
            return Optional.empty();
        }
        var flowClass = request.flowClass();
        if (!request.waits()) {
            var holders = queue.snapshot(now).holders().stream().map(FlowSnapshot.Holder::holder).toList();
            return Optional.of("the flow token of class " + flowClass + " is held by " + String.join(", ", holders) + ": try later");
        }
        return queue.waiting() < rules.mostWaiting() ? Optional.empty() : Optional.of(
                rules.mostWaiting() + " flows of class " + flowClass + " wait already: try later");
    }

    private static Asked refused(String words, List<Effect> effects) {
        return new Asked(-1, words, List.copyOf(effects));
    }

    /// The holder gives its token at a checkpoint and wants to go on later.
    public List<Effect> yielded(long id, long now) {
        return change(id, now, Phase.WAITING);
    }

    /// The flow's connection is gone. A token comes back at once; the place is kept for a while.
    public List<Effect> lost(long id, long now) {
        return change(id, now, Phase.ABSENT);
    }

    private List<Effect> change(long id, long now, Phase phase) {
        var flow = flows.get(id);
        if (flow == null) {
            return List.of();
        }
        var effects = new ArrayList<Effect>();
        flow.enter(phase, now);
        queue(flow).schedule(now, effects);
        return effects;
    }

    /// The flow is over.
    public List<Effect> done(long id, long now) {
        var flow = flows.get(id);
        if (flow == null) {
            return List.of();
        }
        var queue = queue(flow);
        remove(flow);
        var effects = new ArrayList<Effect>();
        queue.schedule(now, effects);
        return effects;
    }

    /// Octets that a holder transmitted, and for how long since the last time.
    public void progress(long id, long octets, long nanos) {
        var flow = flows.get(id);
        if (flow != null) {
            queue(flow).moved(flow, octets, Math.max(0, nanos));
        }
    }

    /// What time alone changes: urgency, places that are kept no longer, holders that do not give. While anybody waits, call it every second or
    /// so.
    public List<Effect> tick(long now) {
        var effects = new ArrayList<Effect>();
        for (var flow : List.copyOf(flows.values())) {
            if (flow.phase == Phase.ABSENT && now - flow.phaseSince >= rules.grace().toNanos()) {
                remove(flow);
            } else if (flow.phase == Phase.ASKED && now - flow.phaseSince >= rules.patience().toNanos()) {
                remove(flow);
                effects.add(new Effect.Evict(
                        flow.id, "the flow token was not given back within " + rules.patience().toSeconds() + " s of the request"));
            }
        }
        for (var queue : queues.values()) {
            queue.schedule(now, effects);
        }
        return effects;
    }

    public FlowSnapshot snapshot(long now) {
        return new FlowSnapshot(queues.values().stream().map(q -> q.snapshot(now)).toList());
    }

    /// Where a waiting flow stands; empty when it holds a token or is over.
    public Optional<FlowSnapshot.Place> place(long id, long now) {
        var flow = flows.get(id);
        return flow == null || flow.phase != Phase.WAITING ? Optional.empty() : Optional.of(queue(flow).place(flow, now));
    }

    public boolean holds(long id) {
        var flow = flows.get(id);
        return flow != null && flow.holds();
    }

    private void remove(Flow flow) {
        flows.remove(flow.id);
        var name = flow.request.flowClass();
        var queue = queue(flow);
        queue.flows().remove(flow);
        if (queue.isEmpty() && !lasting().contains(name)) {
            queues.remove(name);
        }
    }

    private FlowQueue queue(Flow flow) {
        return java.util.Objects.requireNonNull(queues.get(flow.request.flowClass()));
    }
}

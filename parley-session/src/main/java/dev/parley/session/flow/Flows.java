package dev.parley.session.flow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The flow tokens of one server, for all of its connections. May be used from any thread.
public final class Flows {
    /// One side that asks. The calls come on any thread, in order, and must only note what happened, for example on a loop of their own: they
    /// must neither block nor ask anything here.
    public interface Holder {
        void granted();

        /// Give the token at the next checkpoint.
        void asked();

        void evicted(String words);
    }

    private final FlowScheduler scheduler;
    private final Map<Long, Holder> holders = new HashMap<>();

    public Flows(FlowRules rules) {
        scheduler = new FlowScheduler(rules);
    }

    public FlowRules rules() {
        return scheduler.rules();
    }

    /// @param granted true when the flow may begin at once; the holder is not told so again
    public record Answer(Optional<Ticket> ticket, boolean granted, String words) {}

    public synchronized Answer ask(FlowRequest request, Holder holder, long now) {
        var asked = scheduler.ask(request, now);
        if (asked.refused()) {
            tell(asked.effects());
            return new Answer(Optional.empty(), false, asked.words());
        }
        boolean granted = scheduler.holds(asked.id());
        tell(asked.effects().stream().filter(e -> !(e instanceof FlowScheduler.Effect.Grant g && g.flow() == asked.id())).toList());
        holders.put(asked.id(), holder);
        asked.effects().stream().filter(e -> e instanceof FlowScheduler.Effect.Please p && p.flow() == asked.id()).forEach(_ -> holder.asked());
        return new Answer(Optional.of(new Ticket(asked.id(), now)), granted, "");
    }

    public synchronized FlowSnapshot snapshot(long now) {
        tell(scheduler.tick(now));
        return scheduler.snapshot(now);
    }

    private void tell(List<FlowScheduler.Effect> effects) {
        for (var effect : effects) {
            var holder = holders.get(effect.flow());
            if (holder == null) {
                continue;
            }
            switch (effect) {
                case FlowScheduler.Effect.Grant _ -> holder.granted();
                case FlowScheduler.Effect.Please _ -> holder.asked();
                case FlowScheduler.Effect.Evict e -> {
                    holders.remove(e.flow());
                    holder.evicted(e.words());
                }
            }
        }
    }

    /// One flow's claim. After it was replaced by the same session's newer one, or is over, its methods do nothing.
    public final class Ticket {
        private final long id;
        private long countedAt;

        private Ticket(long id, long now) {
            this.id = id;
            countedAt = now;
        }

        /// The token goes back and the flow waits for its turn again.
        public void yielded(long now) {
            synchronized (Flows.this) {
                tell(scheduler.yielded(id, now));
            }
        }

        /// The connection is gone; the place is kept for a while.
        public void lost(long now) {
            synchronized (Flows.this) {
                holders.remove(id);
                tell(scheduler.lost(id, now));
            }
        }

        public void done(long now) {
            synchronized (Flows.this) {
                holders.remove(id);
                tell(scheduler.done(id, now));
            }
        }

        public void progress(long octets, long now) {
            synchronized (Flows.this) {
                scheduler.progress(id, octets, now - countedAt);
                countedAt = now;
            }
        }

        /// Where it stands while it waits. Whoever waits calls this every second or so: it keeps the time of the queue, too.
        public Optional<FlowSnapshot.Place> place(long now) {
            synchronized (Flows.this) {
                tell(scheduler.tick(now));
                countedAt = now;
                return scheduler.place(id, now);
            }
        }
    }
}

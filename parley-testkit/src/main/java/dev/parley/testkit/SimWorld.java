package dev.parley.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A world with its own time, one thread and one source of chance: everything that happens in a simulation is an event in its queue. The same
/// seed gives the same run.
public final class SimWorld {
    private static final long EPOCH_MILLIS = 1_800_000_000_000L;
    private static final int MOST_TRACE = 400;

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private long now;
    private long order;

    public SimWorld(long seed) {
        // Spread: neighbouring seeds give java.util.Random much the same first values.
        random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    }

    /// The only source of chance.
    public Random random() {
        return random;
    }

    public long nanoTime() {
        return now;
    }

    public long wallMillis() {
        return EPOCH_MILLIS + now / 1_000_000;
    }

    public SimProcess process(String name) {
        return new SimProcess(this, name);
    }

    /// Something that happens to the world and not in a process: a cut, a kill.
    public void after(Duration delay, Runnable task) {
        post(now + delay.toNanos(), null, task);
    }

    /// Up to `most`, by chance.
    Duration chance(Duration most) {
        return Duration.ofNanos((long) (random.nextDouble() * most.toNanos()));
    }

    /// Runs until the condition holds.
    ///
    /// @return false when the time is over, or nothing is left to happen
    public boolean run(BooleanSupplier until, Duration limit) {
        long end = now + limit.toNanos();
        while (!until.getAsBoolean()) {
            var event = events.peek();
            if (event == null || event.time > end) {
                now = end;
                return false;
            }
            events.remove();
            now = Math.max(now, event.time);
            event.run();
        }
        return true;
    }

    /// Remembers what happened, for the text of a failure.
    public void trace(String what) {
        if (trace.size() == MOST_TRACE) {
            trace.removeFirst();
        }
        trace.add(now / 1000 + " us " + what);
    }

    public String trace() {
        return String.join("\n", trace);
    }

    Event post(long time, @Nullable SimProcess owner, Runnable task) {
        var event = new Event(time, order++, owner, task);
        events.add(event);
        return event;
    }

    /// Something that will happen. Equal times keep the order in which they were posted.
    final class Event implements Comparable<Event> {
        private final long time;
        private final long number;
        private final @Nullable SimProcess owner;
        private final Runnable task;
        private boolean cancelled;

        private Event(long time, long number, @Nullable SimProcess owner, Runnable task) {
            this.time = time;
            this.number = number;
            this.owner = owner;
            this.task = task;
        }

        void cancel() {
            cancelled = true;
        }

        private void run() {
            if (cancelled || owner != null && !owner.isAlive()) {
                return;
            }
            if (owner != null && owner.frozenUntil() > now) {
                events.add(new Event(owner.frozenUntil(), number, owner, () -> {
                    if (!cancelled) {
                        task.run();
                    }
                }));
                return;
            }
            try {
                task.run();
            } catch (SimProcess.Killed killed) {
                trace("killed at work: " + killed.getMessage());
            }
        }

        @Override
        public int compareTo(Event other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(number, other.number);
        }
    }
}

package dev.parley.transfer.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/// The intervals that are read before they can be sent, away from the loop. Used on the loop.
final class ReadAhead {
    /// How many intervals are read or wait.
    private static final int MOST = 2;

    /// Where a piece of work is done, in order with all others.
    interface Work {
        <T> void run(Callable<T> job, Consumer<T> then);
    }

    private final Work work;
    private final Runnable arrived;
    private final Deque<Outgoing.Interval> ready = new ArrayDeque<>();
    /// Counts restarts: what was read before is out of date.
    private int generation;
    private int reading;
    private boolean last;

    /// @param arrived is told when an interval is ready
    ReadAhead(Work work, Runnable arrived) {
        this.work = work;
        this.arrived = arrived;
    }

    /// What was read or is being read is forgotten.
    void restart() {
        generation++;
        reading = 0;
        last = false;
        ready.clear();
    }

    void fill(Outgoing parcel) {
        while (reading + ready.size() < MOST && !last) {
            reading++;
            int mine = generation;
            work.run(() -> {
                var interval = parcel.next();
                if (interval.last()) {
                    parcel.checkUnchanged();
                }
                return interval;
            }, interval -> {
                if (mine == generation) {
                    reading--;
                    if (!last) {
                        last = interval.last();
                        ready.add(interval);
                        arrived.run();
                    }
                }
            });
        }
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    Outgoing.Interval next() {
        return ready.remove();
    }
}

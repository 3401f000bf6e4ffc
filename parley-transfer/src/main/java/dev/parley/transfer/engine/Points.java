package dev.parley.transfer.engine;

import dev.parley.transfer.engine.Incoming.Outcome.Verified;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// The checkpoints of an activity that are verified and not confirmed yet, in order. Used on the loop.
final class Points {
    private final Deque<Verified> verified = new ArrayDeque<>();

    void add(Verified point) {
        verified.add(point);
    }

    int size() {
        return verified.size();
    }

    void clear() {
        verified.clear();
    }

    /// Everything up to this offset of the file is durable. Serial numbers would not do: after a restart, and in the next activity, they are
    /// used again.
    ///
    /// @return the serial number of the last point that is durable by this, or -1 when there is none
    long durable(long offset, Consumer<Verified> each) {
        long last = -1;
        while (!verified.isEmpty() && verified.getFirst().offset() <= offset) {
            last = verified.getFirst().serial();
            each.accept(verified.remove());
        }
        return last;
    }
}

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

    /// Everything up to this serial number is durable.
    ///
    /// @return true when that is news
    boolean durable(long serial, Consumer<Verified> each) {
        int before = verified.size();
        while (!verified.isEmpty() && verified.getFirst().serial() <= serial) {
            each.accept(verified.remove());
        }
        return verified.size() < before;
    }
}

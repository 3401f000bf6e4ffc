package dev.parley.session.flow;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Who transmits and who waits, for people.
public record FlowSnapshot(List<FlowClass> classes) {
    public FlowSnapshot {
        classes = List.copyOf(classes);
    }

    /// One class of flows.
    ///
    /// @param capacity how many may transmit at once
    public record FlowClass(String name, int capacity, List<Holder> holders, List<Waiter> waiters) {
        public FlowClass {
            holders = List.copyOf(holders);
            waiters = List.copyOf(waiters);
        }
    }

    /// @param done octets since its request, out of `size` (negative when unknown)
    /// @param asked true when it will give the token at its next checkpoint
    public record Holder(long session, String holder, int priority, long done, long size, Duration held, boolean asked) {}

    /// @param place 1 is the next one
    /// @param absent true when its connection is lost and its place is kept for a while
    /// @param estimate how long it will still wait; empty when nobody can know
    public record Waiter(
            long session, String holder, int priority, int place, long size, Duration waited, boolean absent, Optional<Duration> estimate) {}

    /// What one waiting flow is told.
    public record Place(String flowClass, int place, List<String> holders, Optional<Duration> estimate) {
        public Place {
            holders = List.copyOf(holders);
        }
    }
}

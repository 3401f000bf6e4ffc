package dev.parley.session.flow;

/// One flow that holds a token or waits for one.
final class Flow {
    enum Phase {
        WAITING,
        /// Its connection is lost; nobody would use the token.
        ABSENT,
        HOLDING,
        /// Holding, and asked to give the token.
        ASKED
    }

    private static final double MEMORY_NANOS = 60e9;
    /// Above every priority: who waited for so long cannot be overtaken or pre-empted.
    private static final int TOP = FlowRequest.MOST_PRIORITY + 1;

    final long id;
    final FlowRequest request;
    final long arrival;
    private final long agingNanos;
    Phase phase = Phase.WAITING;
    /// Since when it holds, or waits.
    long since;
    long phaseSince;
    long done;
    /// Its own speed: the last minute counts most.
    final Rate rate;
    /// Nanoseconds waited and not yet spent by holding, at `since`.
    private long credit;

    /// @param arrival the order of arrival
    Flow(long id, FlowRequest request, long arrival, long agingNanos, long now) {
        this(id, request, arrival, agingNanos, now, new Rate(MEMORY_NANOS));
    }

    private Flow(long id, FlowRequest request, long arrival, long agingNanos, long now, Rate rate) {
        this.id = id;
        this.rate = rate;
        this.request = request;
        this.arrival = arrival;
        this.agingNanos = agingNanos;
        since = now;
        phaseSince = now;
    }

    /// The same flow on a new connection.
    Flow again(long newId, FlowRequest renewed) {
        var flow = new Flow(newId, renewed, arrival, agingNanos, since, rate);
        flow.phase = phase;
        flow.credit = credit;
        flow.phaseSince = phaseSince;
        flow.done = done;
        return flow;
    }

    boolean holds() {
        return phase == Phase.HOLDING || phase == Phase.ASKED;
    }

    void enter(Phase next, long now) {
        if (holds() != (next == Phase.HOLDING || next == Phase.ASKED)) {
            credit = credit(now);
            since = now;
        }
        phaseSince = now;
        phase = next;
    }

    /// Waiting earns, holding spends at the same pace. So who waited for long is not pre-empted at once, and nobody is favoured for ever.
    private long credit(long now) {
        return holds() ? Math.max(0, credit - (now - since)) : Math.min(credit + (now - since), TOP * agingNanos);
    }

    /// How urgent it is now: its priority, and one more for each step of aging.
    int urgency(long now) {
        return (int) Math.min(TOP, request.priority() + credit(now) / agingNanos);
    }

    /// Octets still to come; negative when unknown.
    long left() {
        return request.size() < 0 ? -1 : Math.max(0, request.size() - done);
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// What a gatekeeper demands of endpoints by itself. At most [Requests#MOST] wait for answers; the others wait for their turn.
final class Demands {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final int TRIES = 3;

    private final Requests<About> requests;
    private final Deque<Demand> queue = new ArrayDeque<>();
    private final Encoder encoder;

    /// Whom a demand is made of, and about which call.
    record About(Registration endpoint, Optional<Octets> call) {}

    private record Demand(About about, IntFunction<RasMessage> message) {}

    /// Signs where that is needed.
    interface Encoder {
        Octets encode(RasMessage message, Registration to, RasTime now);
    }

    Demands(long random, Encoder encoder) {
        this.requests = new Requests<>(random);
        this.encoder = encoder;
    }

    /// @param message made for the number that it gets
    void add(Registration endpoint, Optional<Octets> call, IntFunction<RasMessage> message) {
        queue.add(new Demand(new About(endpoint, call), message));
    }

    /// Whether nothing is demanded that is not answered, or given up.
    boolean areDone() {
        return queue.isEmpty() && requests.nextDue() == Long.MAX_VALUE;
    }

    Optional<Requests.Open<About>> answered(RasMessage answer, TransportAddress from) {
        return requests.answered(answer, from);
    }

    void inProgress(RasMessage message, TransportAddress from, RasTime now) {
        requests.delay(message.sequence(), from, now.after(Duration.ofMillis(message.body().numberAt("delay").orElse(1L))));
    }

    /// What there is room for.
    List<RasOutput> next(RasTime now) {
        var out = new ArrayList<RasOutput>();
        while (!queue.isEmpty() && requests.hasRoom()) {
            var demand = queue.remove();
            var to = demand.about().endpoint();
            var message = demand.message().apply(requests.nextSequence());
            out.add(requests.send(message.sequence(), new Requests.Open<>(message.name(), demand.about(), Optional.of(to.rasAddress()),
                    encoder.encode(message, to, now), ANSWER_WITHIN, TRIES - 1, now.after(ANSWER_WITHIN))));
        }
        return out;
    }

    Requests.Due<About> due(RasTime now) {
        return requests.due(now.nanos());
    }

    long nextDue() {
        return requests.nextDue();
    }
}

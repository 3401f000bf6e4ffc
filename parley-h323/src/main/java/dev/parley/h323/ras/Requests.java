package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Requests that wait for their answers. Each is sent again under its number until it is answered or its tries are over.
///
/// @param <S> what a request is about
final class Requests<S> {
    /// Requests at the same time.
    static final int MOST = 1_000;

    private final Map<Integer, Open<S>> open = new HashMap<>();
    private int lastSequence;

    /// @param random decides where the numbers begin, so that nobody can guess which answer is waited for
    Requests(long random) {
        lastSequence = (int) Long.remainderUnsigned(random >>> 32, 0xFFFF);
    }

    /// @param to nothing: everybody is asked, by multicast
    record Open<S>(String name, S subject, Optional<TransportAddress> to, Octets datagram, Duration within, int triesLeft, long due) {
        RasOutput sending() {
            return to.<RasOutput>map(a -> new RasOutput.Send(a, datagram)).orElseGet(() -> new RasOutput.Discover(datagram));
        }

        /// Whoever was asked may answer, and nobody else.
        boolean asked(TransportAddress from) {
            return to.isEmpty() || to.get().equals(from);
        }

        /// When everybody is asked, a refusal of one says nothing about the others.
        boolean isAnsweredBy(RasMessage answer) {
            return to.isPresent() && answer.name().equals("unknownMessageResponse")
                    || answer.request().equals(Optional.of(name)) && (to.isPresent() || answer.isConfirm());
        }
    }

    /// @param again to be sent once more
    /// @param failed unanswered for too long
    record Due<S>(List<Open<S>> again, List<Open<S>> failed) {}

    boolean hasRoom() {
        return open.size() < MOST;
    }

    /// @throws SessionException.LimitReached when too many requests wait
    void requireRoom() {
        if (!hasRoom()) {
            throw new SessionException.LimitReached(MOST + " requests wait for their answers");
        }
    }

    /// The number of the next request, 1..65535, of none that waits.
    int nextSequence() {
        do {
            lastSequence = lastSequence % 0xFFFF + 1;
        } while (open.containsKey(lastSequence));
        return lastSequence;
    }

    RasOutput send(int sequence, Open<S> request) {
        open.put(sequence, request);
        return request.sending();
    }

    /// Whether a message answers a request that waits, and comes from where it was asked.
    boolean expects(RasMessage answer, TransportAddress from) {
        var request = open.get(answer.sequence());
        return request != null && request.asked(from) && request.isAnsweredBy(answer);
    }

    /// The request that an answer belongs to, which waits no more.
    Optional<Open<S>> answered(RasMessage answer, TransportAddress from) {
        return expects(answer, from) ? Optional.ofNullable(open.remove(answer.sequence())) : Optional.empty();
    }

    /// The other side works on it (RIP).
    void delay(int sequence, TransportAddress from, long until) {
        open.computeIfPresent(sequence, (_, o) -> o.asked(from)
                ? new Open<>(o.name(), o.subject(), o.to(), o.datagram(), o.within(), o.triesLeft(), until) : o);
    }

    Due<S> due(long nanos) {
        var again = new ArrayList<Open<S>>();
        var failed = new ArrayList<Open<S>>();
        for (var entry : List.copyOf(open.entrySet())) {
            var o = entry.getValue();
            if (o.due() - nanos > 0) {
                continue;
            }
            if (o.triesLeft() == 0) {
                open.remove(entry.getKey());
                failed.add(o);
            } else {
                open.put(entry.getKey(), new Open<>(o.name(), o.subject(), o.to(), o.datagram(), o.within(), o.triesLeft() - 1,
                        nanos + o.within().toNanos()));
                again.add(o);
            }
        }
        return new Due<>(again, failed);
    }

    long nextDue() {
        return open.values().stream().mapToLong(Open::due).min().orElse(Long.MAX_VALUE);
    }

    /// Nothing is waited for any more.
    ///
    /// @return what was
    List<Open<S>> forget() {
        var all = List.copyOf(open.values());
        open.clear();
        return all;
    }
}

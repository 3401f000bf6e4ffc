package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.per.Octets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The calls that an endpoint has asked its gatekeeper for and has not told the end of.
final class AdmittedCalls {
    private final Map<Octets, Known> calls = new LinkedHashMap<>();

    /// A call as far as the gatekeeper has answered.
    static final class Known {
        final Admission call;
        /// That it may use, in units of 100 bit/s; as asked for until the gatekeeper says otherwise.
        long bandwidth;
        boolean routed;
        /// A silent gatekeeper did not answer for it: the next one is asked.
        boolean unanswered;
        /// How often a gatekeeper sent us to another one for it.
        int sentOn;
        /// The gatekeeper did not know us any more: it is asked again when it does.
        boolean askedAnew;
        /// It was not asked for: the registration allows it.
        boolean preGranted;
        /// Since 1970, when the call is connected.
        Optional<Long> connectedSeconds = Optional.empty();
        /// How often the gatekeeper wants to hear of it, and when next, in nanoseconds.
        long reportEvery;
        long reportAt = Long.MAX_VALUE;
        boolean reportIsAnswered;

        Known(Admission call) {
            this.call = call;
            this.bandwidth = call.bandwidth();
        }
    }

    List<Octets> identifiers() {
        return List.copyOf(calls.keySet());
    }

    List<Known> all() {
        return List.copyOf(calls.values());
    }

    /// @throws SessionException.OutOfSequence when it is asked for already
    void begin(Admission call) {
        if (calls.putIfAbsent(call.callIdentifier(), new Known(call)) != null) {
            throw new SessionException.OutOfSequence("the call is admitted, or waits for it");
        }
    }

    Optional<Known> of(Octets callIdentifier) {
        return Optional.ofNullable(calls.get(callIdentifier));
    }

    /// @throws SessionException.OutOfSequence when there is no such call
    Known required(Octets callIdentifier) {
        return of(callIdentifier).orElseThrow(() -> new SessionException.OutOfSequence("the gatekeeper has not admitted this call"));
    }

    boolean end(Octets callIdentifier) {
        return calls.remove(callIdentifier) != null;
    }

    /// Takes those that shall be asked for again.
    List<Known> unanswered() {
        var again = calls.values().stream().filter(c -> c.unanswered).toList();
        again.forEach(c -> c.unanswered = false);
        return again;
    }
}

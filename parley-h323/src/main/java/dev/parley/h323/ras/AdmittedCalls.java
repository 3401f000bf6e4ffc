package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.per.Octets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The calls that an endpoint has asked its gatekeeper for and has not told the end of.
final class AdmittedCalls {
    private final Map<Octets, Admission> calls = new LinkedHashMap<>();
    /// Those that a silent gatekeeper did not answer for: the next one is asked.
    private final Set<Octets> unanswered = new LinkedHashSet<>();

    List<Octets> identifiers() {
        return List.copyOf(calls.keySet());
    }

    Collection<Admission> all() {
        return calls.values();
    }

    /// @throws SessionException.OutOfSequence when it is asked for already
    void begin(Admission call) {
        if (calls.putIfAbsent(call.callIdentifier(), call) != null) {
            throw new SessionException.OutOfSequence("the call is admitted, or waits for it");
        }
    }

    Optional<Admission> of(Octets callIdentifier) {
        return Optional.ofNullable(calls.get(callIdentifier));
    }

    /// @throws SessionException.OutOfSequence when there is no such call
    Admission required(Octets callIdentifier) {
        return of(callIdentifier).orElseThrow(() -> new SessionException.OutOfSequence("the gatekeeper has not admitted this call"));
    }

    boolean end(Octets callIdentifier) {
        unanswered.remove(callIdentifier);
        return calls.remove(callIdentifier) != null;
    }

    void unanswered(Octets callIdentifier) {
        if (calls.containsKey(callIdentifier)) {
            unanswered.add(callIdentifier);
        }
    }

    /// Takes those that shall be asked for again.
    List<Admission> again() {
        var again = unanswered.stream().flatMap(c -> of(c).stream()).toList();
        unanswered.clear();
        return again;
    }

    /// Nobody is left to ask.
    List<EndpointEvent> refuseUnanswered() {
        return again().stream().<EndpointEvent>map(call -> {
            calls.remove(call.callIdentifier());
            return new EndpointEvent.AdmissionRefused(call.callIdentifier(), "noAnswer");
        }).toList();
    }
}

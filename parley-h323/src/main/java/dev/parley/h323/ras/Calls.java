package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The calls that a gatekeeper has admitted, and what bandwidth they use.
final class Calls {
    private final Map<Octets, Call> calls = new LinkedHashMap<>();

    /// One call. Both ends ask for it, each with its own request; it is over when all of them have told so.
    static final class Call {
        final Octets identifier;
        final Octets conference;
        final int reference;
        final String from;
        final String to;
        final boolean routed;
        final TransportAddress destination;
        final long startedMillis;
        final Set<String> parties = new LinkedHashSet<>();
        long bandwidth;
        Optional<Long> answeredMillis = Optional.empty();
        Optional<String> endReason = Optional.empty();

        Call(Octets identifier, Octets conference, int reference, String from, String to, boolean routed, TransportAddress destination,
                long startedMillis) {
            this.identifier = identifier;
            this.conference = conference;
            this.reference = reference;
            this.from = from;
            this.to = to;
            this.routed = routed;
            this.destination = destination;
            this.startedMillis = startedMillis;
        }
    }

    int size() {
        return calls.size();
    }

    long bandwidth() {
        return calls.values().stream().mapToLong(c -> c.bandwidth).sum();
    }

    Optional<Call> of(Octets identifier) {
        return Optional.ofNullable(calls.get(identifier));
    }

    void put(Call call) {
        calls.put(call.identifier, call);
    }

    List<Call> of(String endpoint) {
        return calls.values().stream().filter(c -> c.parties.contains(endpoint)).toList();
    }

    List<Call> all() {
        return List.copyOf(calls.values());
    }

    /// One party is out of the call.
    ///
    /// @return the record, when nobody is left
    Optional<GatekeeperEvent> left(Call call, String endpoint, String reason, long wallMillis) {
        call.parties.remove(endpoint);
        call.endReason = call.endReason.or(() -> Optional.of(reason));
        if (!call.parties.isEmpty() || calls.remove(call.identifier) == null) {
            return Optional.empty();
        }
        return Optional.of(new GatekeeperEvent.CallEnded(call.identifier, call.from, call.to, call.routed, call.bandwidth, call.startedMillis,
                call.answeredMillis, wallMillis, call.endReason.orElse(reason)));
    }

    /// The party's registration is over, and with it all of its calls.
    List<GatekeeperEvent> gone(String endpoint, long wallMillis) {
        var ended = new ArrayList<GatekeeperEvent>();
        of(endpoint).forEach(c -> left(c, endpoint, "unregistered", wallMillis).ifPresent(ended::add));
        return ended;
    }
}

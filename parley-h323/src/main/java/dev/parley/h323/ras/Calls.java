package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The calls that a gatekeeper has admitted, and what bandwidth they use.
final class Calls {
    static final int MOST_ENDED = 1_000;

    private final Map<Octets, Call> calls = new LinkedHashMap<>();
    /// The last ones that are recorded. The end of a call may overtake the admission of its called side.
    private final Map<Octets, Call> ended = new LinkedHashMap<>();

    /// One end of a call.
    static final class Party {
        /// In units of 100 bit/s.
        long bandwidth;
        /// When it told last that it is in the call, in nanoseconds.
        long heardAt;
    }

    /// One call. Both ends ask for it, each with its own request; it is over when all of them have told so.
    static final class Call {
        final Octets identifier;
        final Octets conference;
        final int reference;
        final String from;
        final boolean routed;
        /// The endpoint that asked for it as its caller; nothing before it has.
        private Optional<String> caller = Optional.empty();
        /// Whom it asked for last, and where that is.
        private String to;
        private TransportAddress destination;
        final long startedMillis;
        /// By the identifiers of their endpoints.
        final Map<String, Party> parties = new LinkedHashMap<>();
        /// What it used when the first one left.
        private long lastBandwidth;
        Optional<Long> answeredMillis = Optional.empty();
        private Optional<String> endReason = Optional.empty();
        private boolean recorded;

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

        TransportAddress destination() {
            return destination;
        }

        /// A call that was sent on keeps its identifier, and its caller asks for somebody else (clause 8.1.4/H.323). Nobody but its caller leads it
        /// elsewhere.
        ///
        /// @return whether it goes elsewhere now
        boolean askedFor(String endpoint, String whom, TransportAddress where) {
            caller = caller.or(() -> Optional.of(endpoint));
            if (destination.equals(where) || !caller.get().equals(endpoint)) {
                return false;
            }
            to = whom;
            destination = where;
            return true;
        }

        /// @param reason what the record of the call will say
        /// @return false when it is ending already
        boolean ends(String reason) {
            if (endReason.isPresent()) {
                return false;
            }
            endReason = Optional.of(reason);
            lastBandwidth = bandwidth();
            return true;
        }

        Optional<Party> party(String endpoint) {
            return Optional.ofNullable(parties.get(endpoint));
        }

        /// What the call uses: each end tells of both directions.
        long bandwidth() {
            return parties.values().stream().mapToLong(p -> p.bandwidth).max().orElse(0);
        }
    }

    int size() {
        return calls.size();
    }

    long bandwidth() {
        return calls.values().stream().mapToLong(Call::bandwidth).sum();
    }

    Optional<Call> of(Octets identifier) {
        return Optional.ofNullable(calls.get(identifier));
    }

    /// A call that is recorded already: who comes to it late does not begin another one.
    Optional<Call> ended(Octets identifier) {
        return Optional.ofNullable(ended.get(identifier));
    }

    void put(Call call) {
        ended.remove(call.identifier);
        calls.put(call.identifier, call);
    }

    List<Call> of(String endpoint) {
        return calls.values().stream().filter(c -> c.parties.containsKey(endpoint)).toList();
    }

    List<Call> all() {
        return List.copyOf(calls.values());
    }

    /// One party is out of the call.
    ///
    /// @return the record, when nobody is left for the first time
    Optional<GatekeeperEvent> left(Call call, String endpoint, String reason, long wallMillis) {
        call.ends(reason);
        call.parties.remove(endpoint);
        if (!call.parties.isEmpty() || calls.remove(call.identifier) == null) {
            return Optional.empty();
        }
        if (ended.size() == MOST_ENDED) {
            ended.remove(ended.keySet().iterator().next());
        }
        ended.put(call.identifier, call);
        if (call.recorded) {
            return Optional.empty();
        }
        call.recorded = true;
        return Optional.of(new GatekeeperEvent.CallEnded(call.identifier, call.from, call.to, call.routed, call.lastBandwidth, call.startedMillis,
                call.answeredMillis, wallMillis, call.endReason.orElse(reason)));
    }
}

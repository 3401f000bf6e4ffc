package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The calls of a gatekeeper's endpoints: which are admitted and where they go, what bandwidth they use, whether they still are, and their end
/// (H.225.0 clauses 7.11 to 7.15).
final class GatekeeperCalls {
    private static final long NEVER = Long.MAX_VALUE;
    private static final String FORCED_DROP = "forcedDrop";
    /// Where call signalling goes that names no port.
    private static final int SIGNALLING_PORT = 1720;

    private final GatekeeperConfig config;
    private final Registrations registrations;
    private final Demands demands;
    private final Consumer<GatekeeperEvent> events;
    private final Calls calls = new Calls();
    /// Whether an endpoint tells of its calls, as far as it is known. The silence of one that never did says nothing (ooh323c 0.9.4 does not
    /// know the question).
    private final Map<String, Boolean> tells = new HashMap<>();
    private long callBandwidth;
    private long sweepAt = NEVER;

    GatekeeperCalls(GatekeeperConfig config, Registrations registrations, Demands demands, Consumer<GatekeeperEvent> events) {
        this.config = config;
        this.registrations = registrations;
        this.demands = demands;
        this.events = events;
        this.callBandwidth = config.callBandwidth();
    }

    int size() {
        return calls.size();
    }

    /// Where the Setup of an admitted, routed call goes on to.
    Optional<TransportAddress> destination(Octets callIdentifier) {
        return calls.of(callIdentifier).filter(c -> c.routed).map(Calls.Call::destination);
    }

    private RasMessage refused(RasMessage message, List<Alias> who, String reason) {
        events.accept(new GatekeeperEvent.Refused(message.name(), who, reason));
        return GatekeeperAnswers.reject(message, reason);
    }

    RasMessage admission(RasMessage message, TransportAddress from, Optional<String> user, RasTime now) {
        var who = message.body().textAt("endpointIdentifier").flatMap(registrations::of);
        if (who.isEmpty()) {
            return refused(message, Alias.from(message.body().listAt("srcInfo")), "callerNotRegistered");
        }
        if (!who.get().user().equals(user)) {
            return refused(message, who.get().aliases(), "securityDenial");
        }
        var identifier = message.callIdentifier().or(() -> message.body().octetsAt("conferenceID"));
        if (identifier.isEmpty()) {
            return refused(message, who.get().aliases(), "undefinedReason");
        }
        boolean answer = message.body().flagAt("answerCall");
        var told = message.body().listAt("destinationInfo");
        var names = Alias.from(told).stream().filter(a -> !a.kind().equals("transportID")).toList();
        var address = message.body().at("destCallSignalAddress")
                .or(() -> told.stream().flatMap(a -> a.at("transportID").stream()).findFirst()).flatMap(TransportAddress::fromH225);
        var called = answer ? who : called(names, address);
        var destination = called.map(r -> r.signalAddresses().getFirst())
                .or(() -> address.filter(a -> !isOurs(a) && (names.isEmpty() || !isNamesPlace(a))));
        if (destination.isEmpty()) {
            return refused(message, who.get().aliases(), "calledPartyNotRegistered");
        }
        var present = calls.of(identifier.get());
        var known = present.or(() -> answer ? calls.ended(identifier.get()) : Optional.empty());
        if (present.isEmpty() && calls.size() >= config.mostCalls()) {
            return refused(message, who.get().aliases(), "resourceUnavailable");
        }
        long bandwidth = Math.min(message.body().numberAt("bandWidth").orElse(0L), callBandwidth);
        if (calls.bandwidth() - present.map(Calls.Call::bandwidth).orElse(0L) + bandwidth > config.totalBandwidth()) {
            return refused(message, who.get().aliases(), "requestDenied");
        }
        var to = called.map(Registration::name).orElseGet(() -> destination.get().toString());
        var call = known.orElseGet(() -> begin(message, identifier.get(),
                answer ? stranger(message) : who.get().name(), to, destination.get(), now));
        if (!answer && call.askedFor(who.get().identifier(), to, destination.get())) {
            events.accept(new GatekeeperEvent.CallAdmitted(call.identifier, call.from, to));
        }
        calls.put(call);
        if (sweepAt == NEVER && !config.stateEvery().isZero()) {
            sweepAt = now.after(config.stateEvery());
        }
        var party = call.parties.computeIfAbsent(who.get().identifier(), _ -> new Calls.Party());
        party.bandwidth = Math.max(party.bandwidth, bandwidth);
        party.heardAt = now.nanos();
        return GatekeeperAnswers.admissionConfirm(message, from, config, bandwidth, destination.get());
    }

    /// Whoever is registered at the address that the caller gives, or has the name when it gives none. Our own host is none: people write
    /// `bob@GATEKEEPER`, and Facility sends calls there (`routeCallToGatekeeper`).
    private Optional<Registration> called(List<Alias> names, Optional<TransportAddress> address) {
        var there = address.flatMap(registrations::at);
        boolean elsewhere = address.filter(a -> !config.isOurHost(a)).isPresent();
        return there.isPresent() || elsewhere ? there : registrations.find(names);
    }

    /// Who calls one of our endpoints without having asked us: by the name in its Setup, or by where the call comes from.
    private static String stranger(RasMessage message) {
        return Alias.from(message.body().listAt("srcInfo")).stream().map(Alias::text).findFirst()
                .or(() -> message.body().at("srcCallSignalAddress").flatMap(TransportAddress::fromH225).map(TransportAddress::toString)).orElse("");
    }

    /// Where a name is one of ours: `h323:bob@GATEKEEPER` is whom the gatekeeper knows as bob (RFC 3508), and nobody when it knows none.
    private boolean isNamesPlace(TransportAddress address) {
        return config.isOurHost(address)
                && (address.port() == SIGNALLING_PORT || config.routed() && address.port() == config.signalAddress().port());
    }

    /// A call that is routed to where it comes from would never end.
    private boolean isOurs(TransportAddress address) {
        return config.routed() && config.isOurSignalling(address);
    }

    private Calls.Call begin(RasMessage message, Octets identifier, String from, String to, TransportAddress destination, RasTime now) {
        events.accept(new GatekeeperEvent.CallAdmitted(identifier, from, to));
        return new Calls.Call(identifier, message.body().octetsAt("conferenceID").orElse(identifier),
                message.body().numberAt("callReferenceValue").orElse(0L).intValue(), from, to, config.routed(), destination, now.wallMillis());
    }

    /// Connect passes on its way through the gatekeeper.
    void answered(Octets callIdentifier, RasTime now) {
        calls.of(callIdentifier).ifPresent(c -> c.answeredMillis = c.answeredMillis.or(() -> Optional.of(now.wallMillis())));
    }

    /// An endpoint tells when the call was connected.
    private static void used(Calls.Call call, Value told, RasTime now) {
        call.answeredMillis = call.answeredMillis.or(() -> Usage.connectedMillis(told, call.startedMillis, now));
    }

    /// Whether who sends it has not proven to be the user of the endpoint that it names: nobody speaks for another one's calls.
    private boolean forAnother(RasMessage message, Optional<String> user) {
        var another = message.body().textAt("endpointIdentifier").flatMap(registrations::of).filter(r -> !r.user().equals(user));
        another.ifPresent(r -> events.accept(new GatekeeperEvent.Refused(message.name(), r.aliases(), "securityDenial")));
        return another.isPresent();
    }

    private Optional<Calls.Call> callOf(RasMessage message) {
        return message.callIdentifier().or(() -> message.body().octetsAt("conferenceID")).flatMap(calls::of)
                .filter(c -> message.body().textAt("endpointIdentifier").filter(c.parties::containsKey).isPresent());
    }

    RasMessage bandwidth(RasMessage message, Optional<String> user, RasTime now) {
        if (forAnother(message, user)) {
            return GatekeeperAnswers.bandwidthReject(message, "securityDenial", 0);
        }
        var call = callOf(message);
        if (call.isEmpty()) {
            return GatekeeperAnswers.bandwidthReject(message, "invalidConferenceID", 0);
        }
        used(call.get(), message.body(), now);
        long wanted = message.body().numberAt("bandWidth").orElse(0L);
        long free = config.totalBandwidth() - calls.bandwidth() + call.get().bandwidth();
        long allowed = Math.min(callBandwidth, free);
        if (wanted > allowed) {
            return GatekeeperAnswers.bandwidthReject(message, "insufficientResources", allowed);
        }
        call.get().party(message.body().textAt("endpointIdentifier").orElse("")).ifPresent(p -> p.bandwidth = wanted);
        return RasMessage.of("bandwidthConfirm", message.sequence()).with("bandWidth", wanted);
    }

    RasMessage disengage(RasMessage message, Optional<String> user, RasTime now) {
        var party = message.body().textAt("endpointIdentifier").orElse("");
        if (registrations.of(party).isEmpty()) {
            return GatekeeperAnswers.reject(message, "notRegistered");
        }
        if (forAnother(message, user)) {
            return GatekeeperAnswers.reject(message, "securityDenial");
        }
        callOf(message).ifPresent(c -> {
            used(c, message.body(), now);
            left(c, party, message.body().chosenAt("disengageReason").orElse("undefinedReason"), now);
        });
        return RasMessage.of("disengageConfirm", message.sequence());
    }

    private void left(Calls.Call call, String endpoint, String reason, RasTime now) {
        if (call.party(endpoint).isPresent()) {
            events.accept(new GatekeeperEvent.PartyLeft(call.identifier, endpoint, reason));
            calls.left(call, endpoint, reason, now.wallMillis()).ifPresent(events);
        }
    }

    /// An endpoint's registration is over, and with it all of its calls.
    void gone(String endpoint, RasTime now) {
        tells.remove(endpoint);
        calls.of(endpoint).forEach(c -> left(c, endpoint, "unregistered", now));
    }

    /// What an endpoint tells of its calls (IRR), asked or not.
    Optional<RasMessage> state(RasMessage message, TransportAddress from, Optional<String> user, RasTime now) {
        boolean answers = message.body().flagAt("needResponse");
        var endpoint = message.body().textAt("endpointIdentifier").flatMap(registrations::of).filter(r -> r.user().equals(user));
        if (endpoint.isEmpty()) {
            return answers ? Optional.of(RasMessage.of("infoRequestNak", message.sequence()).with("nakReason", Value.choice("notRegistered")))
                    : Optional.empty();
        }
        var party = endpoint.get().identifier();
        tells.put(party, true);
        var told = new ArrayList<Octets>();
        for (var info : message.body().listAt("perCallInfo")) {
            info.octetsAt("callIdentifier/guid").or(() -> info.octetsAt("conferenceID")).ifPresent(id -> {
                told.add(id);
                calls.of(id).filter(c -> c.party(party).isPresent()).ifPresent(c -> {
                    heard(c, party, now);
                    used(c, info, now);
                });
            });
        }
        boolean whole = message.body().chosenAt("irrStatus").filter(s -> s.equals("incomplete") || s.equals("segment")).isEmpty();
        if (!message.body().flagAt("unsolicited")) {
            demands.answered(message, from).filter(r -> r.subject().endpoint().identifier().equals(party)).flatMap(r -> r.subject().call())
                    .filter(id -> whole && !told.contains(id)).flatMap(calls::of).ifPresent(c -> left(c, party, "notInCall", now));
        }
        return answers ? Optional.of(RasMessage.of("infoRequestAck", message.sequence())) : Optional.empty();
    }

    private static void heard(Calls.Call call, String endpoint, RasTime now) {
        call.party(endpoint).ifPresent(p -> p.heardAt = now.nanos());
    }

    /// An endpoint answered what was demanded of it.
    void answered(Requests.Open<Demands.About> demand, RasMessage answer, RasTime now) {
        var endpoint = demand.subject().endpoint().identifier();
        var call = demand.subject().call().flatMap(calls::of).filter(c -> c.party(endpoint).isPresent());
        if (call.isEmpty()) {
            return;
        }
        switch (answer.name()) {
            case "bandwidthConfirm" -> {
                long bandwidth = answer.body().numberAt("bandWidth").orElse(0L);
                call.get().party(endpoint).ifPresent(p -> p.bandwidth = bandwidth);
                events.accept(new GatekeeperEvent.BandwidthChanged(call.get().identifier, endpoint, bandwidth));
            }
            case "bandwidthReject" -> events.accept(new GatekeeperEvent.BandwidthRefused(call.get().identifier, endpoint,
                    answer.body().chosenAt("rejectReason").orElse("undefinedReason"), answer.body().numberAt("allowedBandWidth").orElse(0L)));
            // It does not know the question: so it is there.
            case "unknownMessageResponse" -> heard(call.get(), endpoint, now);
            case "disengageConfirm", "disengageReject" -> {
                used(call.get(), answer.body(), now);
                left(call.get(), endpoint, FORCED_DROP, now);
            }
            default -> { }
        }
    }

    void unanswered(Requests.Open<Demands.About> demand, RasTime now) {
        var endpoint = demand.subject().endpoint().identifier();
        demand.subject().call().flatMap(calls::of).filter(c -> c.party(endpoint).isPresent()).ifPresent(c -> {
            if (demand.name().equals("infoRequest")) {
                // The call of one that never tells ends with its DRQ, or with its registration.
                if (tells.merge(endpoint, false, (known, _) -> known)) {
                    left(c, endpoint, "noAnswer", now);
                }
            } else if (demand.name().equals("disengageRequest")) {
                left(c, endpoint, FORCED_DROP, now);
            } else if (demand.name().equals("bandwidthRequest")) {
                events.accept(new GatekeeperEvent.BandwidthRefused(c.identifier, endpoint, "noAnswer", c.bandwidth()));
            }
        });
    }

    /// Each party is out of the call when it has answered, where it may tell when the call was connected, or is silent.
    void drop(Octets callIdentifier) {
        calls.of(callIdentifier).filter(c -> c.ends(FORCED_DROP)).ifPresent(c -> c.parties.keySet()
                .forEach(party -> demand(c, party, "disengageRequest", m -> m.with("disengageReason", Value.choice(FORCED_DROP)))));
    }

    void limit(Octets callIdentifier, long bandwidth) {
        calls.of(callIdentifier).ifPresent(c -> c.parties.keySet().forEach(
                party -> demand(c, party, "bandwidthRequest", m -> m.with("bandWidth", bandwidth))));
    }

    void limitAll(long bandwidth) {
        callBandwidth = bandwidth;
        calls.all().stream().filter(c -> c.bandwidth() > bandwidth).forEach(c -> limit(c.identifier, bandwidth));
    }

    private void demand(Calls.Call call, String party, String name, UnaryOperator<RasMessage> more) {
        registrations.of(party).ifPresent(r -> demands.add(r, Optional.of(call.identifier), sequence -> more.apply(RasMessage.of(name, sequence)
                .with("endpointIdentifier", Value.text(r.identifier())).with("conferenceID", call.conference)
                .with("callReferenceValue", call.reference).with("callIdentifier", RasMessage.callIdentifier(call.identifier))
                .with("answeredCall", false))));
    }

    void inquire(Octets callIdentifier) {
        calls.of(callIdentifier).ifPresent(c -> c.parties.keySet().forEach(party -> inquire(c, party)));
    }

    private void inquire(Calls.Call call, String party) {
        registrations.of(party).ifPresent(r -> demands.add(r, Optional.of(call.identifier), sequence -> RasMessage.of("infoRequest", sequence)
                .with("callReferenceValue", call.reference).withAddress("replyAddress", Optional.of(config.rasAddress(r.rasAddress())))
                .with("callIdentifier", RasMessage.callIdentifier(call.identifier))));
    }

    long nextSweep() {
        return sweepAt;
    }

    /// Asks those who have not told of their call for one and a half of the time: their word, or that of its end, may be lost.
    void sweep(RasTime now) {
        if (sweepAt - now.nanos() > 0) {
            return;
        }
        long every = config.stateEvery().toNanos();
        for (var call : calls.all()) {
            call.parties.forEach((endpoint, party) -> {
                if (now.nanos() - party.heardAt >= every * 3 / 2 && tells.getOrDefault(endpoint, true)) {
                    party.heardAt = now.nanos();
                    inquire(call, endpoint);
                }
            });
        }
        sweepAt = calls.size() == 0 ? NEVER : now.nanos() + every / 2;
    }
}

package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A gatekeeper's side of RAS (H.225.0 clause 7): who is registered, which calls are admitted, and where they go. Pure; not safe for several
/// threads. Answers go to where the request came from, not to the address in it: so they pass address translation, and nobody can have them
/// sent to others.
public final class GatekeeperMachine {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final int TRIES = 3;

    private final GatekeeperConfig config;
    private final Authentication authentication;
    private final Registrations registrations = new Registrations();
    private final Calls calls = new Calls();
    private final Requests requests;
    private final GivenAnswers answers = new GivenAnswers();
    private final List<RasOutput> out = new ArrayList<>();
    private long nextIdentifier;
    private long random;

    /// @param random where identifiers, the numbers of requests and those in tokens begin
    public GatekeeperMachine(GatekeeperConfig config, long random) {
        this.config = config;
        this.requests = new Requests(random);
        this.authentication = new Authentication(config.passwords(), config.identifier());
        this.nextIdentifier = random & 0xFF_FFFF;
        this.random = random & 0x3FFF_FFFF;
    }

    public List<Registration> registrations() {
        return registrations.all();
    }

    /// Where the Setup of an admitted, routed call goes on to.
    public Optional<TransportAddress> destination(Octets callIdentifier) {
        return calls.of(callIdentifier).filter(c -> c.routed).map(c -> c.destination);
    }

    public int calls() {
        return calls.size();
    }

    /// When [#tick] is next due, on the clock of nanoseconds; `Long.MAX_VALUE` for never.
    public long nextTick() {
        return Math.min(requests.nextDue(), registrations.all().stream().mapToLong(Registration::expires).min().orElse(Long.MAX_VALUE));
    }

    /// @throws SessionException.ProtocolViolation when the datagram is malformed: drop it
    public List<RasOutput> received(Octets datagram, TransportAddress from, RasTime now) {
        var given = answers.to(datagram, from, now);
        if (given.isPresent()) {
            return List.of(given.get());
        }
        var message = RasMessage.decode(datagram);
        if (message.request().isPresent() && !message.name().equals("infoRequestResponse") || message.name().equals("unknownMessageResponse")) {
            requests.answered(message, from);
            return List.of();
        }
        var verdict = authentication.check(message, datagram, now);
        var answer = verdict.isDenied() && !message.name().equals("gatekeeperRequest")
                ? denied(message, verdict.denied().orElseThrow())
                : answer(message, datagram, from, verdict, now);
        answer.ifPresent(a -> {
            var send = new RasOutput.Send(from, signed(a, verdict.user(), verdict.signed(), now));
            answers.keep(datagram, from, send, now);
            // The answer goes first: what follows from it may be a message to the same endpoint.
            out.addFirst(send);
        });
        return outputs();
    }

    private List<RasOutput> outputs() {
        var all = List.copyOf(out);
        out.clear();
        return all;
    }

    private Octets signed(RasMessage message, Optional<String> user, boolean signs, RasTime now) {
        var password = user.flatMap(config.passwords()::of);
        return signs && password.isPresent()
                ? PasswordTokens.signed(message, config.identifier(), user, password.get(), now.seconds(), ++random)
                : message.encode();
    }

    private Optional<RasMessage> denied(RasMessage message, String why) {
        out.add(new GatekeeperEvent.Refused(message.name(), Alias.from(message.body().listAt("terminalAlias")), "securityDenial: " + why));
        return switch (message.name()) {
            case "infoRequestResponse" -> Optional.of(RasMessage.of("infoRequestNak", message.sequence())
                    .with("nakReason", Value.choice("securityDenial")));
            case "bandwidthRequest" -> Optional.of(GatekeeperAnswers.bandwidthReject(message, "securityDenial", 0));
            case "registrationRequest", "unregistrationRequest", "admissionRequest", "disengageRequest", "locationRequest" ->
                    Optional.of(GatekeeperAnswers.reject(message, "securityDenial"));
            default -> Optional.empty();
        };
    }

    private Optional<RasMessage> answer(RasMessage message, Octets datagram, TransportAddress from, Authentication.Verdict verdict, RasTime now) {
        if (message.name().equals("infoRequestResponse")) {
            requests.answered(message, from);
            return message.body().flagAt("needResponse") ? Optional.of(RasMessage.of("infoRequestAck", message.sequence())) : Optional.empty();
        }
        return Optional.of(switch (message.name()) {
            case "gatekeeperRequest" -> discovery(message);
            case "registrationRequest" -> registration(message, from, verdict, now);
            case "unregistrationRequest" -> unregistration(message, verdict.user(), now);
            case "admissionRequest" -> admission(message, verdict.user(), now);
            case "bandwidthRequest" -> bandwidth(message);
            case "disengageRequest" -> disengage(message, now);
            case "locationRequest" -> location(message);
            case "resourcesAvailableIndicate" -> GatekeeperAnswers.resourcesConfirm(message);
            default -> EndpointMessages.notUnderstood(message, datagram);
        });
    }

    private RasMessage discovery(RasMessage message) {
        var wanted = message.body().textAt("gatekeeperIdentifier");
        if (wanted.isPresent() && !wanted.get().equals(config.identifier()) && !wanted.get().equals(config.identifier() + "\0")) {
            return GatekeeperAnswers.reject(message, "terminalExcluded").withText("gatekeeperIdentifier", Optional.of(config.identifier()));
        }
        return GatekeeperAnswers.discoveryConfirm(message, config);
    }

    private RasMessage registration(RasMessage message, TransportAddress from, Authentication.Verdict verdict, RasTime now) {
        var user = verdict.user();
        var known = message.body().textAt("endpointIdentifier").flatMap(registrations::of).filter(r -> r.user().equals(user));
        if (message.body().flagAt("keepAlive")) {
            known.ifPresent(r -> registrations.put(r.alive(now)));
            return known.map(r -> GatekeeperAnswers.registrationConfirm(message, config, r))
                    .orElseGet(() -> GatekeeperAnswers.reject(message, "fullRegistrationRequired"));
        }
        var request = Endpoints.read(message, from);
        if (request.signalAddresses().isEmpty()) {
            return refused(message, request.aliases(), "invalidCallSignalAddress");
        }
        if (message.body().has("additiveRegistration")) {
            return refused(message, request.aliases(), "additiveRegistrationNotSupported");
        }
        var present = registrations.at(request.signalAddresses().getFirst()).or(() -> known);
        var taken = request.aliases().stream().filter(a -> registrations.named(a)
                .filter(r -> present.isEmpty() || !present.get().identifier().equals(r.identifier())).isPresent()).toList();
        if (!taken.isEmpty()) {
            out.add(new GatekeeperEvent.Refused(message.name(), request.aliases(), "duplicateAlias"));
            return GatekeeperAnswers.duplicateAlias(message, taken);
        }
        if (present.isPresent() && !present.get().user().equals(user)) {
            return refused(message, request.aliases(), "securityDenial");
        }
        if (present.isEmpty() && registrations.size() >= config.mostRegistrations()) {
            return refused(message, request.aliases(), "resourceUnavailable");
        }
        var wanted = Duration.ofSeconds(message.body().numberAt("timeToLive").orElse(config.timeToLive().toSeconds()));
        var life = wanted.compareTo(config.timeToLive()) < 0 ? wanted : config.timeToLive();
        var identifier = present.map(Registration::identifier).orElseGet(() -> "ep-" + Long.toHexString(nextIdentifier++));
        var registration = new Registration(identifier, from, request.signalAddresses(), request.aliases(), request.prefixes(), user,
                verdict.signed(), life, Registration.expiry(life, now), present.map(Registration::sinceMillis).orElse(now.wallMillis()));
        registrations.put(registration);
        if (present.isEmpty()) {
            out.add(new GatekeeperEvent.Registered(registration));
        }
        return GatekeeperAnswers.registrationConfirm(message, config, registration);
    }

    private RasMessage refused(RasMessage message, List<Alias> who, String reason) {
        out.add(new GatekeeperEvent.Refused(message.name(), who, reason));
        return GatekeeperAnswers.reject(message, reason);
    }

    private RasMessage unregistration(RasMessage message, Optional<String> user, RasTime now) {
        var registration = message.body().textAt("endpointIdentifier").flatMap(registrations::of)
                .or(() -> message.body().listAt("callSignalAddress").stream().flatMap(a -> TransportAddress.fromH225(a).stream())
                        .flatMap(a -> registrations.at(a).stream()).findFirst());
        if (registration.isEmpty()) {
            return GatekeeperAnswers.reject(message, "notCurrentlyRegistered");
        }
        if (!registration.get().user().equals(user)) {
            return GatekeeperAnswers.reject(message, "permissionDenied");
        }
        gone(registration.get(), "left", now);
        return RasMessage.of("unregistrationConfirm", message.sequence());
    }

    private void gone(Registration registration, String reason, RasTime now) {
        registrations.remove(registration.identifier());
        out.addAll(calls.gone(registration.identifier(), now.wallMillis()));
        out.add(new GatekeeperEvent.Unregistered(registration, reason));
    }

    private RasMessage admission(RasMessage message, Optional<String> user, RasTime now) {
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
        var names = Alias.from(message.body().listAt("destinationInfo"));
        var address = message.body().at("destCallSignalAddress").flatMap(TransportAddress::fromH225);
        var called = answer ? who : registrations.find(names).or(() -> address.flatMap(registrations::at));
        var destination = called.map(r -> r.signalAddresses().getFirst()).or(() -> names.isEmpty() ? address : Optional.empty());
        if (destination.isEmpty()) {
            return refused(message, who.get().aliases(), "calledPartyNotRegistered");
        }
        var present = calls.of(identifier.get());
        if (present.isEmpty() && calls.size() >= config.mostCalls()) {
            return refused(message, who.get().aliases(), "resourceUnavailable");
        }
        long bandwidth = Math.min(message.body().numberAt("bandWidth").orElse(0L), config.callBandwidth());
        if (calls.bandwidth() - present.map(c -> c.bandwidth).orElse(0L) + bandwidth > config.totalBandwidth()) {
            return refused(message, who.get().aliases(), "requestDenied");
        }
        var call = present.orElseGet(() -> {
            var from = answer ? Alias.from(message.body().listAt("srcInfo")).stream().map(Alias::text).findFirst().orElse("") : who.get().name();
            var to = called.map(Registration::name).orElseGet(() -> destination.get().toString());
            out.add(new GatekeeperEvent.CallAdmitted(identifier.get(), from, to));
            var begun = new Calls.Call(identifier.get(), message.body().octetsAt("conferenceID").orElse(identifier.get()),
                    message.body().numberAt("callReferenceValue").orElse(0L).intValue(), from, to, config.routed(), destination.get(),
                    now.wallMillis());
            calls.put(begun);
            return begun;
        });
        call.parties.add(who.get().identifier());
        call.bandwidth = Math.max(call.bandwidth, bandwidth);
        if (answer) {
            call.answeredMillis = Optional.of(now.wallMillis());
        }
        return GatekeeperAnswers.admissionConfirm(message, bandwidth, config.routed(), config.routed() ? config.signalAddress() : destination.get());
    }

    private Optional<Calls.Call> callOf(RasMessage message) {
        return message.callIdentifier().or(() -> message.body().octetsAt("conferenceID")).flatMap(calls::of)
                .filter(c -> message.body().textAt("endpointIdentifier").filter(c.parties::contains).isPresent());
    }

    private RasMessage bandwidth(RasMessage message) {
        var call = callOf(message);
        if (call.isEmpty()) {
            return GatekeeperAnswers.bandwidthReject(message, "invalidConferenceID", 0);
        }
        long wanted = message.body().numberAt("bandWidth").orElse(0L);
        long free = config.totalBandwidth() - calls.bandwidth() + call.get().bandwidth;
        long allowed = Math.min(config.callBandwidth(), free);
        if (wanted > allowed) {
            return GatekeeperAnswers.bandwidthReject(message, "insufficientResources", allowed);
        }
        call.get().bandwidth = wanted;
        return RasMessage.of("bandwidthConfirm", message.sequence()).with("bandWidth", wanted);
    }

    private RasMessage disengage(RasMessage message, RasTime now) {
        var party = message.body().textAt("endpointIdentifier").orElse("");
        if (registrations.of(party).isEmpty()) {
            return GatekeeperAnswers.reject(message, "notRegistered");
        }
        callOf(message).ifPresent(c -> calls.left(c, party, message.body().chosenAt("disengageReason").orElse("undefinedReason"), now.wallMillis())
                .ifPresent(out::add));
        return RasMessage.of("disengageConfirm", message.sequence());
    }

    private RasMessage location(RasMessage message) {
        return registrations.find(Alias.from(message.body().listAt("destinationInfo")))
                .map(r -> GatekeeperAnswers.locationConfirm(message, config.routed() ? config.signalAddress() : r.signalAddresses().getFirst(),
                        config.rasAddress()))
                .orElseGet(() -> GatekeeperAnswers.reject(message, "notRegistered"));
    }

    /// Ends the registration of an endpoint from this side.
    ///
    /// @param reason of H.225.0: `reregistrationRequired`, `ttlExpired`, `securityDenial`, `undefinedReason` or `maintenance`
    public List<RasOutput> unregister(String endpointIdentifier, String reason, RasTime now) {
        registrations.of(endpointIdentifier).ifPresent(r -> {
            demand(r, RasMessage.of("unregistrationRequest", requests.nextSequence())
                    .with("callSignalAddress", new Value.Items(r.signalAddresses().stream().map(TransportAddress::forH225).toList()))
                    .with("endpointIdentifier", Value.text(r.identifier())).with("reason", Value.choice(reason)), now);
            gone(r, "removed", now);
        });
        return outputs();
    }

    /// Ends a call: demands it of both ends. They tell when they are out of it.
    public List<RasOutput> drop(Octets callIdentifier, RasTime now) {
        calls.of(callIdentifier).ifPresent(c -> List.copyOf(c.parties).forEach(party -> registrations.of(party).ifPresent(r -> {
            demand(r, RasMessage.of("disengageRequest", requests.nextSequence()).with("endpointIdentifier", Value.text(r.identifier()))
                    .with("conferenceID", c.conference).with("callReferenceValue", c.reference)
                    .with("disengageReason", Value.choice("forcedDrop")).with("callIdentifier", RasMessage.callIdentifier(c.identifier))
                    .with("answeredCall", false), now);
            calls.left(c, party, "forcedDrop", now.wallMillis()).ifPresent(out::add);
        })));
        return outputs();
    }

    private void demand(Registration of, RasMessage message, RasTime now) {
        var octets = signed(message, of.user(), of.signs(), now);
        out.add(requests.send(message.sequence(), new Requests.Open(message.name(), Optional.empty(), Optional.of(of.rasAddress()),
                octets, ANSWER_WITHIN, TRIES - 1, now.after(ANSWER_WITHIN))));
    }

    /// Sends again what was not answered, and ends registrations whose time is over.
    public List<RasOutput> tick(RasTime now) {
        requests.due(now.nanos()).again().forEach(r -> out.add(r.sending()));
        registrations.all().stream().filter(r -> r.expires() - now.nanos() <= 0).forEach(r -> gone(r, "expired", now));
        return outputs();
    }
}

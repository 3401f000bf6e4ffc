package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A gatekeeper's side of RAS (H.225.0 clause 7): who is registered, which calls are admitted, and where they go. Pure; not safe for several
/// threads. Answers go to where the request came from, not to the address in it: so they pass address translation, and nobody can have them
/// sent to others.
public final class GatekeeperMachine {
    private final GatekeeperConfig config;
    private final Authentication authentication;
    private final Registrations registrations = new Registrations();
    private final Demands demands;
    private final GatekeeperCalls calls;
    private final GivenAnswers answers = new GivenAnswers();
    private final List<RasOutput> out = new ArrayList<>();
    private boolean leaving;
    private long nextIdentifier;
    private long random;

    /// @param random where identifiers, the numbers of requests and those in tokens begin
    public GatekeeperMachine(GatekeeperConfig config, long random) {
        this.config = config;
        this.demands = new Demands(random, (message, to, now) -> to.signs()
                ? signed(message, to.user(), to.identifier(), now) : message.encode());
        this.calls = new GatekeeperCalls(config, registrations, demands, out::add);
        this.authentication = new Authentication(config.passwords(), config.identifier(),
                identifier -> registrations.of(identifier).flatMap(Registration::user));
        this.nextIdentifier = random & 0xFF_FFFF;
        this.random = random & 0x3FFF_FFFF;
    }

    public List<Registration> registrations() {
        return registrations.all();
    }

    /// Where the Setup of an admitted, routed call goes on to.
    public Optional<TransportAddress> destination(Octets callIdentifier) {
        return calls.destination(callIdentifier);
    }

    public int calls() {
        return calls.size();
    }

    /// When [#tick] is next due, on the clock of nanoseconds; `Long.MAX_VALUE` for never.
    public long nextTick() {
        return Math.min(Math.min(demands.nextDue(), calls.nextSweep()),
                registrations.all().stream().mapToLong(Registration::expires).min().orElse(Long.MAX_VALUE));
    }

    /// @throws SessionException.ProtocolViolation when the datagram is malformed: drop it
    public List<RasOutput> received(Octets datagram, TransportAddress from, RasTime now) {
        var given = answers.to(datagram, from, now);
        if (given.isPresent()) {
            return List.of(given.get());
        }
        var message = RasMessage.decode(datagram);
        if (message.name().equals("requestInProgress")) {
            demands.inProgress(message, from, now);
            return List.of();
        }
        if (!message.isDemand() && !message.name().equals("infoRequestResponse")) {
            demands.answered(message, from).ifPresent(request -> calls.answered(request, message, now));
            return outputs(now);
        }
        var verdict = authentication.check(message, datagram, now);
        var answer = !verdict.isDenied() || message.name().equals("gatekeeperRequest") ? answer(message, datagram, from, verdict, now)
                : isOfAForgottenEndpoint(message) ? answer(message, datagram, from, Authentication.Verdict.NOBODY, now)
                : denied(message, verdict.denied().orElseThrow());
        if (out.stream().anyMatch(GatekeeperEvent.Unregistered.class::isInstance)) {
            answers.forget(from);
        }
        answer.ifPresent(a -> {
            // A registration is confirmed to the identifier that it gives (H323Plus takes no other).
            var named = a.name().equals("registrationConfirm") ? a.body().textAt("endpointIdentifier") : verdict.signer();
            var send = new RasOutput.Send(from, verdict.signer().isEmpty() ? a.encode()
                    : signed(a, verdict.user(), named.orElseThrow(), now));
            answers.keep(datagram, from, send, now);
            // The answer goes first: what follows from it may be a message to the same endpoint.
            out.addFirst(send);
        });
        return outputs(now);
    }

    private List<RasOutput> outputs(RasTime now) {
        out.addAll(demands.next(now));
        var all = List.copyOf(out);
        out.clear();
        return all;
    }

    /// @param recipient the identifier of the endpoint once it has one, as H.235.1 has it, or what it calls itself
    private Octets signed(RasMessage message, Optional<String> user, String recipient, RasTime now) {
        return user.flatMap(config.passwords()::key)
                .map(key -> PasswordTokens.signed(message, config.identifier(), Optional.of(recipient), key, now.seconds(), ++random))
                .orElseGet(message::encode);
    }

    /// The identifier that it signs with is nothing to us any more, so nothing can be proven with it: it hears that it is not registered,
    /// which anybody may hear, and registers again.
    private boolean isOfAForgottenEndpoint(RasMessage message) {
        boolean asksWhetherItIs = switch (message.name()) {
            case "registrationRequest" -> message.body().flagAt("keepAlive");
            case "admissionRequest", "disengageRequest", "infoRequestResponse" -> true;
            default -> false;
        };
        return asksWhetherItIs && message.body().textAt("endpointIdentifier").filter(id -> registrations.of(id).isEmpty()).isPresent();
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
            return calls.state(message, from, verdict.user(), now);
        }
        return Optional.of(switch (message.name()) {
            case "gatekeeperRequest" -> discovery(message, from);
            case "registrationRequest" -> registration(message, from, verdict, now);
            case "unregistrationRequest" -> unregistration(message, verdict.user(), now);
            case "admissionRequest" -> calls.admission(message, from, verdict.user(), now);
            case "bandwidthRequest" -> calls.bandwidth(message, verdict.user(), now);
            case "disengageRequest" -> calls.disengage(message, verdict.user(), now);
            case "locationRequest" -> location(message, from);
            case "resourcesAvailableIndicate" -> GatekeeperAnswers.resourcesConfirm(message);
            default -> EndpointMessages.notUnderstood(message, datagram);
        });
    }

    private RasMessage discovery(RasMessage message, TransportAddress from) {
        var wanted = message.body().textAt("gatekeeperIdentifier");
        if (wanted.isPresent() && !wanted.get().equals(config.identifier()) && !wanted.get().equals(config.identifier() + "\0")) {
            return GatekeeperAnswers.reject(message, "terminalExcluded").withText("gatekeeperIdentifier", Optional.of(config.identifier()));
        }
        return GatekeeperAnswers.discoveryConfirm(message, from, config);
    }

    private RasMessage registration(RasMessage message, TransportAddress from, Authentication.Verdict verdict, RasTime now) {
        var user = verdict.user();
        var known = message.body().textAt("endpointIdentifier").flatMap(registrations::of).filter(r -> r.user().equals(user));
        if (message.body().flagAt("keepAlive")) {
            known.ifPresent(r -> registrations.put(r.alive(now)));
            return known.map(r -> GatekeeperAnswers.registrationConfirm(message, from, config, r))
                    .orElseGet(() -> GatekeeperAnswers.reject(message, "fullRegistrationRequired"));
        }
        if (leaving) {
            return refused(message, Alias.from(message.body().listAt("terminalAlias")), "resourceUnavailable");
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
        if (present.isPresent() && !present.get().user().equals(user) || request.aliases().stream().anyMatch(a -> isAnothers(a, user))) {
            return refused(message, request.aliases(), "securityDenial");
        }
        if (present.isEmpty() && registrations.size() >= config.mostRegistrations()) {
            return refused(message, request.aliases(), "resourceUnavailable");
        }
        var wanted = Duration.ofSeconds(message.body().numberAt("timeToLive").orElse(config.timeToLive().toSeconds()));
        var life = wanted.compareTo(config.timeToLive()) < 0 ? wanted : config.timeToLive();
        var identifier = present.map(Registration::identifier).orElseGet(this::freeIdentifier);
        var registration = new Registration(identifier, from, request.signalAddresses(), request.aliases(), request.prefixes(), user,
                verdict.signer().isPresent(), life, Registration.expiry(life, now), present.map(Registration::sinceMillis).orElse(now.wallMillis()));
        registrations.put(registration);
        if (present.isEmpty()) {
            out.add(new GatekeeperEvent.Registered(registration));
        }
        return GatekeeperAnswers.registrationConfirm(message, from, config, registration);
    }

    /// The name of a user is for that user alone, in whatever case.
    private boolean isAnothers(Alias alias, Optional<String> user) {
        return Stream.of(alias.text(), alias.text().toLowerCase(Locale.ROOT))
                .anyMatch(name -> config.passwords().key(name).isPresent() && user.filter(name::equalsIgnoreCase).isEmpty());
    }

    /// With which nobody else signs: neither we nor a user.
    private String freeIdentifier() {
        var identifier = "ep-" + Long.toHexString(nextIdentifier++);
        return identifier.equals(config.identifier()) || config.passwords().key(identifier).isPresent() ? freeIdentifier() : identifier;
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
        calls.gone(registration.identifier(), now);
        out.add(new GatekeeperEvent.Unregistered(registration, reason));
    }

    private RasMessage location(RasMessage message, TransportAddress from) {
        return registrations.find(Alias.from(message.body().listAt("destinationInfo")))
                .map(r -> GatekeeperAnswers.locationConfirm(message,
                        config.routed() ? config.signalAddress(from) : r.signalAddresses().getFirst(), config.rasAddress(from)))
                .orElseGet(() -> GatekeeperAnswers.reject(message, "notRegistered"));
    }

    /// Ends the registration of an endpoint from this side.
    ///
    /// @param reason of H.225.0: `reregistrationRequired`, `ttlExpired`, `securityDenial`, `undefinedReason` or `maintenance`
    public List<RasOutput> unregister(String endpointIdentifier, String reason, RasTime now) {
        registrations.of(endpointIdentifier).ifPresent(r -> end(r, reason, now));
        return outputs(now);
    }

    private void end(Registration r, String reason, RasTime now) {
        demands.add(r, Optional.empty(), sequence -> RasMessage.of("unregistrationRequest", sequence)
                .with("callSignalAddress", new Value.Items(r.signalAddresses().stream().map(TransportAddress::forH225).toList()))
                .with("endpointIdentifier", Value.text(r.identifier())).with("reason", Value.choice(reason))
                .withList("alternateGatekeeper", GatekeeperAnswers.alternates(config)));
        gone(r, "removed", now);
    }

    /// Ends all registrations, and takes none any more.
    ///
    /// @param reason as for one
    public List<RasOutput> leave(String reason, RasTime now) {
        leaving = true;
        registrations.all().forEach(r -> end(r, reason, now));
        return outputs(now);
    }

    /// Whether every demand is answered, or was made often enough.
    public boolean isQuiet() {
        return demands.areDone();
    }

    /// A routed call is answered.
    public void answered(Octets callIdentifier, RasTime now) {
        calls.answered(callIdentifier, now);
    }

    /// Ends a call: demands it of both ends, and records it when they have answered or are silent for nine seconds.
    public List<RasOutput> drop(Octets callIdentifier, RasTime now) {
        calls.drop(callIdentifier);
        return outputs(now);
    }

    /// Asks both ends of a call whether they are in it. Who is not, or does not answer, is out of it.
    public List<RasOutput> inquire(Octets callIdentifier, RasTime now) {
        calls.inquire(callIdentifier);
        return outputs(now);
    }

    /// Wants another bandwidth for a call, in units of 100 bit/s, and demands it of both ends.
    public List<RasOutput> limit(Octets callIdentifier, long bandwidth, RasTime now) {
        calls.limit(callIdentifier, bandwidth);
        return outputs(now);
    }

    /// The bandwidth of one call has another limit from now on. Of calls that use more, less is demanded.
    public List<RasOutput> limitCalls(long bandwidth, RasTime now) {
        calls.limitAll(bandwidth);
        return outputs(now);
    }

    /// Sends again what was not answered, asks for calls that nobody told of, and ends registrations whose time is over.
    public List<RasOutput> tick(RasTime now) {
        var due = demands.due(now);
        due.again().forEach(r -> out.add(r.sending()));
        due.failed().forEach(r -> calls.unanswered(r, now));
        calls.sweep(now);
        registrations.all().stream().filter(r -> r.expires() - now.nanos() <= 0).forEach(r -> gone(r, "expired", now));
        return outputs(now);
    }
}

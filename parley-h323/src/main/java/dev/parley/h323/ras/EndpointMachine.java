package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An endpoint's side of RAS (H.225.0 clause 7): finds a gatekeeper, registers and stays registered, asks for admission of calls, and goes to
/// an alternate gatekeeper when its own is silent. Pure; not safe for several threads.
public final class EndpointMachine {
    /// Where the registration stands.
    public enum State { IDLE, DISCOVERING, REGISTERING, REGISTERED, UNREGISTERING, REFUSED }

    private static final long NEVER = Long.MAX_VALUE;

    private final EndpointConfig config;
    private final EndpointMessages messages;
    private final Requests requests = new Requests();
    private final AdmittedCalls calls = new AdmittedCalls();
    private final AlternateGatekeepers alternates = new AlternateGatekeepers();
    private State state = State.IDLE;
    private Optional<TransportAddress> gatekeeper;
    private Optional<String> gatekeeperIdentifier;
    private Optional<String> endpointIdentifier = Optional.empty();
    private long keepAliveAt = NEVER;
    private long retryAt = NEVER;
    private final Proof proof;
    private final GivenAnswers answers = new GivenAnswers();
    private List<RasOutput> out = new ArrayList<>();

    /// @param random where the numbers in tokens begin
    public EndpointMachine(EndpointConfig config, long random) {
        this.config = config;
        this.messages = new EndpointMessages(config);
        this.gatekeeper = config.gatekeeper();
        this.gatekeeperIdentifier = config.gatekeeperIdentifier();
        this.proof = new Proof(config, random);
    }

    public State state() {
        return state;
    }

    public Optional<TransportAddress> gatekeeper() {
        return gatekeeper;
    }

    /// The name that the gatekeeper gave us, while we are registered.
    public Optional<String> endpointIdentifier() {
        return endpointIdentifier;
    }

    /// Calls that the gatekeeper has admitted and not heard the end of.
    public List<Octets> calls() {
        return calls.identifiers();
    }

    /// When [#tick] is next due, on the clock of nanoseconds; `Long.MAX_VALUE` for never.
    public long nextTick() {
        return Math.min(requests.nextDue(), Math.min(keepAliveAt, retryAt));
    }

    /// Begins with discovery.
    public List<RasOutput> start(RasTime now) {
        discover(now);
        return outputs();
    }

    private List<RasOutput> outputs() {
        var all = out;
        out = new ArrayList<>();
        return all;
    }

    private void discover(RasTime now) {
        state = State.DISCOVERING;
        retryAt = NEVER;
        keepAliveAt = NEVER;
        var request = messages.discovery(requests.nextSequence(), gatekeeperIdentifier);
        // Without a token: discovery only learns whom to prove oneself to.
        out.add(requests.send(request.sequence(), new Requests.Open(request.name(), Optional.empty(), gatekeeper, request.encode(),
                config.answerWithin(), config.tries() - 1, now.after(config.answerWithin()))));
    }

    private void register(RasTime now, boolean keepAlive) {
        var request = messages.registration(requests.nextSequence(), gatekeeperIdentifier, endpointIdentifier, keepAlive);
        state = keepAlive ? state : State.REGISTERING;
        retryAt = NEVER;
        keepAliveAt = NEVER;
        send(request, Optional.empty(), now);
    }

    /// Asks for a call. The answer comes as an event.
    ///
    /// @throws SessionException.OutOfSequence when we are not registered, or the call is admitted already
    public List<RasOutput> admit(Admission call, RasTime now) {
        requireRegistered();
        calls.begin(call);
        ask(call, now);
        return outputs();
    }

    private void ask(Admission call, RasTime now) {
        send(messages.admission(requests.nextSequence(), gatekeeperIdentifier, endpointIdentifier.orElseThrow(), call),
                Optional.of(call.callIdentifier()), now);
    }

    /// Asks for another bandwidth of an admitted call, in units of 100 bit/s.
    public List<RasOutput> bandwidth(Octets callIdentifier, long bandwidth, RasTime now) {
        requireRegistered();
        var call = calls.required(callIdentifier);
        send(messages.bandwidth(requests.nextSequence(), endpointIdentifier.orElseThrow(), call, bandwidth), Optional.of(callIdentifier), now);
        return outputs();
    }

    /// Tells that a call has ended. Nothing when the gatekeeper does not know of it, or knows already.
    public List<RasOutput> disengage(Octets callIdentifier, RasTime now) {
        var call = calls.of(callIdentifier);
        if (call.isEmpty() || state != State.REGISTERED) {
            calls.end(callIdentifier);
            return List.of();
        }
        send(messages.disengage(requests.nextSequence(), endpointIdentifier.orElseThrow(), call.get()), Optional.of(callIdentifier), now);
        return outputs();
    }

    /// Leaves the gatekeeper.
    public List<RasOutput> unregister(RasTime now) {
        if (state != State.REGISTERED) {
            state = State.IDLE;
            requests.forget();
            keepAliveAt = NEVER;
            retryAt = NEVER;
            return List.of(new EndpointEvent.Unregistered(false, ""));
        }
        state = State.UNREGISTERING;
        keepAliveAt = NEVER;
        send(messages.unregistration(requests.nextSequence(), gatekeeperIdentifier, endpointIdentifier), Optional.empty(), now);
        return outputs();
    }

    /// @throws SessionException.ProtocolViolation when the datagram is malformed: drop it
    public List<RasOutput> received(Octets datagram, TransportAddress from, RasTime now) {
        var given = answers.to(datagram, from, now);
        if (given.isPresent()) {
            return List.of(given.get());
        }
        var message = RasMessage.decode(datagram);
        if (message.name().equals("gatekeeperConfirm") || message.name().equals("gatekeeperReject")) {
            requests.answered(message).ifPresent(_ -> discovered(message, from, now));
        } else if (gatekeeper.isPresent() && gatekeeper.get().ip().equals(from.ip())) {
            // From another address it would be somebody else's voice.
            fromGatekeeper(message, datagram, from, now);
        }
        return outputs();
    }

    private void discovered(RasMessage answer, TransportAddress from, RasTime now) {
        if (state != State.DISCOVERING) {
            return;
        }
        alternates.told(answer);
        if (answer.name().equals("gatekeeperReject")) {
            refused(answer, now);
            return;
        }
        gatekeeper = Optional.of(answer.body().at("rasAddress").flatMap(TransportAddress::fromH225)
                // Some listen everywhere and say so; 0.0.0.0 is no place to send to.
                .filter(a -> !a.ip().hex().matches("0+")).orElse(from));
        gatekeeperIdentifier = answer.body().textAt("gatekeeperIdentifier").or(() -> gatekeeperIdentifier);
        register(now, false);
    }

    private void fromGatekeeper(RasMessage message, Octets datagram, TransportAddress from, RasTime now) {
        boolean demand = message.request().isEmpty() && !message.name().equals("unknownMessageResponse");
        if (message.name().equals("requestInProgress")) {
            requests.delay(message.sequence(), now.after(Duration.ofMillis(message.body().numberAt("delay").orElse(1L))));
        } else if ((demand || message.isConfirm()) && !proof.accepts(message, datagram, endpointIdentifier, now)) {
            // Refusals are taken unproven: the gatekeeper may not know our password.
            return;
        } else if (demand) {
            demanded(message, datagram, from, now);
            out.stream().filter(RasOutput.Send.class::isInstance).findFirst().ifPresent(a -> answers.keep(datagram, from, a, now));
        } else {
            requests.answered(message).ifPresent(request -> answered(request, message, now));
        }
    }

    private void answered(Requests.Open request, RasMessage answer, RasTime now) {
        alternates.told(answer);
        switch (answer.name()) {
            case "registrationConfirm" -> registered(answer, now);
            case "registrationReject", "gatekeeperReject" -> refused(answer, now);
            case "unregistrationConfirm", "unregistrationReject" -> left(false, answer.body().chosenAt("rejectReason").orElse(""));
            case "admissionConfirm" -> admitted(request, answer, now);
            case "admissionReject" -> notAdmitted(request, answer.body().chosenAt("rejectReason").orElse("undefinedReason"), now);
            case "bandwidthConfirm" -> out.add(new EndpointEvent.BandwidthSet(request.subject().orElseThrow(),
                    answer.body().numberAt("bandWidth").orElse(0L), true));
            case "bandwidthReject" -> out.add(new EndpointEvent.BandwidthSet(request.subject().orElseThrow(),
                    answer.body().numberAt("allowedBandWidth").orElse(0L), false));
            case "disengageConfirm", "disengageReject" -> ended(request.subject().orElseThrow());
            default -> unanswered(request, now);
        }
    }

    private void registered(RasMessage answer, RasTime now) {
        long seconds = Math.min(answer.body().numberAt("timeToLive").orElse(0L), 86_400);
        // Two thirds of it: two more tries fit before it is over.
        keepAliveAt = seconds == 0 ? NEVER : now.nanos() + seconds * 1_000_000_000L * 2 / 3;
        gatekeeperIdentifier = answer.body().textAt("gatekeeperIdentifier").or(() -> gatekeeperIdentifier);
        var before = endpointIdentifier;
        endpointIdentifier = answer.body().textAt("endpointIdentifier");
        if (state != State.REGISTERED || !before.equals(endpointIdentifier)) {
            state = State.REGISTERED;
            out.add(new EndpointEvent.Registered(gatekeeper.orElseThrow(), endpointIdentifier.orElse(""), Duration.ofSeconds(seconds)));
        }
        calls.again().forEach(call -> ask(call, now));
    }

    private void refused(RasMessage answer, RasTime now) {
        var reason = answer.body().chosenAt("rejectReason").orElse("undefinedReason");
        if (reason.equals("fullRegistrationRequired") && state == State.REGISTERED) {
            endpointIdentifier = Optional.empty();
            register(now, false);
        } else if (reason.equals("discoveryRequired")) {
            discover(now);
        } else if (reason.equals("resourceUnavailable") || answer.body().has("altGKInfo")) {
            nextGatekeeper(reason, now);
        } else {
            out.addAll(calls.refuseUnanswered());
            state = State.REFUSED;
            endpointIdentifier = Optional.empty();
            out.add(new EndpointEvent.RegistrationRefused(reason));
        }
    }

    private void admitted(Requests.Open request, RasMessage answer, RasTime now) {
        var id = request.subject().orElseThrow();
        var address = answer.body().at("destCallSignalAddress").flatMap(TransportAddress::fromH225);
        long bandwidth = answer.body().numberAt("bandWidth").orElse(0L);
        if (address.isEmpty() || calls.of(id).filter(c -> bandwidth < c.leastBandwidth()).isPresent()) {
            // The gatekeeper has admitted it: it hears that the call is not made.
            var told = disengage(id, now);
            out.addAll(told);
            calls.end(id);
            out.add(new EndpointEvent.AdmissionRefused(id, address.isEmpty() ? "noRouteToDestination" : "insufficientResources"));
            return;
        }
        out.add(new EndpointEvent.Admitted(id, address.get(), answer.body().chosenAt("callModel").equals(Optional.of("gatekeeperRouted")),
                bandwidth));
    }

    private void notAdmitted(Requests.Open request, String reason, RasTime now) {
        var id = request.subject().orElseThrow();
        calls.end(id);
        out.add(new EndpointEvent.AdmissionRefused(id, reason));
        if (reason.equals("callerNotRegistered") || reason.equals("invalidEndpointIdentifier")) {
            endpointIdentifier = Optional.empty();
            register(now, false);
        }
    }

    private void ended(Octets call) {
        calls.end(call);
        out.add(new EndpointEvent.Disengaged(call));
    }

    private void left(boolean byGatekeeper, String reason) {
        state = State.IDLE;
        endpointIdentifier = Optional.empty();
        keepAliveAt = NEVER;
        out.add(new EndpointEvent.Unregistered(byGatekeeper, reason));
    }

    /// What the gatekeeper asks of us.
    private void demanded(RasMessage message, Octets datagram, TransportAddress from, RasTime now) {
        switch (message.name()) {
            case "unregistrationRequest" -> {
                reply(from, RasMessage.of("unregistrationConfirm", message.sequence()), now);
                alternates.told(message);
                sentAway(message.body().chosenAt("reason").orElse("undefinedReason"), now);
            }
            case "disengageRequest" -> {
                var call = message.callIdentifier().filter(calls::end);
                reply(from, call.isPresent() ? RasMessage.of("disengageConfirm", message.sequence())
                        : RasMessage.of("disengageReject", message.sequence()).with("rejectReason", Value.choice("requestToDropOther")), now);
                call.ifPresent(c -> out.add(new EndpointEvent.DisengageDemanded(c,
                        message.body().chosenAt("disengageReason").orElse("undefinedReason"))));
            }
            case "bandwidthRequest" -> bandwidthDemanded(message, from, now);
            case "infoRequest" -> reply(message.body().at("replyAddress").flatMap(TransportAddress::fromH225)
                    .filter(a -> a.ip().equals(from.ip())).orElse(from),
                    messages.information(message, endpointIdentifier, calls.all()), now);
            default -> reply(from, EndpointMessages.notUnderstood(message, datagram), now);
        }
    }

    /// The gatekeeper ended the registration. Most reasons pass: another gatekeeper may be there, or this one again later.
    private void sentAway(String reason, RasTime now) {
        left(true, reason);
        switch (reason) {
            case "reregistrationRequired", "ttlExpired" -> register(now, false);
            case "securityDenial", "securityError" -> state = State.REFUSED;
            default -> nextGatekeeper(reason, now);
        }
    }

    private void bandwidthDemanded(RasMessage message, TransportAddress from, RasTime now) {
        long bandwidth = message.body().numberAt("bandWidth").orElse(0L);
        var call = message.callIdentifier().flatMap(calls::of);
        if (call.isPresent() && bandwidth >= call.get().leastBandwidth()) {
            reply(from, RasMessage.of("bandwidthConfirm", message.sequence()).with("bandWidth", bandwidth), now);
            out.add(new EndpointEvent.BandwidthSet(call.get().callIdentifier(), bandwidth, false));
        } else {
            reply(from, GatekeeperAnswers.bandwidthReject(message, call.isEmpty() ? "invalidConferenceID" : "insufficientResources",
                    call.map(Admission::leastBandwidth).orElse(0L)), now);
        }
    }

    /// Sends again what was not answered, keeps the registration alive, and looks for the gatekeeper again.
    public List<RasOutput> tick(RasTime now) {
        var due = requests.due(now.nanos());
        due.again().forEach(r -> out.add(r.sending()));
        due.failed().forEach(r -> unanswered(r, now));
        if (keepAliveAt <= now.nanos()) {
            register(now, true);
        }
        if (retryAt <= now.nanos()) {
            gatekeeper = config.gatekeeper();
            gatekeeperIdentifier = config.gatekeeperIdentifier();
            discover(now);
        }
        return outputs();
    }

    private void unanswered(Requests.Open request, RasTime now) {
        switch (request.name()) {
            case "gatekeeperRequest" -> {
                // Some gatekeepers do without discovery.
                if (gatekeeper.isPresent() && state == State.DISCOVERING) {
                    register(now, false);
                } else {
                    nextGatekeeper("no gatekeeper answers", now);
                }
            }
            case "registrationRequest" -> nextGatekeeper(gatekeeper.map(g -> "the gatekeeper " + g + " is silent").orElse(""), now);
            case "unregistrationRequest" -> left(false, "noAnswer");
            case "admissionRequest" -> {
                calls.unanswered(request.subject().orElseThrow());
                // A call that nobody answers for finds out first that the gatekeeper is gone.
                if (state == State.REGISTERED && alternates.any()) {
                    nextGatekeeper(gatekeeper.map(g -> "the gatekeeper " + g + " is silent").orElse(""), now);
                } else if (state != State.REGISTERING) {
                    out.addAll(calls.refuseUnanswered());
                }
            }
            case "disengageRequest" -> ended(request.subject().orElseThrow());
            default -> { }
        }
    }

    private void nextGatekeeper(String what, RasTime now) {
        endpointIdentifier = Optional.empty();
        keepAliveAt = NEVER;
        out.add(new EndpointEvent.GatekeeperLost(what));
        var next = alternates.next();
        if (next.isEmpty()) {
            out.addAll(calls.refuseUnanswered());
            state = State.IDLE;
            retryAt = now.after(config.retryAfter());
            return;
        }
        gatekeeper = next;
        gatekeeperIdentifier = Optional.empty();
        register(now, false);
    }

    private void send(RasMessage request, Optional<Octets> subject, RasTime now) {
        var octets = proof.encode(request, gatekeeperIdentifier, now);
        out.add(requests.send(request.sequence(), new Requests.Open(request.name(), subject, gatekeeper, octets, config.answerWithin(),
                config.tries() - 1, now.after(config.answerWithin()))));
    }

    private void reply(TransportAddress to, RasMessage answer, RasTime now) {
        out.add(new RasOutput.Send(to, proof.encode(answer, gatekeeperIdentifier, now)));
    }

    private void requireRegistered() {
        if (state != State.REGISTERED) {
            throw new SessionException.OutOfSequence("not registered with a gatekeeper (" + state + "): wait until it is");
        }
    }
}

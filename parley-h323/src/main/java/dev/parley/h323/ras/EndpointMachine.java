package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<Octets, Admission> calls = new LinkedHashMap<>();
    private final AlternateGatekeepers alternates = new AlternateGatekeepers();
    private State state = State.IDLE;
    private Optional<TransportAddress> gatekeeper;
    private Optional<String> gatekeeperIdentifier;
    private Optional<String> endpointIdentifier = Optional.empty();
    private long keepAliveAt = NEVER;
    private long retryAt = NEVER;
    private long random;
    private List<RasOutput> out = new ArrayList<>();

    /// @param random where the numbers in tokens begin; each is one more than the one before
    public EndpointMachine(EndpointConfig config, long random) {
        this.config = config;
        this.messages = new EndpointMessages(config);
        this.gatekeeper = config.gatekeeper();
        this.gatekeeperIdentifier = config.gatekeeperIdentifier();
        this.random = random & 0x3FFF_FFFF;
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
        return List.copyOf(calls.keySet());
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
        if (calls.containsKey(call.callIdentifier())) {
            throw new SessionException.OutOfSequence("the call is admitted, or waits for it");
        }
        calls.put(call.callIdentifier(), call);
        send(messages.admission(requests.nextSequence(), gatekeeperIdentifier, endpointIdentifier.orElseThrow(), call),
                Optional.of(call.callIdentifier()), now);
        return outputs();
    }

    /// Asks for another bandwidth of an admitted call, in units of 100 bit/s.
    public List<RasOutput> bandwidth(Octets callIdentifier, long bandwidth, RasTime now) {
        requireRegistered();
        var call = call(callIdentifier);
        send(messages.bandwidth(requests.nextSequence(), endpointIdentifier.orElseThrow(), call, bandwidth), Optional.of(callIdentifier), now);
        return outputs();
    }

    /// Tells that a call has ended. Nothing when the gatekeeper does not know of it, or knows already.
    public List<RasOutput> disengage(Octets callIdentifier, RasTime now) {
        var call = calls.get(callIdentifier);
        if (call == null || state != State.REGISTERED) {
            calls.remove(callIdentifier);
            return List.of();
        }
        send(messages.disengage(requests.nextSequence(), endpointIdentifier.orElseThrow(), call), Optional.of(callIdentifier), now);
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
        if (message.name().equals("requestInProgress")) {
            requests.delay(message.sequence(), now.after(Duration.ofMillis(message.body().numberAt("delay").orElse(1L))));
            return;
        }
        if (message.request().isEmpty() && !message.name().equals("unknownMessageResponse")) {
            demanded(message, datagram, from, now);
            return;
        }
        if (message.isConfirm() && !isProven(message, datagram)) {
            return;
        }
        requests.answered(message).ifPresent(request -> answered(request, message, now));
    }

    /// With H.235.1 the gatekeeper proves itself, too. Refusals are taken unproven: it may not know our password.
    private boolean isProven(RasMessage message, Octets datagram) {
        var credentials = config.credentials().filter(c -> c.scheme() == Credentials.Scheme.HMAC_SHA1_96);
        return credentials.isEmpty()
                || PasswordTokens.signature(message).filter(s -> PasswordTokens.proves(datagram, s, credentials.get().password())).isPresent();
    }

    private void answered(Requests.Open request, RasMessage answer, RasTime now) {
        alternates.told(answer);
        switch (answer.name()) {
            case "registrationConfirm" -> registered(answer, now);
            case "registrationReject", "gatekeeperReject" -> refused(answer, now);
            case "unregistrationConfirm", "unregistrationReject" -> left(false, answer.body().chosenAt("rejectReason").orElse(""));
            case "admissionConfirm" -> admitted(request, answer);
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
            state = State.REFUSED;
            endpointIdentifier = Optional.empty();
            out.add(new EndpointEvent.RegistrationRefused(reason));
        }
    }

    private void admitted(Requests.Open request, RasMessage answer) {
        var id = request.subject().orElseThrow();
        var address = answer.body().at("destCallSignalAddress").flatMap(TransportAddress::fromH225);
        if (address.isEmpty()) {
            calls.remove(id);
            out.add(new EndpointEvent.AdmissionRefused(id, "noRouteToDestination"));
            return;
        }
        out.add(new EndpointEvent.Admitted(id, address.get(), answer.body().chosenAt("callModel").equals(Optional.of("gatekeeperRouted")),
                answer.body().numberAt("bandWidth").orElse(0L)));
    }

    private void notAdmitted(Requests.Open request, String reason, RasTime now) {
        var id = request.subject().orElseThrow();
        calls.remove(id);
        out.add(new EndpointEvent.AdmissionRefused(id, reason));
        if (reason.equals("callerNotRegistered") || reason.equals("invalidEndpointIdentifier")) {
            endpointIdentifier = Optional.empty();
            register(now, false);
        }
    }

    private void ended(Octets call) {
        if (calls.remove(call) != null) {
            out.add(new EndpointEvent.Disengaged(call));
        }
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
                var reason = message.body().chosenAt("reason").orElse("undefinedReason");
                left(true, reason);
                if (reason.equals("reregistrationRequired") || reason.equals("ttlExpired")) {
                    register(now, false);
                }
            }
            case "disengageRequest" -> {
                var call = message.callIdentifier().filter(calls::containsKey);
                reply(from, call.isPresent() ? RasMessage.of("disengageConfirm", message.sequence())
                        : RasMessage.of("disengageReject", message.sequence()).with("rejectReason", Value.choice("requestToDropOther")), now);
                call.ifPresent(c -> {
                    calls.remove(c);
                    out.add(new EndpointEvent.DisengageDemanded(c, message.body().chosenAt("disengageReason").orElse("undefinedReason")));
                });
            }
            case "bandwidthRequest" -> {
                long bandwidth = message.body().numberAt("bandWidth").orElse(0L);
                reply(from, RasMessage.of("bandwidthConfirm", message.sequence()).with("bandWidth", bandwidth), now);
                message.callIdentifier().filter(calls::containsKey)
                        .ifPresent(c -> out.add(new EndpointEvent.BandwidthSet(c, bandwidth, false)));
            }
            case "infoRequest" -> reply(message.body().at("replyAddress").flatMap(TransportAddress::fromH225)
                    .filter(a -> a.ip().equals(from.ip())).orElse(from),
                    messages.information(message, endpointIdentifier, calls.values()), now);
            default -> reply(from, EndpointMessages.notUnderstood(message, datagram), now);
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
                calls.remove(request.subject().orElseThrow());
                out.add(new EndpointEvent.AdmissionRefused(request.subject().orElseThrow(), "noAnswer"));
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
            state = State.IDLE;
            retryAt = now.after(config.retryAfter());
            return;
        }
        gatekeeper = next;
        gatekeeperIdentifier = Optional.empty();
        register(now, false);
    }

    private void send(RasMessage request, Optional<Octets> subject, RasTime now) {
        out.add(requests.send(request.sequence(), new Requests.Open(request.name(), subject, gatekeeper, proven(request, now), config.answerWithin(),
                config.tries() - 1, now.after(config.answerWithin()))));
    }

    private void reply(TransportAddress to, RasMessage answer, RasTime now) {
        out.add(new RasOutput.Send(to, proven(answer, now)));
    }

    private Octets proven(RasMessage message, RasTime now) {
        if (config.credentials().isEmpty()) {
            return message.encode();
        }
        var c = config.credentials().get();
        return switch (c.scheme()) {
            case MD5 -> PasswordTokens.withMd5(message, c.user(), c.password(), now.seconds()).encode();
            case HMAC_SHA1_96 -> PasswordTokens.signed(message, c.user(), gatekeeperIdentifier, c.password(), now.seconds(), ++random);
        };
    }

    private void requireRegistered() {
        if (state != State.REGISTERED) {
            throw new SessionException.OutOfSequence("not registered with a gatekeeper (" + state + "): wait until it is");
        }
    }

    private Admission call(Octets callIdentifier) {
        var call = calls.get(callIdentifier);
        if (call == null) {
            throw new SessionException.OutOfSequence("the gatekeeper has not admitted this call");
        }
        return call;
    }
}

package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An endpoint's side of RAS (H.225.0 clause 7): finds a gatekeeper, registers and stays registered, asks for admission of calls, and goes to
/// an alternate gatekeeper when its own is silent. Pure; not safe for several threads.
public final class EndpointMachine {
    /// Where the registration stands.
    public enum State { IDLE, DISCOVERING, REGISTERING, REGISTERED, UNREGISTERING, REFUSED }

    private static final long NEVER = Long.MAX_VALUE;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final EndpointConfig config;
    private final EndpointMessages messages;
    private final GatekeeperLine line;
    private final EndpointCalls calls;
    private final AlternateGatekeepers alternates = new AlternateGatekeepers();
    /// Where we were sent for good.
    private Optional<AlternateGatekeepers.Alternate> home = Optional.empty();
    /// From one gatekeeper to the next, since the last registration.
    private int moves;
    private Duration life = Duration.ZERO;
    /// Before a silent gatekeeper is looked for again: it may be back at once, and when it is not, it shall not be pestered.
    private Duration pause = FIRST_PAUSE;
    private State state = State.IDLE;
    private long keepAliveAt = NEVER;
    private long retryAt = NEVER;

    /// @param random where the numbers of requests and those in tokens begin
    public EndpointMachine(EndpointConfig config, long random) {
        this.config = config;
        this.messages = new EndpointMessages(config);
        this.line = new GatekeeperLine(config, random);
        this.calls = new EndpointCalls(line, messages);
    }

    public State state() {
        return state;
    }

    public Optional<TransportAddress> gatekeeper() {
        return line.gatekeeper();
    }

    /// The name that the gatekeeper gave us, while we are registered.
    public Optional<String> endpointIdentifier() {
        return line.endpointIdentifier();
    }

    /// Calls that the gatekeeper has admitted and not heard the end of.
    public List<Octets> calls() {
        return calls.identifiers();
    }

    /// When [#tick] is next due, on the clock of nanoseconds; `Long.MAX_VALUE` for never.
    public long nextTick() {
        return Math.min(Math.min(line.nextDue(), calls.nextReport()), Math.min(keepAliveAt, retryAt));
    }

    /// Begins with discovery.
    public List<RasOutput> start(RasTime now) {
        discover(now);
        return line.outputs();
    }

    private void discover(RasTime now) {
        state = State.DISCOVERING;
        retryAt = NEVER;
        keepAliveAt = NEVER;
        line.discover(messages.discovery(line.nextSequence(), line.gatekeeperIdentifier()), now);
    }

    private void register(RasTime now, boolean keepAlive) {
        if (!keepAlive) {
            // It was asked by somebody whom the gatekeeper does not know: a refusal that comes later says nothing about the new registration.
            line.forget().forEach(calls::unanswered);
        }
        var request = messages.registration(line.nextSequence(), line.gatekeeperIdentifier(), line.endpointIdentifier(), keepAlive);
        state = keepAlive ? state : State.REGISTERING;
        retryAt = NEVER;
        keepAliveAt = NEVER;
        line.send(request, Optional.empty(), now);
    }

    private boolean isRegistered() {
        return state == State.REGISTERED;
    }

    /// Asks for a call. The answer comes as an event.
    ///
    /// @throws SessionException.OutOfSequence when we are not registered, or the call is admitted already
    public List<RasOutput> admit(Admission call, RasTime now) {
        requireRegistered();
        calls.admit(call, now);
        return line.outputs();
    }

    /// Asks for another bandwidth of an admitted call, in units of 100 bit/s.
    public List<RasOutput> bandwidth(Octets callIdentifier, long bandwidth, RasTime now) {
        requireRegistered();
        calls.bandwidth(callIdentifier, bandwidth, now);
        return line.outputs();
    }

    /// A call is connected: the gatekeeper is told when, with the next message about it, when it wants to know.
    public void answered(Octets callIdentifier, RasTime now) {
        calls.answered(callIdentifier, now);
    }

    /// Tells that a call has ended. Nothing when the gatekeeper does not know of it, or knows already.
    public List<RasOutput> disengage(Octets callIdentifier, DisengageReason reason, RasTime now) {
        calls.disengage(callIdentifier, reason, isRegistered(), now);
        return line.outputs();
    }

    /// Leaves the gatekeeper.
    public List<RasOutput> unregister(RasTime now) {
        if (!isRegistered()) {
            state = State.IDLE;
            line.forget();
            keepAliveAt = NEVER;
            retryAt = NEVER;
            return List.of(new EndpointEvent.Unregistered(false, ""));
        }
        state = State.UNREGISTERING;
        keepAliveAt = NEVER;
        line.send(messages.unregistration(line.nextSequence(), line.gatekeeperIdentifier(), line.endpointIdentifier()), Optional.empty(), now);
        return line.outputs();
    }

    /// @throws SessionException.ProtocolViolation when the datagram is malformed: drop it
    public List<RasOutput> received(Octets datagram, TransportAddress from, RasTime now) {
        var given = line.given(datagram, from, now);
        if (given.isPresent()) {
            return List.of(given.get());
        }
        var message = RasMessage.decode(datagram);
        if (message.name().equals("requestInProgress")) {
            line.inProgress(message, from, now);
        } else if (!message.isDemand()) {
            line.answered(message, datagram, from, now).ifPresent(request -> answered(request, message, from, now));
        } else if (line.isDemand(message, datagram, from, now)) {
            demanded(message, datagram, from, now);
            line.keepAnswer(datagram, from, now);
        }
        return line.outputs();
    }

    private void discovered(RasMessage answer, TransportAddress from, RasTime now) {
        if (state != State.DISCOVERING) {
            return;
        }
        // Some listen everywhere and say so; 0.0.0.0 is no place to send to.
        var address = answer.body().at("rasAddress").flatMap(TransportAddress::fromH225).filter(a -> !a.isOfAll()).orElse(from);
        var found = new AlternateGatekeepers.Alternate(address, answer.body().textAt("gatekeeperIdentifier").or(line::gatekeeperIdentifier), true);
        var assigned = AlternateGatekeepers.assigned(answer).filter(a -> !a.address().equals(address));
        assigned.ifPresent(a -> {
            alternates.remove(a);
            alternates.addFirst(found);
        });
        turnTo(assigned.orElse(found));
        register(now, false);
    }

    private void turnTo(AlternateGatekeepers.Alternate gatekeeper) {
        line.turnTo(Optional.of(gatekeeper.address()), gatekeeper.identifier());
    }

    private void answered(Requests.Open<Optional<Octets>> request, RasMessage answer, TransportAddress from, RasTime now) {
        alternates.told(answer, line.gatekeeper());
        switch (answer.name()) {
            case "gatekeeperConfirm" -> discovered(answer, from, now);
            case "registrationConfirm" -> registered(answer, now);
            case "registrationReject", "gatekeeperReject" -> refused(answer, now);
            case "unregistrationConfirm", "unregistrationReject" -> left(false, answer.body().chosenAt("rejectReason").orElse(""));
            case "admissionConfirm" -> calls.admitted(request.subject().orElseThrow(), answer, isRegistered(), now);
            case "admissionReject" -> notAdmitted(request.subject().orElseThrow(), answer, now);
            case "bandwidthConfirm", "bandwidthReject" -> calls.bandwidthAnswered(request.subject().orElseThrow(), answer);
            case "infoRequestAck" -> { }
            case "infoRequestNak" -> reportRefused(answer.body().chosenAt("nakReason").orElse("undefinedReason"), now);
            case "disengageConfirm", "disengageReject" -> calls.ended(request.subject().orElseThrow());
            default -> unanswered(request, now);
        }
    }

    private void registered(RasMessage answer, RasTime now) {
        long seconds = Math.min(answer.body().numberAt("timeToLive").orElse(0L), 86_400);
        // Two thirds of it: two more tries fit before it is over.
        keepAliveAt = seconds == 0 ? NEVER : now.nanos() + seconds * 1_000_000_000L * 2 / 3;
        line.isCalled(answer.body().textAt("gatekeeperIdentifier"));
        life = Duration.ofSeconds(seconds);
        moves = 0;
        if (isRegistered()) {
            // It has lasted; before that the gatekeeper may fall silent again at once.
            pause = FIRST_PAUSE;
        }
        if (!isRegistered() || answer.body().has("preGrantedARQ")) {
            calls.granted(PreGrant.of(answer));
        }
        if (!isRegistered() || answer.body().has("usageSpec")) {
            calls.wanted(Usage.of(answer));
        }
        var before = line.endpointIdentifier();
        line.weAreCalled(answer.body().textAt("endpointIdentifier"));
        if (!isRegistered() || !before.equals(line.endpointIdentifier())) {
            state = State.REGISTERED;
            line.tell(new EndpointEvent.Registered(line.gatekeeper().orElseThrow(), line.endpointIdentifier().orElse(""), life));
        }
        calls.askAgain(now);
    }

    private void refused(RasMessage answer, RasTime now) {
        var reason = answer.body().chosenAt("rejectReason").orElse("undefinedReason");
        if (reason.equals("fullRegistrationRequired") && isRegistered()) {
            line.weAreCalled(Optional.empty());
            register(now, false);
        } else if (reason.equals("discoveryRequired")) {
            discover(now);
        } else if (reason.equals("resourceUnavailable") || reason.equals("registerWithAssignedGK") || answer.body().has("altGKInfo")) {
            keepsTo(answer);
            nextGatekeeper(reason, false, now);
        } else {
            calls.refuseUnanswered();
            state = State.REFUSED;
            line.weAreCalled(Optional.empty());
            line.tell(new EndpointEvent.RegistrationRefused(reason));
        }
    }

    private void notAdmitted(Octets call, RasMessage answer, RasTime now) {
        var reason = answer.body().chosenAt("rejectReason").orElse("undefinedReason");
        var once = AlternateGatekeepers.forThisOnce(answer);
        boolean elsewhere = answer.body().has("altGKInfo") || reason.equals("registerWithAssignedGK");
        if (elsewhere && isRegistered() && (once.isPresent() || alternates.any()) && calls.sentOn(call, once, now)) {
            if (once.isEmpty()) {
                keepsTo(answer);
                nextGatekeeper(reason, false, now);
            }
            return;
        }
        // A gatekeeper that was started anew knows neither us nor the call.
        boolean forgotten = reason.equals("callerNotRegistered") || reason.equals("invalidEndpointIdentifier");
        if (!forgotten || !isRegistered() && state != State.REGISTERING || !calls.askAnew(call)) {
            calls.refused(call, reason);
        }
        if (forgotten && isRegistered()) {
            line.weAreCalled(Optional.empty());
            register(now, false);
        }
    }

    /// A lost gatekeeper is looked for where we were sent for good.
    private void keepsTo(RasMessage refusal) {
        if (refusal.body().flagAt("altGKInfo/altGKisPermanent")) {
            home = alternates.first();
        }
    }

    private void reportRefused(String reason, RasTime now) {
        if (reason.equals("notRegistered") && isRegistered()) {
            line.weAreCalled(Optional.empty());
            register(now, false);
        }
    }

    private void left(boolean byGatekeeper, String reason) {
        state = State.IDLE;
        line.weAreCalled(Optional.empty());
        keepAliveAt = NEVER;
        line.tell(new EndpointEvent.Unregistered(byGatekeeper, reason));
    }

    /// What the gatekeeper asks of us.
    private void demanded(RasMessage message, Octets datagram, TransportAddress from, RasTime now) {
        switch (message.name()) {
            case "unregistrationRequest" -> {
                line.reply(from, RasMessage.of("unregistrationConfirm", message.sequence()), now);
                alternates.told(message, line.gatekeeper());
                sentAway(message.body().chosenAt("reason").orElse("undefinedReason"), now);
            }
            case "disengageRequest" -> calls.disengageDemanded(message, from, now);
            case "bandwidthRequest" -> calls.bandwidthDemanded(message, from, now);
            case "infoRequest" -> calls.stateDemanded(message, from, now);
            default -> line.reply(from, EndpointMessages.notUnderstood(message, datagram), now);
        }
    }

    /// The gatekeeper ended the registration. Most reasons pass: another gatekeeper may be there, or this one again later.
    private void sentAway(String reason, RasTime now) {
        left(true, reason);
        switch (reason) {
            case "reregistrationRequired", "ttlExpired" -> register(now, false);
            case "securityDenial", "securityError" -> state = State.REFUSED;
            default -> nextGatekeeper(reason, false, now);
        }
    }

    /// Sends again what was not answered, keeps the registration alive, and looks for the gatekeeper again.
    public List<RasOutput> tick(RasTime now) {
        line.due(now).forEach(r -> unanswered(r, now));
        calls.report(isRegistered(), now);
        if (keepAliveAt <= now.nanos()) {
            register(now, true);
        }
        if (retryAt <= now.nanos()) {
            moves = 0;
            home.ifPresentOrElse(this::turnTo, () -> line.turnTo(config.gatekeeper(), config.gatekeeperIdentifier()));
            discover(now);
        }
        return line.outputs();
    }

    private void unanswered(Requests.Open<Optional<Octets>> request, RasTime now) {
        switch (request.name()) {
            case "gatekeeperRequest" -> {
                // Some gatekeepers do without discovery.
                if (line.gatekeeper().isPresent() && state == State.DISCOVERING) {
                    register(now, false);
                } else {
                    nextGatekeeper("no gatekeeper answers", true, now);
                }
            }
            case "registrationRequest" -> nextGatekeeper(line.silent(), true, now);
            case "unregistrationRequest" -> left(false, "noAnswer");
            case "admissionRequest" -> {
                calls.unanswered(request);
                // A call that nobody answers for finds out first that the gatekeeper is gone.
                if (isRegistered() && alternates.any()) {
                    nextGatekeeper(line.silent(), true, now);
                } else if (state != State.REGISTERING) {
                    calls.refuseUnanswered();
                }
            }
            default -> calls.unanswered(request);
        }
    }

    /// @param silent otherwise it told us to go, and is left alone for the whole time
    private void nextGatekeeper(String what, boolean silent, RasTime now) {
        keepAliveAt = NEVER;
        // An answer that is late must not be taken for one of the next gatekeeper.
        line.forget().forEach(calls::unanswered);
        line.tell(new EndpointEvent.GatekeeperLost(what));
        // Gatekeepers that send us to each other end with a pause.
        var next = ++moves > AlternateGatekeepers.MOST ? Optional.<AlternateGatekeepers.Alternate>empty() : alternates.next();
        if (next.isEmpty()) {
            line.weAreCalled(Optional.empty());
            calls.refuseUnanswered();
            state = State.IDLE;
            retryAt = now.after(silent ? nextPause() : config.retryAfter());
            return;
        }
        turnTo(next.get());
        if (isRegistered() && !next.get().needToRegister()) {
            line.tell(new EndpointEvent.Registered(next.get().address(), line.endpointIdentifier().orElse(""), life));
            calls.askAgain(now);
            register(now, true);
        } else {
            line.weAreCalled(Optional.empty());
            register(now, false);
        }
    }

    private Duration nextPause() {
        var next = pause.compareTo(config.retryAfter()) < 0 ? pause : config.retryAfter();
        pause = next.multipliedBy(2);
        return next;
    }

    private void requireRegistered() {
        if (!isRegistered()) {
            throw new SessionException.OutOfSequence("not registered with a gatekeeper (" + state + "): wait until it is");
        }
    }
}

package dev.parley.h323.machine;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.api.Side;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One call, of the caller or of the callee: call signalling (H.225.0), fast connect, and the carriage of H.245, which is in the tunnel or on
/// a connection of its own. Give it one event at a time and do the effects in order. A caller begins with {@link Event.Place}; a callee is
/// made when a connection arrives and learns all from Setup.
public final class CallMachine {
    private final CallConfig config;
    private final boolean caller;
    private final ControlCarriage carriage;
    private List<Effect> effects = new ArrayList<>();
    private CallState state = CallState.NULL;
    private int reference;
    private Octets callIdentifier;
    private Octets conferenceId;
    private final FastConnect fast;
    private final Recovery recovery;
    private final AnswerWait wait;
    private final Facilities facilities;
    private final StatusChecks checks;
    private Optional<CallEnd> pendingEnd = Optional.empty();

    public CallMachine(CallConfig config) {
        this.config = config;
        caller = config.callee().isPresent();
        reference = config.callReference();
        callIdentifier = config.callIdentifier();
        conferenceId = config.conferenceId();
        carriage = new ControlCarriage(config, this);
        fast = new FastConnect(config, this, carriage);
        recovery = new Recovery(config, this, carriage);
        wait = new AnswerWait(this);
        facilities = new Facilities(this, carriage);
        checks = new StatusChecks(config, this, carriage);
    }

    public CallState state() {
        return state;
    }

    /// @param now a time in nanoseconds that never goes back, for the round trip
    public List<Effect> handle(Event event, long now) {
        carriage.now(now);
        if (state != CallState.ENDED) {
            on(event);
            carriage.flush();
        }
        var done = effects;
        effects = new ArrayList<>();
        return done;
    }

    private void on(Event event) {
        switch (event) {
            case Event.Place _ -> place();
            case Event.Ring _ -> ring();
            case Event.Answer _ -> answer();
            case Event.Hangup(var cause, var why) -> hangup(cause, why.isEmpty() ? Optional.empty() : Optional.of(why));
            case Event.Forward(var to, var names) -> facilities.forward(to, names);
            case Event.PressKeys(var keys) -> carriage.needControl().keys(keys);
            case Event.WantFastUpdate _ -> carriage.wantFastUpdate();
            case Event.LimitRate(var kind, int rate) -> carriage.needControl().limitRate(kind, rate);
            case Event.Pause(boolean on) -> carriage.needControl().pause(on);
            case Event.WantMode(var codec) -> carriage.needControl().wantMode(codec);
            case Event.WantClosed(var kind) -> carriage.needControl().wantClosed(kind);
            case Event.Offer(var capabilities) -> carriage.needControl().offer(capabilities);
            case Event.AskStatus _ -> send(MessageType.STATUS_INQUIRY, List.of(), Signals.withCallIdentifier(callIdentifier));
            case Event.Signal(var message) -> signal(message);
            case Event.SignalLost(var why) -> recovery.signalLost(why, pendingEnd);
            case Event.SignalGarbled(var why) -> recovery.signalGarbled(why, pendingEnd);
            case Event.KeyHeard(char key) -> effect(new Effect.Keys(String.valueOf(key)));
            case Event.SignalBack _ -> recovery.signalBack(pendingEnd);
            case Event.ReconnectFailed(var why) -> recovery.lost(why);
            case Event.MediaSilence(var since) -> {
                recovery.mediaSilent(since);
                checks.mediaSilent(since);
            }
            case Event.Control(var message) -> carriage.received(message);
            case Event.ControlListening(var at) -> carriage.listening(at);
            case Event.ControlConnected _ -> carriage.connected();
            case Event.ControlLost(var why) -> controlLost(why);
            case Event.ControlUnreachable(var why) -> carriage.unreachable(why);
            case Event.Expired(var timer) -> expired(timer);
        }
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    void start(Timer timer) {
        effect(new Effect.Start(timer, config.time(timer)));
    }

    void stop(Timer timer) {
        effect(new Effect.Stop(timer));
    }

    /// The caller waits for an answer to its fastStart, which may come until Connect.
    boolean fastConnectPending() {
        return caller && config.style().fastStart() && !fast.done() && state != CallState.ACTIVE;
    }

    boolean connected() {
        return state == CallState.ACTIVE;
    }

    Recovery recovery() {
        return recovery;
    }

    /// Call signalling is back.
    void back() {
        checks.begin();
    }

    /// Whether H.245 may be opened from this host: that of the call signalling, or one that the peer has told of.
    public boolean mayOpenControl(Octets host, Octets signalling) {
        return recovery.isPeer(host, signalling) || carriage.isPeer(host);
    }

    /// Whether a connection that begins with this message belongs to the call: the caller has lost the one before and comes back.
    public boolean awaits(FirstMessage first, Octets host, Octets hostBefore) {
        return !caller && recovery.agreed() && (state == CallState.ACTIVE || state == CallState.CLEARING) && recovery.isPeer(host, hostBefore)
                && first.message().callReference() == reference && first.call().equals(Optional.of(callIdentifier));
    }

    /// Of the caller, once its Setup is there.
    public Octets callIdentifier() {
        return callIdentifier;
    }

    private void place() {
        var callee = config.callee().orElseThrow(() -> new IllegalStateException("a callee cannot place the call"));
        state = CallState.CALLING;
        var setup = Signals.setup(config, callee, Optional.empty());
        if (config.style().fastStart()) {
            setup = setup.with("fastStart", Signals.octets(FastStart.offers(config)));
        }
        if (config.style().parallel()) {
            carriage.control().begin();
            var begun = carriage.take();
            // With fastStart in the same Setup, h245Control would withdraw it: parallelH245Control is for that (clause 8.2.4/H.323).
            setup = config.style().fastStart() ? setup.with("parallelH245Control", Signals.octets(begun)) : setup;
            if (!config.style().fastStart()) {
                carriage.putBack(begun);
            }
        }
        send(MessageType.SETUP, Signals.setupElements(config, callee), setup);
        wait.begin();
    }

    private void ring() {
        if (state == CallState.PRESENT) {
            state = CallState.RECEIVED;
            send(MessageType.ALERTING, List.of(InformationElement.display(config.display())),
                    Signals.answer(callIdentifier, Optional.empty(), fast.answer()));
        }
    }

    private void answer() {
        if (state != CallState.PRESENT && state != CallState.RECEIVED) {
            return;
        }
        state = CallState.ACTIVE;
        send(MessageType.CONNECT, List.of(InformationElement.bearerForPackets(), InformationElement.display(config.display())),
                Signals.connect(callIdentifier, conferenceId, carriage.address(), fast.answer()));
        effect(new Effect.Connected(Optional.empty()));
        carriage.callConnected();
        checks.begin();
    }

    /// Ends the call from our side. In the tunnel the end of H.245 rides in ReleaseComplete; on its own connection the peer's is waited for,
    /// but not for long.
    void hangup(Cause cause, Optional<String> why) {
        if (state == CallState.CLEARING || state == CallState.ENDED) {
            return;
        }
        var end = new CallEnd.Cleared(Side.LOCAL, cause, why, state == CallState.ACTIVE);
        if (state == CallState.NULL) {
            finish(end);
        } else if (carriage.endSession() || recovery.down()) {
            state = CallState.CLEARING;
            pendingEnd = Optional.of(end);
            start(Timer.CLEARING);
        } else {
            release(cause, end);
        }
    }

    void release(Cause cause, CallEnd end) {
        // A Setup that could not be read has not told the identifier of its call.
        var identifier = state == CallState.NULL ? Optional.<Octets>empty() : Optional.of(callIdentifier);
        send(MessageType.RELEASE_COMPLETE, List.of(InformationElement.cause(cause)), Signals.releaseComplete(identifier, cause));
        finish(end);
    }

    /// H.245 has ended, and now the call does, for the reason for which this side ended it.
    private void release(CallEnd end) {
        release(end instanceof CallEnd.Cleared c && c.by() == Side.LOCAL ? c.cause() : Cause.NORMAL_CLEARING, end);
    }

    void finish(CallEnd end) {
        state = CallState.ENDED;
        for (var timer : Timer.values()) {
            stop(timer);
        }
        effect(new Effect.CloseControl());
        effect(new Effect.CloseSignal());
        effect(new Effect.Ended(end));
    }

    /// H.245 cannot go on: the call ends with it.
    void controlFailed(String words) {
        if (state != CallState.ENDED) {
            release(Cause.TEMPORARY_FAILURE, new CallEnd.Lost(words));
        }
    }

    void send(MessageType type, List<InformationElement> elements, Value body) {
        if (recovery.down() && type != MessageType.STATUS_INQUIRY && type != MessageType.RELEASE_COMPLETE) {
            return;
        }
        var pdu = Value.struct().with("h323-message-body", Value.choice(type.body(), body)).with("h245Tunnelling", carriage.offersTunnel());
        var control = carriage.take();
        if (!control.isEmpty()) {
            pdu = pdu.with("h245Control", Signals.octets(control));
        }
        var generic = recovery.tells(type);
        pdu = generic.isPresent() ? pdu.with("genericData", List.of(generic.get())) : pdu;
        var all = new ArrayList<>(elements);
        all.add(InformationElement.userUser(Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", pdu))));
        effect(new Effect.SendSignal(new Q931(reference, !caller, type.code(), all).encode()));
    }

    private void signal(Octets octets) {
        SignalMessage read;
        try {
            read = SignalMessage.read(octets);
        } catch (ProtocolViolation e) {
            if (state == CallState.NULL) {
                finish(new CallEnd.Malformed(String.valueOf(e.getMessage())));
            } else {
                effect(new Effect.Note("malformed message passed over: " + e.getMessage()));
            }
            return;
        }
        var message = read.message();
        if (state == CallState.NULL && read.is(MessageType.SETUP)) {
            reference = message.callReference();
        } else if (message.callReference() != reference || message.fromDestination() != caller) {
            effect(new Effect.Note("a message of another call passed over: " + message.callReference()));
            return;
        }
        if (read.fault().isPresent()) {
            malformed(read, read.fault().get());
        } else if (read.type().isEmpty()) {
            effect(new Effect.Note("a message of type %02x passed over".formatted(message.type())));
        } else {
            received(read.type().get(), message, read.user(), read.body());
        }
    }

    /// What should begin or answer a call and cannot be taken ends it; other messages are passed over.
    private void malformed(SignalMessage read, SignalMessage.Fault fault) {
        if (read.is(MessageType.SETUP) && state == CallState.NULL || read.is(MessageType.CONNECT) && awaitsAnswer()) {
            release(fault.cause(), new CallEnd.Malformed(fault.words()));
        } else if (read.is(MessageType.RELEASE_COMPLETE)) {
            released(Optional.empty(), Optional.empty());
        } else {
            effect(new Effect.Note("malformed message passed over: " + fault.words()));
        }
    }

    private boolean awaitsAnswer() {
        return caller && state != CallState.ACTIVE && state != CallState.CLEARING;
    }

    private void received(MessageType type, Q931 message, Value user, Value body) {
        if (type == MessageType.SETUP && state == CallState.NULL) {
            setup(message, user, body);
        }
        SideNotes.of(type, message).forEach(this::effect);
        recovery.heard(type, user);
        checks.heard(type);
        carriage.peerSpoke(user, body);
        if (state == CallState.ENDED) {
            return;
        }
        switch (type) {
            case SETUP, NOTIFY -> { }
            case CALL_PROCEEDING, SETUP_ACKNOWLEDGE, PROGRESS, ALERTING -> {
                wait.underway(type).ifPresent(next -> state = next);
                fast.answered(body);
            }
            case CONNECT -> connectReceived(message, body);
            case FACILITY -> {
                fast.answered(body);
                facilities.received(body);
            }
            case RELEASE_COMPLETE -> released(message.cause(), body.chosenAt("reason"));
            case INFORMATION -> message.keypad().filter(k -> !k.isEmpty()).ifPresent(k -> effect(new Effect.Keys(k)));
            case STATUS_INQUIRY -> send(MessageType.STATUS,
                    List.of(InformationElement.cause(Cause.STATUS_RESPONSE), InformationElement.callState(state.code())),
                    Signals.withCallIdentifier(callIdentifier));
            case STATUS -> recovery.told(message.callState());
        }
    }

    private void setup(Q931 message, Value user, Value body) {
        state = CallState.PRESENT;
        callIdentifier = body.octetsAt("callIdentifier/guid").orElse(callIdentifier);
        conferenceId = body.octetsAt("conferenceID").orElse(conferenceId);
        carriage.calleeChooses(user);
        send(MessageType.CALL_PROCEEDING, List.of(), Signals.answer(callIdentifier, Optional.empty(), List.of()));
        fast.offered(body);
        effect(new Effect.Incoming(Signals.caller(message, body, callIdentifier, conferenceId)));
    }

    private void connectReceived(Q931 message, Value body) {
        if (!awaitsAnswer()) {
            return;
        }
        fast.answered(body);
        state = CallState.ACTIVE;
        wait.answered();
        effect(new Effect.Connected(message.display()));
        carriage.callConnected();
        carriage.progress();
        checks.begin();
    }

    private void released(Optional<Cause> told, Optional<String> reason) {
        var cause = told.or(() -> reason.map(Signals::cause)).orElse(Cause.NORMAL_UNSPECIFIED);
        if (pendingEnd.isEmpty() && recovery.refused(cause, reason)) {
            return;
        }
        // The end of H.245 may have come in the same message; this one has the cause.
        boolean connected = connected() || pendingEnd.filter(e -> e instanceof CallEnd.Cleared c && c.wasConnected()).isPresent();
        var why = reason.or(() -> carriage.control().lack().filter(_ -> connected && cause.equals(Cause.INCOMPATIBLE)));
        finish(pendingEnd.filter(e -> !e.isOfThePeer()).orElse(new CallEnd.Cleared(Side.REMOTE, cause, why, connected)));
    }

    /// The peer ended H.245: what is left is ReleaseComplete, which either side may send.
    void sessionEnded() {
        if (state == CallState.CLEARING) {
            release(pendingEnd.orElseThrow());
        } else if (state != CallState.ENDED) {
            carriage.endSession();
            carriage.flush();
            pendingEnd = Optional.of(new CallEnd.Cleared(Side.REMOTE, Cause.NORMAL_CLEARING, Optional.empty(), connected()));
            state = CallState.CLEARING;
            start(Timer.CLEARING);
        }
    }

    /// ooh323c 0.9.4 closes with a reset right after ReleaseComplete; by then the call has ended and nobody looks. Who has ended H.245 closes it,
    /// and its ReleaseComplete, which has the cause, comes on the other connection: perhaps later than this.
    private void controlLost(String why) {
        if (pendingEnd.isPresent()) {
            pendingEnd.filter(end -> !end.isOfThePeer()).map(recovery::endsAlone).ifPresent(this::release);
        } else if (carriage.lost()) {
            release(Cause.TEMPORARY_FAILURE, new CallEnd.Lost("the H.245 connection is lost: " + why));
        }
    }

    private void expired(Timer timer) {
        switch (timer) {
            case T303, T310, T301 -> wait.expired(timer);
            case CLEARING -> release(pendingEnd.map(recovery::endsAlone).orElse(new CallEnd.Lost("the peer does not end the call")));
            case RECOVERY -> finish(new CallEnd.Lost("call signalling did not come back"));
            case RETRY -> recovery.reconnect();
            case T322 -> {
                recovery.reconnect();
                checks.unanswered();
            }
            case SILENCE -> effect(new Effect.AskMedia());
            case LIVENESS -> {
                carriage.expired(timer);
                checks.ask();
            }
            case T101, T103, T105, T106, T108, T109, CONTROL, OVERLAP, FILM, MEDIA, TUNNEL -> carriage.expired(timer);
        }
    }
}

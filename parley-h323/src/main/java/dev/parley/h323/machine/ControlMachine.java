package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// H.245 of one call, wherever its messages travel. Requests are answered, commands obeyed; what is not understood is answered with
/// "function not understood" and never ends the call.
final class ControlMachine {
    /// Unanswered round trips after which the peer counts as gone.
    private static final int MOST_UNANSWERED = 3;
    private static final Duration FAST_UPDATE_PAUSE = Duration.ofSeconds(1);

    /// What the machine needs from the call around it.
    interface Port {
        void send(Value message);

        void effect(Effect effect);

        void start(Timer timer);

        void stop(Timer timer);

        /// H.245 cannot go on.
        void failed(String words);

        /// The call has no media, and will have none.
        void noMedia(String words);

        /// The peer does not answer any more.
        void silent(String words);

        /// A step is done: look whether the next one can be taken.
        void progress();

        /// Whether channels may be opened: not while fast connect may still open them.
        boolean mayOpen();

        /// The peer ended the session of H.245.
        void ended();
    }

    private final Port port;
    private CallConfig config;
    private final MasterSlave masterSlave;
    private final CapabilityExchange exchange;
    private final Films films;
    private final MediaWait wait;
    private final Channels channels;
    private final UserInput input;
    private final ModeRequests modes;
    private final CloseRequests closings;
    private Optional<Long> fastUpdateAsked = Optional.empty();
    private boolean begun;
    private boolean heard;
    private boolean ready;
    private boolean ending;
    private int trip;
    private int unanswered;
    private Optional<Long> tripSentAt = Optional.empty();

    ControlMachine(Port port, CallConfig config) {
        this.port = port;
        this.config = config;
        masterSlave = new MasterSlave(port, config);
        exchange = new CapabilityExchange(port, config);
        films = new Films(port);
        wait = new MediaWait(port);
        channels = new Channels(port, config, exchange, masterSlave, films, wait);
        input = new UserInput(port, config, exchange, channels);
        modes = new ModeRequests(port, exchange, channels);
        closings = new CloseRequests(port, channels);
    }

    Channels channels() {
        return channels;
    }

    /// What the caller of a fast connect takes.
    void offered(List<Capability> formats) {
        films.offered(formats);
    }

    /// Whether fast connect has opened no channel for a film of ours, or none at all.
    boolean lacksMedia() {
        return Films.areLeftOut(config, channels) || channels.lackAll();
    }

    /// The peer does not speak H.245: what fast connect has left out stays so.
    void opensNoMore() {
        films.stayLeftOut(config, channels);
        wait.noControl(channels.lackAll(), config.capabilities());
    }

    /// Why the peer may have found the call incompatible.
    Optional<String> lack() {
        return wait.lack(channels.lackAll(), config.capabilities(), exchange.peer());
    }

    boolean begun() {
        return begun;
    }

    boolean ending() {
        return ending;
    }

    /// Whether anything of H.245 has come from the peer.
    boolean heard() {
        return heard;
    }

    /// Both procedures begin at once; each side begins its own.
    void begin() {
        if (!begun) {
            begun = true;
            exchange.send();
            masterSlave.begin();
        }
    }

    /// Says again what stood in Setup, when the peer has shown no sign of having read it: who does not know parallel H.245 passes it over.
    void beginAgain() {
        if (begun && !heard && !ending) {
            exchange.send();
            masterSlave.askAgain();
        }
    }

    /// Called when a step is done.
    void progress() {
        if (!ready && exchange.complete() && masterSlave.determined()) {
            ready = true;
            port.effect(new Effect.ControlReady(masterSlave.master()));
            if (!config.liveness().isZero()) {
                port.start(Timer.LIVENESS);
            }
        }
        if (exchange.complete() && masterSlave.determined() && !exchange.pausedByPeer() && !ending && port.mayOpen()) {
            channels.openMissing();
        }
    }

    void received(Value message, long now) {
        heard = true;
        switch (message) {
            case Value.Chosen(var kind, Value.Chosen(var name, var value)) -> {
                switch (kind) {
                    case "request" -> request(name, value, message);
                    case "response" -> response(name, value, message, now);
                    case "command" -> command(name, value, message);
                    default -> indication(name, value);
                }
            }
            case Value.Chosen(var kind, Value.UnknownChoice _) when !kind.equals("indication") -> notUnderstood(message);
            default -> { }
        }
    }

    private void request(String name, Value value, Value message) {
        switch (name) {
            case "terminalCapabilitySet" -> {
                begun = true;
                boolean first = !exchange.received();
                boolean back = exchange.received(value);
                input.capabilitiesKnown();
                if (exchange.pausedByPeer()) {
                    channels.closeAll();
                } else if (back) {
                    masterSlave.begin();
                } else if (!first) {
                    channels.keepTo(config);
                }
                progress();
            }
            case "masterSlaveDetermination" -> {
                begun = true;
                exchange.sendFirst();
                masterSlave.asked(value);
            }
            case "openLogicalChannel" -> channels.opened(value);
            case "closeLogicalChannel" -> channels.closed(value);
            case "requestChannelClose" -> channels.closeRequested(value);
            case "roundTripDelayRequest" -> port.send(Controls.response("roundTripDelayResponse", value));
            case "requestMode" -> modes.wanted(value, config);
            default -> notUnderstood(message);
        }
    }

    private void response(String name, Value value, Value message, long now) {
        switch (name) {
            case "terminalCapabilitySetAck" -> exchange.acknowledged(value);
            case "terminalCapabilitySetReject" -> exchange.rejected(value);
            case "masterSlaveDeterminationAck" -> masterSlave.answered(value);
            case "masterSlaveDeterminationReject" -> masterSlave.rejected();
            case "openLogicalChannelAck" -> channels.acknowledged(value);
            case "openLogicalChannelReject" -> channels.rejected(value);
            case "closeLogicalChannelAck" -> channels.closeAcknowledged(value);
            case "roundTripDelayResponse" -> tripAnswered(value, now);
            case "requestModeAck", "requestModeReject" -> modes.answered(value);
            case "requestChannelCloseAck", "requestChannelCloseReject" -> closings.answered(name, value);
            default -> notUnderstood(message);
        }
    }

    private void command(String name, Value value, Value message) {
        switch (name) {
            case "endSessionCommand" -> port.ended();
            case "sendTerminalCapabilitySet" -> exchange.send();
            case "flowControlCommand" -> flowControl(value);
            case "miscellaneousCommand" -> {
                var type = value.chosenAt("type").orElse("");
                if (type.startsWith("videoFastUpdate") || type.equals("lostPicture") || type.equals("lostPartialPicture")) {
                    port.effect(new Effect.FastUpdateWanted());
                } else {
                    port.effect(new Effect.Note("the peer commands " + type));
                }
            }
            case "maintenanceLoopOffCommand" -> { }
            default -> notUnderstood(message);
        }
    }

    private void indication(String name, Value value) {
        switch (name) {
            case "userInput" -> UserInput.keys(value).ifPresent(keys -> port.effect(new Effect.Keys(keys)));
            case "masterSlaveDeterminationRelease" -> masterSlave.released();
            case "functionNotUnderstood", "functionNotSupported" -> port.effect(new Effect.Note("the peer did not understand a message of ours"));
            case "terminalCapabilitySetRelease", "requestModeRelease", "requestChannelCloseRelease", "openLogicalChannelConfirm" -> {
                // What they take back was answered when it came; and only channels of two directions, which we refuse, are confirmed.
            }
            default -> { }
        }
    }

    private void notUnderstood(Value message) {
        port.send(Controls.indication("functionNotUnderstood", message));
    }

    /// Octets that are no H.245 message. The peer is told, and the call goes on.
    void malformed(String words) {
        port.send(Controls.indication("functionNotSupported", Value.struct().with("cause", Value.choice("syntaxError"))));
        port.effect(new Effect.Note("malformed H.245: " + words));
    }

    private void flowControl(Value command) {
        var kind = command.numberAt("scope/logicalChannelNumber").flatMap(channels::kindOfOurs).or(() -> Optional.of(Codec.Kind.VIDEO));
        var rate = command.numberAt("restriction/maximumBitRate").map(r -> (int) Math.min(r, Integer.MAX_VALUE));
        port.effect(new Effect.FlowControl(kind.get(), rate));
    }

    void wantMode(Codec codec) {
        modes.want(codec, config);
    }

    void wantClosed(Codec.Kind kind) {
        closings.want(kind);
    }

    void keys(String keys) {
        input.press(keys);
    }

    /// At most once a second: on a bad line every picture is damaged until the fresh one comes.
    void wantFastUpdate(long now) {
        if (fastUpdateAsked.isPresent() && now - fastUpdateAsked.get() < FAST_UPDATE_PAUSE.toNanos()) {
            return;
        }
        fastUpdateAsked = Optional.of(now);
        channels.numberOfTheirs(Codec.Kind.VIDEO).ifPresent(number -> port.send(Controls.command("miscellaneousCommand",
                Value.struct().with("logicalChannelNumber", number).with("type", Value.choice("videoFastUpdatePicture")))));
    }

    void limitRate(Codec.Kind kind, int bitRate) {
        channels.numberOfTheirs(kind).ifPresent(number -> port.send(Controls.command("flowControlCommand",
                Value.struct().with("scope", Value.choice("logicalChannelNumber", Value.number(number)))
                        .with("restriction", Value.choice("maximumBitRate", Value.number(bitRate))))));
    }

    void pause(boolean on) {
        if (on) {
            exchange.sendEmpty();
        } else {
            exchange.send();
        }
    }

    /// From now on these formats are ours.
    void offer(List<Capability> capabilities) {
        config = config.with(capabilities);
        exchange.send(config);
        if (exchange.received()) {
            channels.keepTo(config);
        }
    }

    void suspend() {
        port.stop(Timer.T105);
        port.stop(Timer.LIVENESS);
    }

    /// Messages may have been lost with the connection that carried them. What both sides have agreed on stands; what was under way is said again.
    void resume() {
        if (!begun || ending) {
            return;
        }
        unanswered = 0;
        exchange.send();
        if (!masterSlave.determined()) {
            masterSlave.begin();
        }
        channels.openAgain();
        if (ready && !config.liveness().isZero()) {
            port.start(Timer.LIVENESS);
        }
    }

    /// Closes our channels and ends the session of H.245.
    void end() {
        ending = true;
        channels.closeAll();
        port.send(Controls.endSession());
    }

    void expired(Timer timer, long now) {
        switch (timer) {
            case T101 -> exchange.expired();
            case T103 -> channels.expired();
            case T106 -> masterSlave.expired();
            case T108 -> closings.expired();
            case T109 -> modes.expired();
            case MEDIA -> wait.expired(channels.lackAll(), exchange.pausedByPeer(), config.capabilities(), exchange.peer());
            case LIVENESS -> measure(now);
            case T105 -> {
                if (++unanswered >= MOST_UNANSWERED) {
                    port.silent("the peer did not answer " + unanswered + " requests for the round trip");
                } else {
                    port.start(Timer.LIVENESS);
                }
            }
            default -> { }
        }
    }

    private void measure(long now) {
        if (ready) {
            trip = (trip + 1) % 256;
            tripSentAt = Optional.of(now);
            port.send(Controls.request("roundTripDelayRequest", Value.struct().with("sequenceNumber", trip)));
            port.start(Timer.T105);
        }
    }

    private void tripAnswered(Value response, long now) {
        if (response.numberAt("sequenceNumber").orElse(-1L) == trip && tripSentAt.isPresent()) {
            port.effect(new Effect.RoundTrip(Duration.ofNanos(now - tripSentAt.get())));
            tripSentAt = Optional.empty();
            unanswered = 0;
            port.stop(Timer.T105);
            port.start(Timer.LIVENESS);
        }
    }

    /// What we can do with a channel that the peer offers in fast connect: transmit what it receives, or receive what it transmits.
    static Optional<Capability> common(CallConfig config, Capability theirs, boolean transmitting) {
        var kind = theirs.codec().kind();
        var ours = transmitting ? config.transmits(kind) : config.receives(kind).stream().filter(c -> c.holds(theirs)).toList();
        return ours.stream().flatMap(c -> c.within(theirs).stream()).findFirst();
    }
}

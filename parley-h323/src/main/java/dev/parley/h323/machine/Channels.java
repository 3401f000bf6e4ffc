package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Logical channels (LCSE, clause 8.4/H.245): one of ours and one of the peer's for each kind of media, as the application has one source and
/// one sink of each. A second session of a kind is refused (`dataTypeNotAvailable`) as long as the first is open. Where both must have the same
/// codec, the master's wins: it refuses the slave's with `masterSlaveConflict`, and the slave opens one with the master's codec.
final class Channels {
    private static final int MOST_NUMBER = 65_535;
    static final int MOST_CLOSING = 16;
    private static final int LAST_PRIMARY_SESSION = 3;

    /// @param open whether the peer has acknowledged it
    private record Ours(int number, Capability format, boolean open) {}

    /// @param session 1 and 2 are the primary ones of sound and pictures; the master gives the numbers of all others
    private record Theirs(int number, Capability format, int session) {
        Codec.Kind kind() {
            return format.codec().kind();
        }
    }

    private final ControlMachine.Port port;
    private CallConfig config;
    private final CapabilityExchange exchange;
    private final MasterSlave masterSlave;
    private final Map<Codec.Kind, Ours> ours = new EnumMap<>(Codec.Kind.class);
    private final Map<Integer, Theirs> theirs = new HashMap<>();
    /// Channels that we have closed and whose numbers are not free until the peer has heard of it.
    private final Set<Integer> closing = new LinkedHashSet<>();
    private final Map<Codec.Kind, Set<Codec>> refused = new EnumMap<>(Codec.Kind.class);
    /// The peer has shown that it takes no two codecs.
    private final Set<Codec.Kind> conflicted = EnumSet.noneOf(Codec.Kind.class);
    /// The sessions that we have given to the slave, which asked with session 0.
    private final Map<Codec.Kind, Integer> given = new EnumMap<>(Codec.Kind.class);
    private final Films films;
    private final MediaWait wait;
    private int lastNumber;

    Channels(ControlMachine.Port port, CallConfig config, CapabilityExchange exchange, MasterSlave masterSlave, Films films, MediaWait wait) {
        this.port = port;
        this.films = films;
        this.wait = wait;
        this.config = config;
        this.exchange = exchange;
        this.masterSlave = masterSlave;
    }

    /// Channels that fast connect has opened.
    void openedByFastConnect(Capability format, boolean sending, int number) {
        wait.over();
        if (sending) {
            ours.put(format.codec().kind(), new Ours(number, format, true));
            lastNumber = Math.max(lastNumber, number);
        } else {
            theirs.put(number, new Theirs(number, format, format.codec().kind().session()));
        }
    }

    /// The one or the other side has other formats than before: channels in formats that one of them does not have any more are closed.
    void keepTo(CallConfig changed) {
        config = changed;
        refused.clear();
        conflicted.clear();
        films.again();
        for (var kind : Codec.Kind.values()) {
            var channel = ours.get(kind);
            if (channel != null && config.transmits(kind).stream().noneMatch(c -> c.codec() == channel.format().codec()
                    && exchange.peer().stream().anyMatch(p -> c.within(p).isPresent()))) {
                close(kind);
            }
        }
    }

    /// Opens what is missing, with the first of our formats that the peer receives.
    void openMissing() {
        for (var kind : config.media().keySet()) {
            giveWay(kind);
            if (!ours.containsKey(kind) && !config.transmits(kind).isEmpty()) {
                var format = config.transmits(kind).stream()
                        .filter(c -> !refused.getOrDefault(kind, Set.of()).contains(c.codec()))
                        .filter(c -> !alike(kind) || theirs(kind).map(t -> t.format().codec() == c.codec()).orElse(true))
                        .flatMap(c -> exchange.peer().stream().flatMap(p -> c.within(p).stream())).findFirst();
                format.ifPresentOrElse(f -> open(kind, f), () -> films.nothingFits(kind, config.transmits(kind), exchange.peer()));
            }
        }
        if (lackAll()) {
            wait.begin();
        }
    }

    /// Whether we want to send and have no channel at all, nor has the peer.
    boolean lackAll() {
        return ours.isEmpty() && theirs.isEmpty() && config.capabilities().stream().anyMatch(c -> c.use().transmits());
    }

    /// Whether both directions must have the same codec: we want it, the peer can do it only so, or it has refused us for it.
    private boolean alike(Codec.Kind kind) {
        return config.symmetric() || exchange.alike().contains(kind) || conflicted.contains(kind);
    }

    private boolean conflicts(Capability format) {
        var mine = ours.get(format.codec().kind());
        return mine != null && mine.format().codec() != format.codec() && alike(format.codec().kind());
    }

    /// The slave closes an open channel whose codec is not the master's. One that is not open yet the master will refuse.
    ///
    /// @return whether it has
    private boolean giveWay(Codec.Kind kind) {
        var mine = ours.get(kind);
        boolean yields = mine != null && mine.open() && masterSlave.determined() && !masterSlave.master()
                && theirs(kind).filter(t -> conflicts(t.format())).isPresent();
        if (yields) {
            close(kind);
        }
        return yields;
    }

    private void open(Codec.Kind kind, Capability format) {
        lastNumber = free();
        ours.put(kind, new Ours(lastNumber, format, false));
        ask(kind, lastNumber, format);
    }

    /// The number after the last one that is not in use; the caller of a fast connect chooses ours, up to the last one there is.
    private int free() {
        int number = lastNumber % MOST_NUMBER + 1;
        while (numbered(number).isPresent() || closing.contains(number)) {
            number = number % MOST_NUMBER + 1;
        }
        return number;
    }

    private void ask(Codec.Kind kind, int number, Capability format) {
        port.send(Controls.request("openLogicalChannel", Controls.openChannel(number, format, config.ports(kind).rtcp())));
        port.start(Timer.T103);
    }

    /// Requests or their answers may be lost.
    void openAgain() {
        ours.forEach((kind, channel) -> {
            if (!channel.open()) {
                ask(kind, channel.number(), channel.format());
            }
        });
    }

    void acknowledged(Value ack) {
        var channel = ours(ack);
        if (channel.isEmpty() || channel.get().open()) {
            return;
        }
        var kind = channel.get().format().codec().kind();
        var parameters = ack.structAt("forwardMultiplexAckParameters/h2250LogicalChannelAckParameters");
        var media = parameters.flatMap(p -> p.at("mediaChannel")).flatMap(TransportAddress::fromH245);
        if (media.isEmpty()) {
            port.effect(new Effect.Note("the peer acknowledged a channel without saying where media shall go"));
            close(kind);
            return;
        }
        ours.put(kind, new Ours(channel.get().number(), channel.get().format(), true));
        wait.over();
        stopWhenAllAnswered();
        var control = parameters.flatMap(p -> p.at("mediaControlChannel")).flatMap(TransportAddress::fromH245);
        int payload = parameters.flatMap(p -> p.numberAt("dynamicRTPPayloadType")).map(Long::intValue)
                .orElse(channel.get().format().codec().payloadType());
        port.effect(new Effect.SendMedia(kind, channel.get().format(), media.get(), control, payload));
        if (giveWay(kind)) {
            openMissing();
        }
    }

    void rejected(Value reject) {
        // It crossed our closing of the channel.
        closing.remove(number(reject));
        ours(reject).ifPresent(channel -> {
            var kind = channel.format().codec().kind();
            var cause = reject.chosenAt("cause").orElse("unspecified");
            port.effect(new Effect.Note("the peer refuses " + channel.format() + ": " + cause));
            ours.remove(kind);
            if (cause.equals("masterSlaveConflict") && theirs(kind).filter(t -> t.format().codec() != channel.format().codec()).isPresent()) {
                conflicted.add(kind);
            } else {
                refused.computeIfAbsent(kind, _ -> EnumSet.noneOf(Codec.class)).add(channel.format().codec());
            }
            openMissing();
        });
        stopWhenAllAnswered();
    }

    /// The peer opens one.
    void opened(Value request) {
        int number = request.numberAt("forwardLogicalChannelNumber").orElse(0L).intValue();
        var dataType = request.at("forwardLogicalChannelParameters/dataType");
        var parameters = request.structAt("forwardLogicalChannelParameters/multiplexParameters/h2250LogicalChannelParameters");
        var format = dataType.flatMap(Capability::ofDataType).map(f -> Controls.packetized(f, parameters));
        if (parameters.isEmpty()) {
            reject(number, "unspecified");
        } else if (request.has("reverseLogicalChannelParameters")) {
            reject(number, "unsuitableReverseParameters");
        } else if (format.isEmpty()) {
            reject(number, "unknownDataType");
        } else if (!config.has(format.get().codec(), false) || !config.media().containsKey(format.get().codec().kind())) {
            reject(number, "dataTypeNotSupported");
        } else if (conflicts(format.get()) && masterSlave.determined() && masterSlave.master()) {
            reject(number, "masterSlaveConflict");
        } else {
            openedIn(session(format.get().codec().kind(), parameters.get()), number, format.get(), request, parameters.get());
        }
    }

    /// The session that a channel of the peer is for; empty when it must not be for that one. The slave asks for a new one with 0 and must not
    /// choose one by itself.
    private OptionalInt session(Codec.Kind kind, Value.Struct parameters) {
        int asked = parameters.numberAt("sessionID").orElse(0L).intValue();
        boolean weGive = masterSlave.determined() && masterSlave.master();
        if (asked == 0 && weGive) {
            return OptionalInt.of(given.computeIfAbsent(kind, _ -> LAST_PRIMARY_SESSION + 1 + given.size()));
        }
        boolean fits = asked > LAST_PRIMARY_SESSION ? !weGive || Optional.of(asked).equals(Optional.ofNullable(given.get(kind)))
                : asked == kind.session();
        return fits ? OptionalInt.of(asked) : OptionalInt.empty();
    }

    /// A channel for the same session takes the place of the one before: some open the new one before they close the old one.
    private void openedIn(OptionalInt session, int number, Capability format, Value request, Value.Struct parameters) {
        var replaced = request.numberAt("forwardLogicalChannelParameters/replacementFor").orElse(-1L);
        if (session.isEmpty()) {
            reject(number, "invalidSessionID");
        } else if (theirs(format.codec().kind()).filter(t -> t.session() != session.getAsInt() && t.number() != replaced).isPresent()) {
            reject(number, "dataTypeNotAvailable");
        } else {
            accept(new Theirs(number, format, session.getAsInt()), parameters);
            if (giveWay(format.codec().kind())) {
                openMissing();
            }
        }
    }

    private void accept(Theirs channel, Value.Struct parameters) {
        var format = channel.format();
        var kind = channel.kind();
        var ports = config.ports(kind);
        theirs.values().removeIf(t -> t.kind() == kind);
        theirs.put(channel.number(), channel);
        wait.over();
        var answer = Value.struct().with("sessionID", channel.session()).with("mediaChannel", ports.rtp().forH245())
                .with("mediaControlChannel", ports.rtcp().forH245());
        var payload = parameters.numberAt("dynamicRTPPayloadType");
        // Ready first: the peer sends as soon as it has the acknowledgement.
        port.effect(new Effect.ReceiveMedia(kind, format, parameters.at("mediaControlChannel").flatMap(TransportAddress::fromH245),
                payload.map(Long::intValue).orElse(format.codec().payloadType())));
        port.send(Controls.response("openLogicalChannelAck", Value.struct().with("forwardLogicalChannelNumber", channel.number())
                .with("forwardMultiplexAckParameters", Value.choice("h2250LogicalChannelAckParameters",
                        payload.isPresent() ? answer.with("dynamicRTPPayloadType", payload.get()) : answer))));
    }

    private void reject(int number, String cause) {
        port.send(Controls.response("openLogicalChannelReject",
                Value.struct().with("forwardLogicalChannelNumber", Math.max(1, number)).with("cause", Value.choice(cause))));
    }

    /// The peer closes one of its channels.
    void closed(Value request) {
        int number = request.numberAt("forwardLogicalChannelNumber").orElse(0L).intValue();
        port.send(Controls.response("closeLogicalChannelAck", Value.struct().with("forwardLogicalChannelNumber", number)));
        var channel = theirs.remove(number);
        if (channel != null) {
            port.effect(new Effect.StopReceiving(channel.kind()));
        }
    }

    void closeAcknowledged(Value ack) {
        closing.remove(number(ack));
        stopWhenAllAnswered();
    }

    /// The peer asks us to close one of ours.
    void closeRequested(Value request) {
        var channel = ours(request);
        int number = request.numberAt("forwardLogicalChannelNumber").orElse(0L).intValue();
        if (channel.isEmpty()) {
            port.send(Controls.response("requestChannelCloseReject",
                    Value.struct().with("forwardLogicalChannelNumber", number).with("cause", Value.choice("unspecified"))));
            return;
        }
        port.send(Controls.response("requestChannelCloseAck", Value.struct().with("forwardLogicalChannelNumber", number)));
        close(channel.get().format().codec().kind());
    }

    void closeAll() {
        for (var kind : Codec.Kind.values()) {
            close(kind);
        }
    }

    private void close(Codec.Kind kind) {
        var channel = ours.remove(kind);
        if (channel == null) {
            return;
        }
        port.send(Controls.request("closeLogicalChannel", Value.struct().with("forwardLogicalChannelNumber", channel.number())
                .with("source", Value.choice("user"))));
        if (closing.size() == MOST_CLOSING) {
            closing.remove(closing.iterator().next());
        }
        closing.add(channel.number());
        port.start(Timer.T103);
        if (channel.open()) {
            port.effect(new Effect.StopSending(kind));
        }
    }

    /// Whether we have a channel of a kind, open or opening.
    boolean have(Codec.Kind kind) {
        return ours.containsKey(kind);
    }

    /// Whether we may send media of a kind now.
    boolean sends(Codec.Kind kind) {
        var channel = ours.get(kind);
        return channel != null && channel.open();
    }

    /// Sends another format from now on, as the peer asked by RequestMode.
    void change(Capability format) {
        var present = ours.get(format.codec().kind());
        if (present != null && present.format().codec() == format.codec()) {
            return;
        }
        close(format.codec().kind());
        open(format.codec().kind(), format);
    }

    private Optional<Theirs> theirs(Codec.Kind kind) {
        return theirs.values().stream().filter(t -> t.kind() == kind).findFirst();
    }

    /// The peer's channel of a kind, for commands about it.
    Optional<Integer> numberOfTheirs(Codec.Kind kind) {
        return theirs(kind).map(Theirs::number);
    }

    /// Which of our channels a command of the peer is about.
    Optional<Codec.Kind> kindOfOurs(long number) {
        return ours.entrySet().stream().filter(e -> e.getValue().number() == number).map(Map.Entry::getKey).findFirst();
    }

    /// What is not answered by now counts as not open; the peer is told, and does not have to answer any more.
    void expired() {
        for (var kind : Codec.Kind.values()) {
            var channel = ours.get(kind);
            if (channel != null && !channel.open()) {
                port.effect(new Effect.Note("no answer to the opening of " + channel.format()));
                ours.remove(kind);
                port.send(Controls.request("closeLogicalChannel", Value.struct().with("forwardLogicalChannelNumber", channel.number())
                        .with("source", Value.choice("lcse"))));
            }
        }
        for (int number : closing) {
            port.effect(new Effect.Note("no answer to the closing of channel " + number));
        }
        closing.clear();
    }

    private void stopWhenAllAnswered() {
        if (closing.isEmpty() && ours.values().stream().allMatch(Ours::open)) {
            port.stop(Timer.T103);
        }
    }

    private static int number(Value message) {
        return message.numberAt("forwardLogicalChannelNumber").orElse(-1L).intValue();
    }

    private Optional<Ours> ours(Value message) {
        return numbered(number(message));
    }

    private Optional<Ours> numbered(long number) {
        return ours.values().stream().filter(c -> c.number() == number).findFirst();
    }
}

package dev.parley.h323.machine;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What becomes of a connected call whose signalling connection is lost (Annex R/H.323, method A: the neighbour still knows the call). Both
/// sides tell in Setup and Connect that they can do it and where they take calls. Then media goes on, the caller opens a new connection and
/// asks there for the state of the call, and the callee, which knows the call by its identifiers, answers. For as long as that takes, the call
/// lives by its media: a peer that sends none is gone.
final class Recovery {
    /// Of Annex R, and of its data within it.
    private static final Value IDENTIFIER = Value.choice("standard", Value.number(1));
    private static final int VERSION = 1;
    static final int MOST_ADDRESSES = 4;
    private static final Set<String> ROUTERS_REFUSALS = Set.of("noPermission", "gatekeeperResources", "unreachableDestination");
    /// Longer than the reports of RTCP are apart (6.2 s at most), which come also from those who have nothing to say.
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private final CallConfig config;
    private final CallMachine call;
    private final ControlCarriage carriage;
    private boolean agreed;
    private boolean down;
    private int checks;
    private List<TransportAddress> addresses = List.of();
    private int refusals;

    Recovery(CallConfig config, CallMachine call, ControlCarriage carriage) {
        this.config = config;
        this.call = call;
        this.carriage = carriage;
    }

    /// Whether both sides can do it.
    boolean agreed() {
        return agreed;
    }

    /// Whether there is no signalling connection now, or one on which the peer has not spoken yet.
    boolean down() {
        return down;
    }

    /// What goes with a message.
    Optional<Value> tells(MessageType type) {
        var ours = config.takesCalls().map(a -> Value.struct().with("backupCallSignalAddresses", List.of(Value.choice("tcp", a.forH225()))));
        return switch (type) {
            case SETUP -> ours.map(o -> data("setupData", o));
            case CONNECT -> ours.filter(_ -> agreed).map(o -> data("connectData", o));
            case STATUS_INQUIRY -> agreed ? Optional.of(data("statusInquiryData", Value.struct())) : Optional.empty();
            case STATUS -> agreed ? Optional.of(data("statusData", Value.struct())) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Value data(String kind, Value.Struct value) {
        var octets = Pdu.ROBUSTNESS.encode(Value.struct().with("versionID", VERSION).with("robustnessData", Value.choice(kind, value)));
        return Value.struct().with("id", IDENTIFIER).with("parameters", List.of(
                Value.struct().with("id", IDENTIFIER).with("content", Value.choice("raw", new Value.Bytes(octets)))));
    }

    /// What the peer tells. Data that cannot be read is no data: the call is as good without.
    void heard(MessageType type, Value user) {
        if (type != MessageType.SETUP && type != MessageType.CONNECT || config.takesCalls().isEmpty()) {
            return;
        }
        for (var generic : user.listAt("h323-uu-pdu/genericData")) {
            if (generic.at("id").filter(IDENTIFIER::equals).isPresent()) {
                for (var parameter : generic.listAt("parameters")) {
                    parameter.octetsAt("content/raw").ifPresent(this::agree);
                }
            }
        }
    }

    private void agree(Octets data) {
        try {
            var value = Pdu.ROBUSTNESS.decode(data);
            var told = value.at("robustnessData/setupData").or(() -> value.at("robustnessData/connectData"));
            if (told.isPresent()) {
                agreed = true;
                addresses = told.get().listAt("backupCallSignalAddresses").stream()
                        .flatMap(a -> a.at("tcp").flatMap(TransportAddress::fromH225).stream()).limit(MOST_ADDRESSES).toList();
            }
        } catch (ProtocolViolation e) {
            call.effect(new Effect.Note("robustness data that cannot be read: " + e.getMessage()));
        }
    }

    /// Media may go on without the signalling connection: when both can bring it back, or for some time when H.245 has its own
    /// (maintainConnection, clause 7.3.1/H.225.0) and then also says when the call ends.
    ///
    /// @param pending how the call ends, when it is ending
    void signalLost(String why, Optional<CallEnd> pending) {
        lost(why, pending, new CallEnd.Lost("call signalling is lost: " + why));
    }

    /// Another connection may be better. A peer with whom there is no other speaks no H.323.
    void signalGarbled(String why, Optional<CallEnd> pending) {
        call.effect(new Effect.CloseSignal());
        lost(why, pending, new CallEnd.Malformed(why));
    }

    private void lost(String why, Optional<CallEnd> pending, CallEnd otherwise) {
        if (pending.isPresent()) {
            call.finish(pending.get());
        } else if (call.state() == CallState.ACTIVE && (agreed || carriage.separate())) {
            carriage.suspend();
            lost(why);
        } else {
            call.finish(otherwise);
        }
    }

    /// Nothing is heard in the tunnel: its connection may be dead without a word.
    void controlSilent(String words) {
        if (call.state() == CallState.ACTIVE && agreed && !carriage.separate() && !down) {
            call.effect(new Effect.CloseSignal());
            signalLost(words, Optional.empty());
        } else {
            call.controlFailed(words);
        }
    }

    /// The connection is lost, or the new one is no better.
    void lost(String why) {
        if (!down) {
            down = true;
            call.effect(new Effect.Signalling(false, why));
            call.start(Timer.RECOVERY);
            checks = 0;
            if (!carriage.separate()) {
                call.start(Timer.SILENCE);
            }
            reconnect();
        } else if (agreed && config.callee().isPresent()) {
            call.stop(Timer.T322);
            call.start(Timer.RETRY);
        }
    }

    /// Whether the peer may come from this host: the one before, or where it has told that it takes calls. A gatekeeper that routed the call
    /// had another one.
    boolean isPeer(Octets host, Octets hostBefore) {
        return host.equals(hostBefore) || addresses.stream().anyMatch(a -> a.ip().equals(host));
    }

    /// Whether a release on the new connection is the word of somebody who does not have the call, as a router that has begun anew. That ends
    /// no call: the next try is at another address, and a peer that has let go of the call sends no media.
    boolean refused(Cause cause, Optional<String> reason) {
        boolean refusal = down && config.callee().isPresent()
                && (cause.equals(Cause.INVALID_CALL_REFERENCE) || reason.filter(ROUTERS_REFUSALS::contains).isPresent());
        if (refusal) {
            refusals++;
            call.effect(new Effect.CloseSignal());
            lost("refused: " + cause.words());
        }
        return refusal;
    }

    /// The same way first, so that a gatekeeper on it stays there; then where the peer says that it takes calls. After a refusal another one
    /// comes first.
    void reconnect() {
        if (down && agreed && config.callee().isPresent()) {
            var all = new ArrayList<TransportAddress>();
            all.add(config.callee().get().address());
            addresses.stream().filter(a -> !all.contains(a)).forEach(all::add);
            Collections.rotate(all, -refusals);
            call.effect(new Effect.Reconnect(all));
        }
    }

    /// The callee hears from the caller at once; the caller must ask whether the call still is.
    void signalBack(Optional<CallEnd> pending) {
        if (pending.isPresent()) {
            call.release(pending.get() instanceof CallEnd.Cleared c ? c.cause() : Cause.NORMAL_CLEARING, pending.get());
        } else if (config.callee().isPresent()) {
            call.send(MessageType.STATUS_INQUIRY, List.of(), Signals.withCallIdentifier(call.callIdentifier()));
            call.start(Timer.T322);
        } else {
            // It may come before we have seen the loss of the one before.
            carriage.suspend();
            back();
        }
    }

    /// The time to end in good order is over, and the peer has not. Without signalling it was not told: what this side had to say may have gone to
    /// nobody, so that is no end in good order.
    CallEnd endsAlone(CallEnd pending) {
        return down && !pending.isOfThePeer()
                ? new CallEnd.Lost("call signalling is lost, so the other side could not be told that the call ends: " + pending.words()) : pending;
    }

    /// What the peer says of the call on the new connection.
    void told(Optional<Integer> peerState) {
        if (down && peerState.equals(Optional.of(CallState.NULL.code()))) {
            call.release(Cause.INVALID_CALL_REFERENCE, new CallEnd.Lost("the peer does not know the call any more"));
        } else if (down) {
            back();
        }
    }

    private void back() {
        if (down) {
            down = false;
            call.stop(Timer.RECOVERY);
            call.stop(Timer.SILENCE);
            call.stop(Timer.RETRY);
            call.stop(Timer.T322);
        }
        call.effect(new Effect.Signalling(true, ""));
        carriage.resume();
        call.back();
    }

    void mediaSilent(Optional<Duration> since) {
        checks++;
        if (down && (since.isEmpty() ? checks > 1 : since.get().compareTo(SILENCE) >= 0)) {
            call.finish(new CallEnd.Lost("call signalling is lost, and no media comes either"));
        } else if (down) {
            call.start(Timer.SILENCE);
        }
    }
}

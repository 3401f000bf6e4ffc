package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Capability exchange (clause 8.3/H.245), our set and the peer's. A set without a table is a pause: its sender wants no media until it sends
/// another one (clause 8.4.6/H.323).
final class CapabilityExchange {
    private final ControlMachine.Port port;
    private CallConfig config;
    private int sequence;
    private boolean sent;
    private boolean acknowledged;
    private boolean received;
    private boolean pausedByPeer;
    private boolean takesSignals;
    private Optional<Integer> takesEvents = Optional.empty();
    private List<Capability> peer = List.of();
    private Set<Codec.Kind> alike = Set.of();

    CapabilityExchange(ControlMachine.Port port, CallConfig config) {
        this.port = port;
        this.config = config;
    }

    boolean complete() {
        return acknowledged && received;
    }

    boolean pausedByPeer() {
        return pausedByPeer;
    }

    /// Whether the peer takes keys as signals with a duration.
    boolean takesSignals() {
        return takesSignals;
    }

    boolean received() {
        return received;
    }

    /// The payload type of the telephone events that the peer takes in RTP.
    Optional<Integer> takesEvents() {
        return takesEvents;
    }

    /// What the peer can receive, its preferred ones first.
    List<Capability> peer() {
        return peer;
    }

    /// The kinds that the peer sends and receives in the same format only: all of their formats are told as `receiveAndTransmit` capabilities.
    Set<Codec.Kind> alike() {
        return alike;
    }

    /// Tells the peer of other formats than before.
    void send(CallConfig changed) {
        config = changed;
        send();
    }

    void send() {
        send(Controls.capabilities(next(), config));
    }

    /// The peer has begun, with this or with the determination of master and slave.
    void sendFirst() {
        if (!sent) {
            send();
        }
    }

    void sendEmpty() {
        send(Controls.request("terminalCapabilitySet", Controls.emptyCapabilities(next())));
    }

    private void send(Value set) {
        sent = true;
        acknowledged = false;
        port.send(set);
        port.start(Timer.T101);
    }

    private int next() {
        sequence = (sequence + 1) % 256;
        return sequence;
    }

    /// @return whether the peer comes back from a pause
    boolean received(Value set) {
        boolean empty = !set.has("capabilityTable");
        boolean back = pausedByPeer && !empty;
        received = true;
        pausedByPeer = empty;
        var capabilities = new ArrayList<Capability>();
        var both = EnumSet.noneOf(Codec.Kind.class);
        var apart = EnumSet.noneOf(Codec.Kind.class);
        boolean nonInterleaved = Controls.takesNonInterleaved(set);
        takesEvents = Optional.empty();
        takesSignals = false;
        for (var entry : set.listAt("capabilityTable")) {
            var capability = entry.at("capability");
            capability.flatMap(c -> c.at("receiveAudioCapability").or(() -> c.at("receiveVideoCapability"))).flatMap(Capability::of)
                    .map(c -> c.nonInterleaved(nonInterleaved)).ifPresent(c -> {
                        capabilities.add(c);
                        apart.add(c.codec().kind());
                    });
            capability.flatMap(c -> c.at("receiveAndTransmitAudioCapability").or(() -> c.at("receiveAndTransmitVideoCapability")))
                    .flatMap(Capability::of).map(c -> c.nonInterleaved(nonInterleaved)).ifPresent(c -> {
                        capabilities.add(c);
                        both.add(c.codec().kind());
                    });
            takesEvents = capability.flatMap(c -> c.numberAt("receiveRTPAudioTelephonyEventCapability/dynamicRTPPayloadType")).map(Long::intValue)
                    .or(() -> takesEvents);
            takesSignals |= capability.filter(c -> c.has("receiveUserInputCapability/dtmf")
                    || c.has("receiveAndTransmitUserInputCapability/dtmf")).isPresent();
        }
        peer = List.copyOf(capabilities);
        both.removeAll(apart);
        alike = both;
        port.send(Controls.response("terminalCapabilitySetAck", Value.struct().with("sequenceNumber", set.numberAt("sequenceNumber").orElse(0L))));
        sendFirst();
        return back;
    }

    void acknowledged(Value ack) {
        if (ack.numberAt("sequenceNumber").orElse(-1L) == sequence && !acknowledged) {
            acknowledged = true;
            port.stop(Timer.T101);
            port.progress();
        }
    }

    void rejected(Value reject) {
        if (acknowledged || reject.numberAt("sequenceNumber").orElse(-1L) != sequence) {
            return;
        }
        port.failed("the peer rejects our capabilities: " + reject.chosenAt("cause").orElse("for an unknown reason"));
    }

    void expired() {
        if (!acknowledged) {
            port.send(Controls.indication("terminalCapabilitySetRelease", Value.struct()));
            port.failed("no answer to our capabilities");
        }
    }
}

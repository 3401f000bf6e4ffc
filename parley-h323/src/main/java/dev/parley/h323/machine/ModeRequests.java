package dev.parley.h323.machine;

import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// Requests for another format (MRSE, clause 8.9/H.245), of either side.
final class ModeRequests {
    private final ControlMachine.Port port;
    private final CapabilityExchange exchange;
    private final Channels channels;
    private int sequence;
    private boolean asked;

    ModeRequests(ControlMachine.Port port, CapabilityExchange exchange, Channels channels) {
        this.port = port;
        this.exchange = exchange;
        this.channels = channels;
    }

    /// Asks the peer to send this one; the wish before it is no more.
    void want(Codec codec, CallConfig config) {
        config.receives(codec.kind()).stream().filter(c -> c.codec() == codec).findFirst().ifPresent(c -> {
            sequence = (sequence + 1) % 256;
            asked = true;
            port.send(Controls.request("requestMode", Value.struct().with("sequenceNumber", sequence)
                    .with("requestedModes", List.of(new Value.Items(List.of(Modes.element(c)))))));
            port.start(Timer.T109);
        });
    }

    /// The peer acknowledges or rejects.
    void answered(Value answer) {
        if (asked && answer.numberAt("sequenceNumber").orElse(-1L) == sequence) {
            asked = false;
            port.stop(Timer.T109);
            port.effect(new Effect.Note("the peer answers the wish for another format: " + answer.chosenAt("response")
                    .or(() -> answer.chosenAt("cause")).orElse("in an unknown way")));
        }
    }

    void expired() {
        if (asked) {
            asked = false;
            port.send(Controls.indication("requestModeRelease", Value.struct()));
            port.effect(new Effect.Note("the peer does not answer the wish for another format"));
        }
    }

    /// The first mode that we can send wins; a mode has one or more elements, of which we read the media types.
    void wanted(Value request, CallConfig config) {
        int index = 0;
        long number = request.numberAt("sequenceNumber").orElse(0L);
        for (var mode : request.listAt("requestedModes")) {
            for (var element : ((Value.Items) mode).items()) {
                var wanted = Modes.codec(element);
                var format = config.capabilities().stream().filter(c -> c.use().transmits() && wanted.equals(Optional.of(c.codec())))
                        .flatMap(c -> exchange.peer().stream().flatMap(p -> c.within(p).stream())).findFirst();
                if (format.isPresent()) {
                    port.send(Controls.response("requestModeAck", Value.struct().with("sequenceNumber", number).with("response",
                            Value.choice(index == 0 ? "willTransmitMostPreferredMode" : "willTransmitLessPreferredMode"))));
                    channels.change(format.get());
                    return;
                }
            }
            index++;
        }
        port.send(Controls.response("requestModeReject",
                Value.struct().with("sequenceNumber", number).with("cause", Value.choice("modeUnavailable"))));
    }
}

package dev.parley.h323.machine;

import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.per.Value;
import java.util.OptionalInt;

/// Our request to the peer that it closes one of its channels (CLCSE, clause 8.5/H.245). Its own is in {@link Channels}.
final class CloseRequests {
    private final ControlMachine.Port port;
    private final Channels channels;
    private OptionalInt asked = OptionalInt.empty();

    CloseRequests(ControlMachine.Port port, Channels channels) {
        this.port = port;
        this.channels = channels;
    }

    /// Nothing when the peer has no channel of the kind. The wish before it is no more.
    void want(Codec.Kind kind) {
        channels.numberOfTheirs(kind).ifPresent(number -> {
            asked = OptionalInt.of(number);
            port.send(Controls.request("requestChannelClose", Value.struct().with("forwardLogicalChannelNumber", number)));
            port.start(Timer.T108);
        });
    }

    /// @param name of the answer: `requestChannelCloseAck` or `requestChannelCloseReject`
    void answered(String name, Value answer) {
        if (asked.isPresent() && answer.numberAt("forwardLogicalChannelNumber").orElse(-1L) == asked.getAsInt()) {
            asked = OptionalInt.empty();
            port.stop(Timer.T108);
            port.effect(new Effect.Note(name.endsWith("Ack") ? "the peer will close its channel"
                    : "the peer does not close its channel: " + answer.chosenAt("cause").orElse("unspecified")));
        }
    }

    void expired() {
        if (asked.isPresent()) {
            port.send(Controls.indication("requestChannelCloseRelease",
                    Value.struct().with("forwardLogicalChannelNumber", asked.getAsInt())));
            asked = OptionalInt.empty();
            port.effect(new Effect.Note("the peer does not answer the wish that it closes its channel"));
        }
    }
}

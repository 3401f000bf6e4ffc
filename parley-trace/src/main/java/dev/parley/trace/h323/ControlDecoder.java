package dev.parley.trace.h323;

import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.decode.Recorder;
import dev.parley.trace.decode.TpktPayload;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;

/// H.245: on a connection of its own, each TPKT a message; or message by message out of call signalling.
public final class ControlDecoder implements TpktPayload {
    private final Recorder recorder;
    private final Channels channels;
    private final ControlWords words;
    private String call;

    private ControlDecoder(Recorder recorder, Channels channels, String call) {
        this.recorder = recorder;
        this.channels = channels;
        this.call = call;
        words = new ControlWords(channels);
    }

    /// What is carried in call signalling.
    static ControlDecoder tunnelled(Recorder recorder, Channels channels) {
        return new ControlDecoder(recorder, channels, "");
    }

    /// A connection of its own.
    static ControlDecoder separate(Recorder recorder, Announcements announcements, Optional<Announcement> announced) {
        recorder.about(announced.map(Announcement::words).orElse("H.245"));
        return new ControlDecoder(recorder, new Channels(announcements), announced.map(Announcement::call).orElse(""));
    }

    /// Whether it looks like H.245 where nobody announced it.
    static boolean recognizes(ByteBuffer payload) {
        return Decoding.isExactly(Pdu.H245, Decoding.octets(payload));
    }

    @Override
    public void packet(boolean fromCaller, ByteBuffer payload) {
        message(fromCaller, Decoding.octets(payload), Optional.empty());
    }

    /// @param of the call, shortened
    /// @param carrier the message of call signalling that it came in
    void tunnelled(boolean fromCaller, Octets octets, String of, Item carrier) {
        call = of;
        message(fromCaller, octets, Optional.of(carrier));
    }

    private void message(boolean fromCaller, Octets octets, Optional<Item> carrier) {
        var decoding = Decoding.of(Pdu.H245, octets);
        var items = new ArrayList<Item>();
        carrier.ifPresent(items::add);
        if (decoding.value().isEmpty()) {
            items.add(new Item("octets", Fields.octets(octets)));
            recorder.message(fromCaller, Message.Layer.SESSION, "H.245", "broken message", "", items, decoding.fault());
            return;
        }
        var value = decoding.value().get();
        channels.learn(fromCaller, value, call);
        var described = words.describe(fromCaller, value);
        items.addAll(Fields.of(body(value)));
        recorder.message(
                fromCaller, Message.Layer.SESSION, described.symbol(), described.title(),
                described.summary() + carrier.map(c -> (described.summary().isEmpty() ? "in " : ", in ") + c.value()).orElse(""), items,
                Optional.empty());
    }

    private static Value body(Value message) {
        return message instanceof Value.Chosen outer
                && outer.value() instanceof Value.Chosen inner ? inner.value() : message;
    }

    @Override
    public void gap(boolean fromCaller) {
        // Messages stand for themselves.
    }

    @Override
    public void end(boolean fromCaller) {
        // As above.
    }
}

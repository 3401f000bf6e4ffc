package dev.parley.trace.h323;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.decode.Recorder;
import dev.parley.trace.decode.TpktPayload;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// H.225.0 call signalling: each TPKT a Q.931 message. What the messages carry of H.245 follows as messages of their own.
public final class SignallingDecoder implements TpktPayload {
    /// H.245 messages, or channels of fast connect, in one message that are looked at.
    private static final int MOST_INSIDE = 64;
    private static final String BODY = "h323-uu-pdu/h323-message-body";

    private final Recorder recorder;
    private final Announcements announcements;
    private final Channels channels;
    private final ControlDecoder control;
    private String first = "";

    SignallingDecoder(Recorder recorder, Announcements announcements) {
        this.recorder = recorder;
        this.announcements = announcements;
        channels = new Channels(announcements);
        control = ControlDecoder.tunnelled(recorder, channels);
        recorder.about("H.225.0");
    }

    /// Nothing else in a TPKT begins like this: X.224 would have a length of 8 and an impossible code.
    ///
    /// @param onItsPort whether the connection is called on the port of call signalling, where also broken messages count
    static boolean recognizes(ByteBuffer payload, boolean onItsPort) {
        int at = payload.position();
        if (payload.get(at) != 0x08 || payload.remaining() < 3) {
            return false;
        }
        int reference = payload.get(at + 1) & 0xFF;
        return onItsPort || reference <= 2 && payload.remaining() > 2 + reference
                && MessageType.of(payload.get(at + 2 + reference) & 0xFF).isPresent();
    }

    @Override
    public void packet(boolean fromCaller, ByteBuffer payload) {
        var octets = Decoding.octets(payload);
        try {
            message(fromCaller, Q931.decode(octets));
        } catch (ProtocolViolation e) {
            recorder.message(
                    fromCaller, Message.Layer.SESSION, "Q.931", "broken message", "",
                    List.of(new Item("octets", Fields.octets(octets))), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private void message(boolean fromCaller, Q931 message) {
        var user = message.element(InformationElement.USER_USER).map(o -> Decoding.of(Pdu.USER_INFORMATION, o));
        var value = user.flatMap(Decoding::value);
        var body = value.flatMap(v -> v.at(BODY)).flatMap(b -> b instanceof Value.Chosen c ? Optional.of(c.value()) : Optional.empty())
                .orElse(Value.NULL);
        var call = body.octetsAt("callIdentifier/guid").map(Words::shortened).orElse("");
        learn(body, call);
        if (first.isEmpty() && !call.isEmpty()) {
            first = call;
            recorder.about("H.225.0 of call " + call);
        }
        var words = new SignallingWords(message, value, body, call.equals(first) ? "" : call);
        var fault = user.flatMap(Decoding::fault).or(() -> brokenChannel(body));
        var carrier = new Item("carried in", words.name(), words.items());
        boolean onlyCarries = fault.isEmpty() && words.onlyCarries();
        if (!onlyCarries) {
            recorder.message(fromCaller, Message.Layer.SESSION, words.name(), words.name(), words.summary(), words.items(), fault);
            carrier = new Item("carried in", words.name());
        }
        for (var octets : inside(value)) {
            control.tunnelled(fromCaller, octets, call, carrier);
            carrier = new Item("carried in", words.name());
        }
    }

    private static List<Octets> inside(Optional<Value> user) {
        return Stream.of("h323-uu-pdu/h245Control", BODY + "/setup/parallelH245Control")
                .flatMap(path -> user.map(u -> u.listAt(path)).orElse(List.of()).stream().limit(MOST_INSIDE))
                .flatMap(v -> v instanceof Value.Bytes(Octets octets) ? Stream.of(octets) : Stream.empty()).toList();
    }

    private void learn(Value body, String call) {
        body.at("h245Address").flatMap(TransportAddress::fromH225)
                .ifPresent(a -> announcements.learn(new Announcement(a, Announcement.Kind.CONTROL, call, Optional.empty())));
        fastStart(body).forEach(d -> d.value().ifPresent(channel -> channels.learnFast(channel, call)));
    }

    static List<Decoding> fastStart(Value body) {
        return body.listAt("fastStart").stream().limit(MOST_INSIDE)
                .map(v -> v instanceof Value.Bytes(Octets octets) ? Decoding.of(Pdu.OPEN_LOGICAL_CHANNEL, octets)
                        : new Decoding(Optional.empty(), Optional.empty())).toList();
    }

    private static Optional<String> brokenChannel(Value body) {
        return fastStart(body).stream().flatMap(d -> d.fault().stream()).findFirst().map(f -> "in fastStart: " + f);
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

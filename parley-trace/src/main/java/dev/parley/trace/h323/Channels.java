package dev.parley.trace.h323;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.h323.Announcement.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The logical channels of one H.245 conversation: what goes through them, and which addresses of media their messages announce.
final class Channels {
    private static final int MOST = 1_000;
    private static final String H2250 = "multiplexParameters/h2250LogicalChannelParameters";

    private record Key(boolean openedByCaller, long number) {}

    private final Announcements announcements;
    private final Map<Key, Format> formats = new LinkedHashMap<>();

    Channels(Announcements announcements) {
        this.announcements = announcements;
    }

    /// Learns from a whole H.245 message.
    void learn(boolean fromCaller, Value message, String call) {
        message.structAt("request/openLogicalChannel").ifPresent(channel -> opened(fromCaller, channel, call));
        message.structAt("response/openLogicalChannelAck").ifPresent(ack -> acknowledged(fromCaller, ack, call));
    }

    /// The same of an element of `fastStart`, whose forward direction is always from the caller of the call.
    void learnFast(Value channel, String call) {
        forward(channel).ifPresent(f -> number(true, channel, f));
        reverse(channel).ifPresent(f -> number(false, channel, f));
        forward(channel).ifPresent(f -> addresses(channel, "forwardLogicalChannelParameters/" + H2250, Optional.of(f), call));
        reverse(channel).ifPresent(f -> addresses(channel, "reverseLogicalChannelParameters/" + H2250, Optional.of(f), call));
    }

    private void opened(boolean fromCaller, Value channel, String call) {
        forward(channel).ifPresent(format -> {
            number(fromCaller, channel, format);
            addresses(channel, "forwardLogicalChannelParameters/" + H2250, Optional.of(format), call);
        });
        reverse(channel).ifPresent(format -> addresses(channel, "reverseLogicalChannelParameters/" + H2250, Optional.of(format), call));
    }

    private void number(boolean openedByCaller, Value channel, Format format) {
        if (formats.size() < MOST) {
            channel.numberAt("forwardLogicalChannelNumber").ifPresent(n -> formats.put(new Key(openedByCaller, n), format));
        }
    }

    private void acknowledged(boolean fromCaller, Value ack, String call) {
        addresses(ack, "forwardMultiplexAckParameters/h2250LogicalChannelAckParameters", format(!fromCaller, ack), call);
        addresses(ack, "reverseLogicalChannelParameters/" + H2250, Optional.empty(), call);
    }

    /// What a message is about that only has the number of a channel.
    ///
    /// @param openedByCaller whose channel it is
    Optional<Format> format(boolean openedByCaller, Value message) {
        return message.numberAt("forwardLogicalChannelNumber").flatMap(n -> Optional.ofNullable(formats.get(new Key(openedByCaller, n))));
    }

    static Optional<Format> forward(Value channel) {
        return format(channel, "forwardLogicalChannelParameters/");
    }

    static Optional<Format> reverse(Value channel) {
        return format(channel, "reverseLogicalChannelParameters/");
    }

    private static Optional<Format> format(Value channel, String parameters) {
        var type = channel.numberAt(parameters + H2250 + "/dynamicRTPPayloadType").map(Long::intValue);
        return channel.at(parameters + "dataType").flatMap(t -> Format.ofDataType(t, type));
    }

    private void addresses(Value message, String path, Optional<Format> format, String call) {
        address(message, path + "/mediaChannel").ifPresent(a -> announcements.learn(new Announcement(a, Kind.RTP, call, format)));
        address(message, path + "/mediaControlChannel").ifPresent(a -> announcements.learn(new Announcement(a, Kind.RTCP, call, format)));
    }

    static Optional<TransportAddress> address(Value message, String path) {
        return message.at(path).flatMap(TransportAddress::fromH245);
    }
}

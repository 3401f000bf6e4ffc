package dev.parley.h323.machine;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Fast connect (clause 8.1.7/H.323). The caller offers whole OpenLogicalChannels in Setup, one for each format and direction; the callee
/// returns the ones that it takes, with its own addresses in them.
final class FastStart {
    static final int MOST_OFFERS = 64;
    private static final String FORWARD = "forwardLogicalChannelParameters";
    private static final String REVERSE = "reverseLogicalChannelParameters";
    private static final String H2250 = "multiplexParameters/h2250LogicalChannelParameters";

    /// A channel that is open now.
    ///
    /// @param sending whether it is ours to send on
    record Opened(int number, Capability format, boolean sending, Effect effect) {}

    /// @param answer the channels to return, in the order of the offers
    /// @param taken what the caller takes, as far as we know its formats
    record Accepted(List<Octets> answer, List<Opened> channels, List<Capability> taken) {}

    private FastStart() {}

    static List<Octets> offers(CallConfig config) {
        var offers = new ArrayList<Octets>();
        int number = 0;
        // Who does not know packetization mode 1 takes the offer after it.
        var formats = config.capabilities().stream().flatMap(f -> f.nonInterleaved() ? Stream.of(f, f.nonInterleaved(false)) : Stream.of(f)).toList();
        for (var format : formats) {
            var ports = config.media().get(format.codec().kind());
            if (ports == null) {
                continue;
            }
            if (format.use().receives()) {
                number++;
                offers.add(Pdu.OPEN_LOGICAL_CHANNEL.encode(offerToUs(number, format, ports)));
            }
            if (format.use().transmits()) {
                number++;
                offers.add(Pdu.OPEN_LOGICAL_CHANNEL.encode(Controls.openChannel(number, format, ports.rtcp())));
            }
        }
        return offers;
    }

    private static Value offerToUs(int number, Capability format, CallConfig.Ports ports) {
        var toUs = Value.struct().with("dataType", format.toDataType()).with("multiplexParameters", Value.choice(
                "h2250LogicalChannelParameters", Controls.channel(format, Optional.of(ports.rtp()), Optional.of(ports.rtcp()))));
        return Value.struct().with("forwardLogicalChannelNumber", number)
                .with(FORWARD, Value.struct().with("dataType", Value.choice("nullData")).with("multiplexParameters", Value.choice("none")))
                .with(REVERSE, toUs);
    }

    /// The callee's side: takes the first offer that it can for each kind and direction. The formats of the two directions may differ unless
    /// the configuration wants them alike. Offers that cannot be read are passed over.
    static Accepted accept(List<Value> offers, CallConfig config) {
        var answer = new ArrayList<Octets>();
        var channels = new ArrayList<Opened>();
        var taken = new ArrayList<Capability>();
        var sends = EnumSet.noneOf(Codec.Kind.class);
        var receives = EnumSet.noneOf(Codec.Kind.class);
        for (var channel : decode(offers)) {
            boolean toCaller = channel.has(REVERSE);
            var format = channel.at((toCaller ? REVERSE : FORWARD) + "/dataType").flatMap(Capability::ofDataType);
            format.filter(_ -> toCaller).ifPresent(taken::add);
            var parameters = channel.at((toCaller ? REVERSE : FORWARD) + "/" + H2250);
            var ours = format.map(f -> Controls.packetized(f, parameters)).flatMap(f -> ControlMachine.common(config, f, toCaller));
            if (ours.isEmpty() || !config.media().containsKey(ours.get().codec().kind())) {
                continue;
            }
            if (ours.get().nonInterleaved() != Controls.packetized(ours.get(), parameters).nonInterleaved()) {
                continue;
            }
            var kind = ours.get().codec().kind();
            if (config.symmetric() && channels.stream().map(c -> c.format().codec())
                    .anyMatch(c -> c != ours.get().codec() && c.kind() == kind)) {
                continue;
            }
            if (!(toCaller ? sends : receives).add(kind)) {
                continue;
            }
            accept(channel, toCaller, ours.get(), config).ifPresent(opened -> {
                channels.add(opened);
                answer.add(Pdu.OPEN_LOGICAL_CHANNEL.encode(answered(channel, toCaller, config.ports(kind))));
            });
        }
        return new Accepted(answer, channels, List.copyOf(taken));
    }

    private static Optional<Opened> accept(Value.Struct channel, boolean toCaller, Capability format, CallConfig config) {
        int number = channel.numberAt("forwardLogicalChannelNumber").orElse(0L).intValue();
        var parameters = channel.at((toCaller ? REVERSE : FORWARD) + "/" + H2250);
        var media = parameters.flatMap(p -> p.at("mediaChannel")).flatMap(TransportAddress::fromH245);
        var control = parameters.flatMap(p -> p.at("mediaControlChannel")).flatMap(TransportAddress::fromH245);
        int payload = parameters.flatMap(p -> p.numberAt("dynamicRTPPayloadType")).map(Long::intValue).orElse(format.codec().payloadType());
        var kind = format.codec().kind();
        if (!toCaller) {
            return Optional.of(new Opened(number, format, false, new Effect.ReceiveMedia(kind, format, control, payload)));
        }
        return media.map(m -> new Opened(number, format, true, new Effect.SendMedia(kind, format, m, control, payload)));
    }

    /// The offer with our addresses instead of the caller's: RTCP only where we send, RTP too where we receive.
    private static Value.Struct answered(Value.Struct channel, boolean toCaller, CallConfig.Ports ports) {
        var part = toCaller ? REVERSE : FORWARD;
        var parameters = channel.structAt(part + "/" + H2250).orElse(Value.Struct.EMPTY)
                .without("mediaChannel").with("mediaControlChannel", ports.rtcp().forH245());
        var whole = toCaller ? parameters : parameters.with("mediaChannel", ports.rtp().forH245());
        return channel.with(part, channel.structAt(part).orElseThrow()
                .with("multiplexParameters", Value.choice("h2250LogicalChannelParameters", whole)));
    }

    /// The caller's side: what the callee took, the first one for each kind and direction.
    static List<Opened> accepted(List<Value> answer, CallConfig config) {
        var channels = new ArrayList<Opened>();
        var sends = EnumSet.noneOf(Codec.Kind.class);
        var receives = EnumSet.noneOf(Codec.Kind.class);
        for (var channel : decode(answer)) {
            int number = channel.numberAt("forwardLogicalChannelNumber").orElse(0L).intValue();
            boolean toUs = channel.has(REVERSE);
            var part = toUs ? REVERSE : FORWARD;
            var parameters = channel.at(part + "/" + H2250);
            var format = channel.at(part + "/dataType").flatMap(Capability::ofDataType).map(f -> Controls.packetized(f, parameters))
                    .filter(f -> config.has(f.codec(), !toUs));
            if (format.isEmpty()) {
                continue;
            }
            var kind = format.get().codec().kind();
            var control = parameters.flatMap(p -> p.at("mediaControlChannel")).flatMap(TransportAddress::fromH245);
            int payload = parameters.flatMap(p -> p.numberAt("dynamicRTPPayloadType")).map(Long::intValue)
                    .orElse(format.get().codec().payloadType());
            if (toUs ? !receives.add(kind) : !sends.add(kind)) {
                continue;
            }
            if (toUs) {
                channels.add(new Opened(number, format.get(), false, new Effect.ReceiveMedia(kind, format.get(), control, payload)));
            } else {
                parameters.flatMap(p -> p.at("mediaChannel")).flatMap(TransportAddress::fromH245).ifPresent(media ->
                        channels.add(new Opened(number, format.get(), true, new Effect.SendMedia(kind, format.get(), media, control, payload))));
            }
        }
        return channels;
    }

    private static List<Value.Struct> decode(List<Value> offers) {
        var channels = new ArrayList<Value.Struct>();
        for (var offer : offers.subList(0, Math.min(MOST_OFFERS, offers.size()))) {
            try {
                if (offer instanceof Value.Bytes(var octets) && Pdu.OPEN_LOGICAL_CHANNEL.decode(octets) instanceof Value.Struct channel) {
                    channels.add(channel);
                }
            } catch (ProtocolViolation _) {
                // One unreadable offer does not spoil the others: a newer caller may offer what our module cannot read.
                continue;
            }
        }
        return channels;
    }
}

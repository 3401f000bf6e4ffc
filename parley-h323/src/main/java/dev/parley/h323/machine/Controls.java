package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// H.245 messages in their usual form.
final class Controls {
    static final String PROTOCOL = "0.0.8.245.0.15";

    private Controls() {}

    static Value request(String name, Value value) {
        return Value.choice("request", Value.choice(name, value));
    }

    static Value response(String name, Value value) {
        return Value.choice("response", Value.choice(name, value));
    }

    static Value command(String name, Value value) {
        return Value.choice("command", Value.choice(name, value));
    }

    static Value indication(String name, Value value) {
        return Value.choice("indication", Value.choice(name, value));
    }

    static Value endSession() {
        return command("endSessionCommand", Value.choice("disconnect"));
    }

    /// All our capabilities: one entry each, alternatives of one kind and direction in one set, all sets at once. What we only transmit is told,
    /// too; what we do in both directions with any of our formats is told as what we receive.
    static Value capabilities(int sequence, CallConfig config) {
        var entries = new ArrayList<Value>();
        var sets = new ArrayList<Value>();
        for (var kind : Codec.Kind.values()) {
            var only = config.transmits(kind).stream().filter(c -> !c.use().receives()).toList();
            for (var list : List.of(config.receives(kind), only)) {
                var set = new ArrayList<Value>();
                for (var capability : list) {
                    entries.add(entry(entries.size() + 1, direction(capability.use(), config)
                            + (kind == Codec.Kind.AUDIO ? "AudioCapability" : "VideoCapability"), capability.toValue()));
                    set.add(Value.number(entries.size()));
                }
                if (!set.isEmpty()) {
                    sets.add(new Value.Items(set));
                }
            }
        }
        for (var input : List.of("basicString", "dtmf")) {
            entries.add(entry(entries.size() + 1, "receiveUserInputCapability", Value.choice(input)));
        }
        sets.add(new Value.Items(List.of(Value.number(entries.size()))));
        if (config.telephoneEvents().isPresent()) {
            entries.add(entry(entries.size() + 1, "receiveRTPAudioTelephonyEventCapability", Value.struct()
                    .with("dynamicRTPPayloadType", config.telephoneEvents().get()).with("audioTelephoneEvent", Value.text("0-15"))));
            sets.add(new Value.Items(List.of(Value.number(entries.size()))));
        }
        return request("terminalCapabilitySet", emptyCapabilities(sequence)
                .with("multiplexCapability", Value.choice("h2250Capability", multiplex(config)))
                .with("capabilityTable", entries)
                .with("capabilityDescriptors", List.of(Value.struct().with("capabilityDescriptorNumber", 0).with("simultaneousCapabilities", sets))));
    }

    private static String direction(Capability.Use use, CallConfig config) {
        return switch (use) {
            case BOTH -> config.symmetric() ? "receiveAndTransmit" : "receive";
            case RECEIVE -> "receive";
            case TRANSMIT, RECORDED -> "transmit";
        };
    }

    private static Value entry(int number, String name, Value capability) {
        return Value.struct().with("capabilityTableEntryNumber", number).with("capability", Value.choice(name, capability));
    }

    static Value.Struct emptyCapabilities(int sequence) {
        return Value.struct().with("sequenceNumber", sequence).with("protocolIdentifier", Value.oid(PROTOCOL));
    }

    private static Value multiplex(CallConfig config) {
        var distribution = Value.struct().with("centralizedControl", false).with("distributedControl", false)
                .with("centralizedAudio", false).with("distributedAudio", false).with("centralizedVideo", false).with("distributedVideo", false);
        var multipoint = Value.struct().with("multicastCapability", false).with("multiUniCastConference", false)
                .with("mediaDistributionCapability", List.of(distribution));
        var packets = Value.struct().with("h261aVideoPacketization", false);
        if (config.capabilities().stream().anyMatch(Capability::nonInterleaved)) {
            packets = packets.with("rtpPayloadType",
                    List.of(packetization(Capability.SINGLE_NAL_UNIT_OID), packetization(Capability.NON_INTERLEAVED_OID)));
        }
        return Value.struct().with("maximumAudioDelayJitter", 250)
                .with("receiveMultipointCapability", multipoint).with("transmitMultipointCapability", multipoint)
                .with("receiveAndTransmitMultipointCapability", multipoint)
                .with("mcCapability", Value.struct().with("centralizedConferenceMC", false).with("decentralizedConferenceMC", false))
                .with("rtcpVideoControlCapability", false).with("mediaPacketizationCapability", packets);
    }

    private static Value.Struct packetization(String oid) {
        return Value.struct().with("payloadDescriptor", Value.choice("oid", Value.oid(oid)));
    }

    /// Whether the peer takes H.264 in packetization mode 1.
    static boolean takesNonInterleaved(Value capabilities) {
        return capabilities.listAt("multiplexCapability/h2250Capability/mediaPacketizationCapability/rtpPayloadType").stream()
                .anyMatch(p -> p.textAt("payloadDescriptor/oid").filter(Capability.NON_INTERLEAVED_OID::equals).isPresent());
    }

    /// The format of a channel whose parameters name its packetization, too.
    static Capability packetized(Capability format, Optional<? extends Value> parameters) {
        return format.nonInterleaved(parameters.flatMap(p -> p.textAt("mediaPacketization/rtpPayloadType/payloadDescriptor/oid"))
                .filter(Capability.NON_INTERLEAVED_OID::equals).isPresent());
    }

    /// H2250LogicalChannelParameters.
    static Value.Struct channel(Capability format, Optional<TransportAddress> media, Optional<TransportAddress> control) {
        var codec = format.codec();
        var parameters = Value.struct().with("sessionID", codec.kind().session())
                .withOptional("mediaChannel", media.map(TransportAddress::forH245))
                .withOptional("mediaControlChannel", control.map(TransportAddress::forH245));
        if (codec == Codec.H264) {
            var mode = format.nonInterleaved() ? Capability.NON_INTERLEAVED_OID : Capability.SINGLE_NAL_UNIT_OID;
            parameters = parameters.with("mediaPacketization",
                    Value.choice("rtpPayloadType", packetization(mode).with("payloadType", codec.payloadType())));
        }
        return codec.payloadType() >= 96 ? parameters.with("dynamicRTPPayloadType", codec.payloadType()) : parameters;
    }

    /// A channel for what we send.
    static Value.Struct openChannel(int number, Capability format, TransportAddress ourRtcp) {
        return Value.struct().with("forwardLogicalChannelNumber", number).with("forwardLogicalChannelParameters", Value.struct()
                .with("dataType", format.toDataType())
                .with("multiplexParameters",
                        Value.choice("h2250LogicalChannelParameters", channel(format, Optional.empty(), Optional.of(ourRtcp)))));
    }
}

package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// A format with what limits it: what one side can receive, or what a channel carries.
///
/// @param codec the format
/// @param frames audio: most frames in a packet; a frame of G.711 and G.722 is a millisecond here, one of G.729 ten
/// @param bitRate video: most units of 100 bit/s
/// @param h264Profile H.264: the profiles as the bits of H.241 (64 baseline, 32 main, 8 high); 0 otherwise
/// @param h264Level H.264: the level as H.241 counts it (29 is 1.2, 43 is 2, 71 is 3.1); 0 otherwise
/// @param nonInterleaved H.264: packetization mode 1 of RFC 6184 (several NAL units in a packet, or one in several)
/// @param h263Sizes H.263: the sizes of pictures
/// @param use for which direction it is
public record Capability(Codec codec, int frames, int bitRate, int h264Profile, int h264Level, boolean nonInterleaved,
        H263Sizes h263Sizes, Use use) {
    /// What a side does with a format.
    public enum Use {
        BOTH, RECEIVE, TRANSMIT,
        /// Transmitted as it is, like a film: it cannot become less for who takes less.
        RECORDED;

        public boolean receives() {
            return this == BOTH || this == RECEIVE;
        }

        public boolean transmits() {
            return this != RECEIVE;
        }
    }

    /// The packetization modes of RFC 6184 (H.241 table 8): one NAL unit in each packet, and non-interleaved.
    public static final String SINGLE_NAL_UNIT_OID = "0.0.8.241.0.0.0.0";
    public static final String NON_INTERLEAVED_OID = "0.0.8.241.0.0.0.1";

    private static final String H264_OID = "0.0.8.241.0.0.1";

    /// Received and transmitted.
    public Capability(Codec codec, int frames, int bitRate, int h264Profile, int h264Level, boolean nonInterleaved) {
        this(codec, frames, bitRate, h264Profile, h264Level, nonInterleaved, codec == Codec.H263 ? H263Sizes.UP_TO_CIF : H263Sizes.NONE, Use.BOTH);
    }

    public static Capability audio(Codec codec, int frames) {
        return new Capability(codec, frames, 0, 0, 0, false);
    }

    /// @param bitRate in units of 100 bit/s
    public static Capability h264(int profile, int level, int bitRate) {
        return new Capability(Codec.H264, 0, bitRate, profile, level, false);
    }

    /// CIF and QCIF at full picture rate.
    public static Capability h263(int bitRate) {
        return h263(H263Sizes.UP_TO_CIF, bitRate);
    }

    public static Capability h263(H263Sizes sizes, int bitRate) {
        return new Capability(Codec.H263, 0, bitRate, 0, 0, false, sizes, Use.BOTH);
    }

    /// The same with the one or the other packetization mode; only H.264 has two.
    public Capability nonInterleaved(boolean on) {
        return new Capability(codec, frames, bitRate, h264Profile, h264Level, on && codec == Codec.H264, h263Sizes, use);
    }

    public Capability used(Use other) {
        return new Capability(codec, frames, bitRate, h264Profile, h264Level, nonInterleaved, h263Sizes, other);
    }

    /// As AudioCapability or VideoCapability.
    public Value toValue() {
        return Value.choice(codec.alternative(), switch (codec) {
            case G711_ALAW, G711_ULAW, G722, G729, G729A -> Value.number(frames);
            case H261 -> Value.struct().with("qcifMPI", 1).with("cifMPI", 1).with("temporalSpatialTradeOffCapability", false)
                    .with("maxBitRate", Math.clamp(bitRate, 1, 19_200)).with("stillImageTransmission", false);
            case H263 -> h263Sizes.into(Value.struct()).with("maxBitRate", Math.clamp(bitRate, 1, 192_400))
                    .with("unrestrictedVector", false).with("arithmeticCoding", false).with("advancedPrediction", false)
                    .with("pbFrames", false).with("temporalSpatialTradeOffCapability", false);
            case H264 -> Value.struct().with("capabilityIdentifier", Value.choice("standard", Value.oid(H264_OID)))
                    .with("maxBitRate", bitRate).with("collapsing", List.of(
                            parameter(41, Value.choice("booleanArray", Value.number(h264Profile))),
                            parameter(42, Value.choice("unsignedMin", Value.number(h264Level)))));
        });
    }

    private static Value parameter(int number, Value value) {
        return Value.struct().with("parameterIdentifier", Value.choice("standard", Value.number(number))).with("parameterValue", value);
    }

    /// As DataType of a channel.
    public Value toDataType() {
        return Value.choice(codec.kind() == Codec.Kind.AUDIO ? "audioData" : "videoData", toValue());
    }

    /// Reads AudioCapability or VideoCapability; empty when it is a format that we do not know.
    public static Optional<Capability> of(Value value) {
        if (!(value instanceof Value.Chosen chosen)) {
            return Optional.empty();
        }
        for (var codec : Codec.values()) {
            if (!codec.alternative().equals(chosen.name())) {
                continue;
            }
            return switch (codec) {
                case G711_ALAW, G711_ULAW, G722, G729, G729A -> value.numberAt(chosen.name()).map(n -> audio(codec, n.intValue()));
                case H261 -> chosen.value().numberAt("maxBitRate").map(r -> new Capability(codec, 0, r.intValue(), 0, 0, false));
                case H263 -> chosen.value().numberAt("maxBitRate").map(r -> h263(H263Sizes.of(chosen.value()), r.intValue()));
                case H264 -> h264(chosen.value());
            };
        }
        return Optional.empty();
    }

    private static Optional<Capability> h264(Value generic) {
        if (generic.textAt("capabilityIdentifier/standard").filter(H264_OID::equals).isEmpty()) {
            return Optional.empty();
        }
        int profile = 0;
        int level = 0;
        long speed = 0;
        long size = 0;
        for (var parameter : generic.listAt("collapsing")) {
            long number = parameter.numberAt("parameterIdentifier/standard").orElse(-1L);
            profile = number == 41 ? parameter.numberAt("parameterValue/booleanArray").orElse(0L).intValue() : profile;
            level = number == 42 ? parameter.numberAt("parameterValue/unsignedMin").orElse(0L).intValue() : level;
            speed = number == 3 ? parameter.numberAt("parameterValue/unsigned32Min").or(() -> parameter.numberAt("parameterValue/unsignedMin"))
                    .orElse(0L) : speed;
            size = number == 4 ? parameter.numberAt("parameterValue/unsigned32Min").or(() -> parameter.numberAt("parameterValue/unsignedMin"))
                    .orElse(0L) : size;
        }
        return Optional.of(h264(profile, H264Level.reached(level, speed, size), generic.numberAt("maxBitRate").orElse(0L).intValue()));
    }

    /// Reads the DataType of a channel.
    public static Optional<Capability> ofDataType(Value dataType) {
        return dataType.at("audioData").or(() -> dataType.at("videoData")).flatMap(Capability::of);
    }

    /// What both can: this is what we have, the other what the peer receives. Frames and rates become the smaller ones; what is recorded must
    /// fit as it is.
    public Optional<Capability> within(Capability other) {
        if (codec != other.codec || codec == Codec.H264 && (h264Profile & other.h264Profile) == 0) {
            return Optional.empty();
        }
        if (use == Use.RECORDED && !other.holds(this)) {
            return Optional.empty();
        }
        var sizes = h263Sizes.within(other.h263Sizes);
        if (codec == Codec.H263 && sizes.equals(H263Sizes.NONE)) {
            return Optional.empty();
        }
        int rate = other.bitRate == 0 ? bitRate : Math.min(bitRate, other.bitRate);
        return Optional.of(new Capability(codec, Math.min(frames, other.frames), rate, h264Profile & other.h264Profile,
                Math.min(h264Level, other.h264Level), nonInterleaved && other.nonInterleaved, sizes, use));
    }

    /// Whether a stream of the other format is no more than this one: its level and its bit rate, where both are known, and its sizes.
    public boolean holds(Capability stream) {
        return codec == stream.codec && h263Sizes.hold(stream.h263Sizes)
                && (h264Level == 0 || stream.h264Level <= h264Level) && (bitRate == 0 || stream.bitRate <= bitRate);
    }

    /// For people: `G.711 A-law`, `H.264 high, level 4, 3100 kbit/s`.
    public String words() {
        var rate = codec.kind() == Codec.Kind.AUDIO || bitRate == 0 ? "" : ", " + (bitRate + 9) / 10 + " kbit/s";
        return switch (codec) {
            case H264 -> "H.264 " + H264Level.profiles(h264Profile) + ", level " + H264Level.name(h264Level);
            case H263 -> "H.263 " + h263Sizes.words();
            default -> codec.toString();
        } + rate;
    }

    /// For logs: also how much is in a packet.
    @Override
    public String toString() {
        return words() + (codec.kind() == Codec.Kind.AUDIO ? ", " + frames + " frames a packet" : "");
    }
}

package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.per.Value;
import java.util.Arrays;
import java.util.Optional;

/// Elements of a mode that one side asks the other to send (RequestMode, clause 8.9/H.245).
final class Modes {
    private Modes() {}

    /// The format that an element names; empty when we do not know it.
    static Optional<Codec> codec(Value element) {
        var audio = element.chosenAt("type/audioMode");
        if (audio.isPresent()) {
            return Arrays.stream(Codec.values()).filter(c -> c.kind() == Codec.Kind.AUDIO && c.alternative().equals(audio.get())).findFirst();
        }
        return switch (element.chosenAt("type/videoMode").orElse("")) {
            case "h261VideoMode" -> Optional.of(Codec.H261);
            case "h263VideoMode" -> Optional.of(Codec.H263);
            case "genericVideoMode" -> element.at("type/videoMode/genericVideoMode")
                    .flatMap(g -> Capability.of(Value.choice(Codec.H264.alternative(), g))).map(Capability::codec);
            default -> Optional.empty();
        };
    }

    static Value element(Capability format) {
        var type = switch (format.codec()) {
            case H261 -> video("h261VideoMode", Value.struct().with("resolution", Value.choice("cif")).with("bitRate", rate(format))
                    .with("stillImageTransmission", false));
            case H263 -> video("h263VideoMode", Value.struct().with("resolution", Value.choice("cif")).with("bitRate", rate(format))
                    .with("unrestrictedVector", false).with("arithmeticCoding", false).with("advancedPrediction", false).with("pbFrames", false)
                    .with("errorCompensation", false));
            case H264 -> video("genericVideoMode", format.toValue().at(Codec.H264.alternative()).orElseThrow());
            case G711_ALAW, G711_ULAW, G722, G729, G729A -> Value.choice("audioMode", Value.choice(format.codec().alternative()));
        };
        return Value.struct().with("type", type);
    }

    private static Value video(String mode, Value value) {
        return Value.choice("videoMode", Value.choice(mode, value));
    }

    private static int rate(Capability format) {
        return Math.clamp(format.bitRate(), 1, 19_200);
    }
}

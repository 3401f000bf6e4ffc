package dev.parley.trace.h323;

import dev.parley.h323.wire.per.Value;
import java.util.Map;
import java.util.Optional;

/// A media format of H.245 by the name that people know.
///
/// @param medium `audio`, `video` or `data`
/// @param payloadType the dynamic RTP payload type that was announced for it
record Format(String medium, String name, Optional<Integer> payloadType) {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("g711Alaw64k", "G.711 A-law"), Map.entry("g711Alaw56k", "G.711 A-law 56k"), Map.entry("g711Ulaw64k", "G.711 mu-law"),
            Map.entry("g711Ulaw56k", "G.711 mu-law 56k"), Map.entry("g722-64k", "G.722"), Map.entry("g722-56k", "G.722 56k"),
            Map.entry("g722-48k", "G.722 48k"), Map.entry("g7231", "G.723.1"), Map.entry("g728", "G.728"), Map.entry("g729", "G.729"),
            Map.entry("g729AnnexA", "G.729A"), Map.entry("g729wAnnexB", "G.729B"), Map.entry("g729AnnexAwAnnexB", "G.729AB"),
            Map.entry("gsmFullRate", "GSM"), Map.entry("audioTelephonyEvent", "telephone events"), Map.entry("h261VideoCapability", "H.261"),
            Map.entry("h262VideoCapability", "H.262"), Map.entry("h263VideoCapability", "H.263"), Map.entry("t120", "T.120"),
            Map.entry("t38fax", "T.38 fax"), Map.entry("h224", "H.224"));

    /// Generic capabilities are named by an object identifier.
    private static final Map<String, String> GENERIC = Map.of(
            "0.0.8.241.0.0.1", "H.264", "0.0.7.7221.1.0", "G.722.1", "0.0.7.7221.1.1.0", "G.722.1 Annex C", "0.0.8.239.1.1", "H.239 control",
            "0.0.8.239.1.2", "H.239 video");

    private static final int VIDEO_CLOCK = 90_000;
    private static final int AUDIO_CLOCK = 8_000;

    /// Of the DataType of a channel; empty for none (`nullData`) and for what we do not know.
    static Optional<Format> ofDataType(Value type, Optional<Integer> payloadType) {
        if (!(type instanceof Value.Chosen chosen) || chosen.name().equals("nullData")) {
            return Optional.empty();
        }
        return Optional.of(switch (chosen.name()) {
            case "audioData" -> new Format("audio", name(chosen.value()), payloadType);
            case "videoData" -> new Format("video", name(chosen.value()), payloadType);
            case "data" -> new Format("data", chosen.value().at("application").map(Format::name).orElse("data"), payloadType);
            default -> new Format("data", Words.spaced(chosen.name()), payloadType);
        });
    }

    /// Of an AudioCapability, VideoCapability, AudioMode or the like.
    static String name(Value capability) {
        if (!(capability instanceof Value.Chosen chosen)) {
            return "an unknown format";
        }
        var identifier = chosen.value().textAt("capabilityIdentifier/standard");
        return identifier.map(i -> GENERIC.getOrDefault(i, i)).orElseGet(() -> {
            var known = NAMES.get(chosen.name());
            return known != null ? known : Words.spaced(chosen.name().replaceAll("(Video|Audio)?Capability$|AudioMode$|VideoMode$", ""));
        });
    }

    /// Of the payload types that RFC 3551 gives away.
    static Optional<Format> ofPayloadType(int type) {
        var name = switch (type) {
            case 0 -> "G.711 mu-law";
            case 3 -> "GSM";
            case 4 -> "G.723.1";
            case 8 -> "G.711 A-law";
            case 9 -> "G.722";
            case 13 -> "comfort noise";
            case 15 -> "G.728";
            case 18 -> "G.729";
            case 31 -> "H.261";
            case 32 -> "MPEG video";
            case 34 -> "H.263";
            default -> "";
        };
        return name.isEmpty() ? Optional.empty() : Optional.of(new Format(type >= 24 && type <= 34 ? "video" : "audio", name, Optional.empty()));
    }

    /// Ticks of its RTP clock in a second.
    int clockRate() {
        return medium.equals("video") ? VIDEO_CLOCK : AUDIO_CLOCK;
    }
}

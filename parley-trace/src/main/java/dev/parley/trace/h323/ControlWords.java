package dev.parley.trace.h323;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line for a message of H.245.
final class ControlWords {
    private static final int MOST_CAPABILITIES = 12;
    private static final String H2250 = "multiplexParameters/h2250LogicalChannelParameters/";
    private static final String ACK = "forwardMultiplexAckParameters/h2250LogicalChannelAckParameters/";
    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("terminalCapabilitySet", "TCS"), Map.entry("masterSlaveDetermination", "MSD"), Map.entry("openLogicalChannel", "OLC"),
            Map.entry("closeLogicalChannel", "CLC"), Map.entry("requestChannelClose", "RCC"), Map.entry("roundTripDelay", "RTD"),
            Map.entry("requestMode", "RM"), Map.entry("endSessionCommand", "END"), Map.entry("userInput", "UII"),
            Map.entry("flowControl", "FC"), Map.entry("miscellaneous", "MISC"));

    private final Channels channels;

    ControlWords(Channels channels) {
        this.channels = channels;
    }

    Described describe(boolean fromCaller, Value message) {
        if (!(message instanceof Value.Chosen outer) || !(outer.value() instanceof Value.Chosen inner)) {
            return new Described("H.245", "unknown message", Fields.of(message).stream().findFirst().map(i -> i.value()).orElse(""));
        }
        return new Described(symbol(inner.name()), inner.name(), summary(fromCaller, inner.name(), inner.value()));
    }

    /// The usual abbreviation of the procedure with what the message is in it: `OLCAck`.
    static String symbol(String name) {
        for (var part : List.of("Ack", "Reject", "Release", "Confirm", "Request", "Response", "Command", "Indication", "")) {
            if (name.endsWith(part)) {
                var procedure = SYMBOLS.get(name.substring(0, name.length() - part.length()));
                if (procedure != null) {
                    return part.equals("Request") || part.equals("Command") || part.equals("Indication") ? procedure : procedure + part;
                }
            }
        }
        return "H.245";
    }

    private String summary(boolean fromCaller, String name, Value body) {
        return switch (name) {
            case "terminalCapabilitySet" -> sequence(body) + ", " + capabilities(body);
            case "terminalCapabilitySetAck" -> sequence(body);
            case "terminalCapabilitySetReject", "requestModeReject" -> sequence(body) + reason(body, "cause");
            case "masterSlaveDetermination" ->
                    "terminal type " + number(body, "terminalType") + ", number " + number(body, "statusDeterminationNumber");
            case "masterSlaveDeterminationAck" -> "you are " + body.chosenAt("decision").orElse("something else");
            case "masterSlaveDeterminationReject" -> body.chosenAt("cause").map(Words::spaced).orElse("");
            case "openLogicalChannel" -> channel(body);
            case "openLogicalChannelAck" -> acknowledged(fromCaller, body);
            case "openLogicalChannelReject" -> about(!fromCaller, body) + reason(body, "cause");
            case "openLogicalChannelConfirm", "closeLogicalChannel" -> about(fromCaller, body);
            case "requestChannelClose" -> about(!fromCaller, body) + reason(body, "reason");
            case "closeLogicalChannelAck", "requestChannelCloseRelease" -> about(!fromCaller, body);
            case "requestChannelCloseAck" -> about(fromCaller, body);
            case "requestChannelCloseReject" -> about(fromCaller, body) + reason(body, "cause");
            case "roundTripDelayRequest", "roundTripDelayResponse" -> sequence(body);
            case "requestMode" -> sequence(body) + ", " + modes(body);
            case "requestModeAck" -> sequence(body) + reason(body, "response");
            case "endSessionCommand" -> body instanceof Value.Chosen c ? Words.spaced(c.name()) : "";
            case "userInput" -> keys(body);
            case "flowControlCommand", "flowControlIndication" -> flow(body);
            case "miscellaneousCommand", "miscellaneousIndication" ->
                    "channel " + number(body, "logicalChannelNumber") + ": " + body.chosenAt("type").map(Words::spaced).orElse("unknown");
            case "functionNotUnderstood" -> body instanceof Value.Chosen(String kind, Value.Chosen what) ? what.name() + ", a " + kind : "";
            case "functionNotSupported" -> body.chosenAt("cause").map(Words::spaced).orElse("");
            case "vendorIdentification" -> body.octetsAt("productNumber").map(p -> Words.clean(p.latin1())).orElse("");
            default -> "";
        };
    }

    private static String number(Value body, String field) {
        return body.numberAt(field).map(n -> "" + n).orElse("?");
    }

    private static String reason(Value body, String field) {
        return body.chosenAt(field).map(c -> ", " + Words.spaced(c)).orElse("");
    }

    private static String sequence(Value body) {
        return "no. " + number(body, "sequenceNumber");
    }

    /// The empty set stops all media.
    private static String capabilities(Value set) {
        var table = set.listAt("capabilityTable");
        if (table.isEmpty()) {
            return "nothing (pause)";
        }
        var receives = new LinkedHashSet<String>();
        var sends = new LinkedHashSet<String>();
        var other = new LinkedHashSet<String>();
        for (var entry : table) {
            if (entry.at("capability").orElse(Value.NULL) instanceof Value.Chosen capability) {
                var name = capability.name();
                if (name.startsWith("receive") && !name.contains("UserInput")) {
                    receives.add(capability(name, capability.value()));
                } else if (name.startsWith("transmit") && !name.contains("UserInput")) {
                    sends.add(capability(name, capability.value()));
                } else {
                    other.add(name.contains("UserInput") && capability.value() instanceof Value.Chosen input
                            ? "user input " + Words.spaced(input.name()) : Words.spaced(name.replaceAll("Capability$", "")));
                }
            }
        }
        var words = new ArrayList<String>();
        add(words, "receives ", receives);
        add(words, "sends ", sends);
        add(words, "", other);
        return String.join("; ", words);
    }

    private static String capability(String name, Value value) {
        if (name.contains("TelephonyEvent")) {
            return "telephone events";
        }
        return name.contains("DataApplication") ? value.at("application").map(Format::name).orElse("data") : Format.name(value);
    }

    private static void add(List<String> words, String verb, LinkedHashSet<String> names) {
        if (!names.isEmpty()) {
            var some = String.join(", ", names.stream().limit(MOST_CAPABILITIES).toList());
            words.add(verb + some + (names.size() > MOST_CAPABILITIES ? ", and " + (names.size() - MOST_CAPABILITIES) + " more" : ""));
        }
    }

    private static String channel(Value channel) {
        var words = new StringBuilder(number(channel, "forwardLogicalChannelNumber"));
        Channels.forward(channel).ifPresent(f -> words.append(", sends ").append(f.name()).append(packets(channel)));
        Channels.reverse(channel).ifPresent(f -> words.append(", receives ").append(f.name()));
        channel.numberAt("forwardLogicalChannelParameters/" + H2250 + "sessionID").ifPresent(s -> words.append(", session ").append(s));
        place(words, channel, "forwardLogicalChannelParameters/" + H2250);
        place(words, channel, "reverseLogicalChannelParameters/" + H2250);
        return words.toString();
    }

    /// G.711 counts milliseconds here; other formats count frames of a length of their own.
    private static String packets(Value channel) {
        var audio = channel.at("forwardLogicalChannelParameters/dataType/audioData");
        return audio.flatMap(a -> a instanceof Value.Chosen(String name, Value.Number most) && name.startsWith("g711")
                ? Optional.of(" (" + most.number() + " ms)") : Optional.<String>empty()).orElse("");
    }

    private static void place(StringBuilder words, Value message, String path) {
        Channels.address(message, path + "mediaChannel").map(TransportAddress::toString).ifPresent(a -> words.append(", media to ").append(a));
        Channels.address(message, path + "mediaControlChannel").map(TransportAddress::toString).ifPresent(a -> words.append(", RTCP to ").append(a));
    }

    private String acknowledged(boolean fromCaller, Value ack) {
        var words = new StringBuilder(about(!fromCaller, ack).replaceFirst("^channel ", ""));
        place(words, ack, ACK);
        place(words, ack, "reverseLogicalChannelParameters/" + H2250);
        return words.toString();
    }

    private String about(boolean openedByCaller, Value message) {
        return "channel " + number(message, "forwardLogicalChannelNumber")
                + channels.format(openedByCaller, message).map(f -> " (" + f.name() + ")").orElse("");
    }

    private static String modes(Value request) {
        var names = new LinkedHashSet<String>();
        request.listAt("requestedModes").stream().limit(MOST_CAPABILITIES).forEach(mode -> {
            if (mode instanceof Value.Items elements) {
                elements.items().stream().limit(MOST_CAPABILITIES).forEach(e -> e.at("type").ifPresent(t -> names.add(
                        t instanceof Value.Chosen c && c.value() instanceof Value.Chosen ? Format.name(c.value()) : "unknown")));
            }
        });
        return String.join(", ", names);
    }

    private static String keys(Value input) {
        return input.textAt("alphanumeric").map(k -> "keys \"" + Words.clean(k) + "\"")
                .or(() -> input.textAt("signal/signalType").map(k -> "key " + Words.clean(k)
                        + input.numberAt("signal/duration").map(d -> ", " + d + " ms").orElse("")))
                .or(() -> input.numberAt("signalUpdate/duration").map(d -> "the key is held for " + d + " ms"))
                .or(() -> input.textAt("extendedAlphanumeric/alphanumeric").map(k -> "keys \"" + Words.clean(k) + "\""))
                .orElseGet(() -> input instanceof Value.Chosen c ? Words.spaced(c.name()) : "");
    }

    private static String flow(Value body) {
        var rate = body.numberAt("restriction/maximumBitRate").map(r -> "at most " + Words.rate(r)).orElse("no restriction");
        return body.numberAt("scope/logicalChannelNumber").map(n -> "channel " + n + ": " + rate)
                .orElseGet(() -> body.chosenAt("scope").map(s -> Words.spaced(s) + ": ").orElse("") + rate);
    }
}

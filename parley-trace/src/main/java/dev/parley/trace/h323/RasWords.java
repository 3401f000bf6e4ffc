package dev.parley.trace.h323;

import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One line for a message of RAS.
final class RasWords {
    /// The abbreviations of H.225.0.
    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("infoRequest", "IRQ"), Map.entry("infoRequestResponse", "IRR"), Map.entry("infoRequestAck", "IACK"),
            Map.entry("infoRequestNak", "INAK"), Map.entry("nonStandardMessage", "NSM"), Map.entry("unknownMessageResponse", "XRS"),
            Map.entry("requestInProgress", "RIP"), Map.entry("resourcesAvailableIndicate", "RAI"), Map.entry("resourcesAvailableConfirm", "RAC"),
            Map.entry("serviceControlIndication", "SCI"), Map.entry("serviceControlResponse", "SCR"), Map.entry("admissionConfirmSequence", "ACFS"));

    private RasWords() {}

    static Described describe(Value message) {
        if (!(message instanceof Value.Chosen chosen)) {
            return new Described("RAS", "unknown message", Fields.of(message).stream().findFirst().map(i -> i.value()).orElse(""));
        }
        return new Described(symbol(chosen.name()), chosen.name(), summary(chosen.name(), chosen.value()));
    }

    /// `admissionRequest` is ARQ, its answers are ACF and ARJ, and so with the other procedures.
    static String symbol(String name) {
        var known = SYMBOLS.get(name);
        if (known != null) {
            return known;
        }
        var first = name.isEmpty() ? "" : ("" + name.charAt(0)).toUpperCase(Locale.ROOT);
        return name.endsWith("Request") ? first + "RQ" : name.endsWith("Confirm") ? first + "CF" : name.endsWith("Reject") ? first + "RJ" : "RAS";
    }

    private static String summary(String name, Value body) {
        var words = new ArrayList<String>();
        switch (name) {
            case "gatekeeperRequest" -> {
                aliases(words, "", body, "endpointAlias");
                text(words, "wants ", body, "gatekeeperIdentifier");
            }
            case "gatekeeperConfirm" -> {
                text(words, "", body, "gatekeeperIdentifier");
                place(words, "RAS at ", body, "rasAddress");
            }
            case "registrationRequest" -> registration(words, body);
            case "registrationConfirm" -> {
                aliases(words, "", body, "terminalAlias");
                text(words, "endpoint ", body, "endpointIdentifier");
                body.numberAt("timeToLive").ifPresent(t -> words.add("for " + t + " s"));
            }
            case "unregistrationRequest" -> {
                aliases(words, "", body, "endpointAlias");
                reason(words, body, "reason");
            }
            case "admissionRequest" -> {
                words.add((body.listAt("srcInfo").isEmpty() ? "somebody" : Words.aliases(body.listAt("srcInfo"))) + " to " + destination(body));
                bandwidth(words, body, "bandWidth");
                words.add(body.flagAt("answerCall") ? "answers" : "calls");
                body.chosenAt("callModel").ifPresent(m -> words.add("wants " + model(m)));
            }
            case "admissionConfirm" -> {
                words.add(body.chosenAt("callModel").map(RasWords::model).orElse("a model that is unknown"));
                place(words, "to ", body, "destCallSignalAddress");
                bandwidth(words, body, "bandWidth");
            }
            case "bandwidthRequest", "bandwidthConfirm" -> bandwidth(words, body, "bandWidth");
            case "bandwidthReject" -> {
                reason(words, body, "rejectReason");
                bandwidth(words, body, "allowedBandWidth");
            }
            case "disengageRequest" -> {
                reason(words, body, "disengageReason");
                words.add(body.flagAt("answeredCall") ? "of who answered" : "of who called");
            }
            case "locationRequest" -> aliases(words, "where is ", body, "destinationInfo");
            case "locationConfirm" -> place(words, "at ", body, "callSignalAddress");
            case "infoRequestResponse" -> {
                aliases(words, "", body, "endpointAlias");
                words.add(calls(body.listAt("perCallInfo").size()));
            }
            case "infoRequestNak" -> reason(words, body, "nakReason");
            case "requestInProgress" -> body.numberAt("delay").ifPresent(d -> words.add("wait " + d + " ms"));
            default -> reason(words, body, "rejectReason");
        }
        body.octetsAt("callIdentifier/guid").map(Words::shortened).ifPresent(c -> words.add("call " + c));
        words.removeIf(String::isEmpty);
        var number = body.numberAt("requestSeqNum").map(n -> "no. " + n).orElse("");
        return number + (number.isEmpty() || words.isEmpty() ? "" : ", ") + String.join(", ", words);
    }

    private static void registration(List<String> words, Value body) {
        if (body.flagAt("keepAlive")) {
            words.add("keep-alive");
        }
        aliases(words, "", body, "terminalAlias");
        text(words, "endpoint ", body, "endpointIdentifier");
        body.listAt("callSignalAddress").stream().findFirst().flatMap(TransportAddress::fromH225).ifPresent(a -> words.add("calls to " + a));
        body.numberAt("timeToLive").ifPresent(t -> words.add("for " + t + " s"));
    }

    private static String destination(Value body) {
        var aliases = body.listAt("destinationInfo");
        return aliases.isEmpty() ? body.at("destCallSignalAddress").flatMap(TransportAddress::fromH225).map(TransportAddress::toString)
                .orElse("whoever answers") : Words.aliases(aliases);
    }

    private static String model(String model) {
        return model.equals("gatekeeperRouted") ? "routed" : Words.spaced(model);
    }

    private static String calls(int count) {
        return count == 1 ? "1 call" : count + " calls";
    }

    private static void aliases(List<String> words, String before, Value body, String field) {
        if (!body.listAt(field).isEmpty()) {
            words.add(before + Words.aliases(body.listAt(field)));
        }
    }

    private static void text(List<String> words, String before, Value body, String field) {
        body.textAt(field).map(Words::clean).ifPresent(t -> words.add(before + "\"" + t + "\""));
    }

    private static void place(List<String> words, String before, Value body, String field) {
        body.at(field).flatMap(TransportAddress::fromH225).ifPresent(a -> words.add(before + a));
    }

    private static void bandwidth(List<String> words, Value body, String field) {
        body.numberAt(field).ifPresent(b -> words.add(Words.rate(b)));
    }

    private static void reason(List<String> words, Value body, String field) {
        body.chosenAt(field).map(name -> Reason.words(name).equals(name) ? Words.spaced(name) : Reason.words(name)).ifPresent(words::add);
    }

    /// Where the sender will be asked, and what it says so itself.
    static List<TransportAddress> places(Value message) {
        var places = new ArrayList<TransportAddress>();
        if (message instanceof Value.Chosen(String name, Value body) && !name.startsWith("location")) {
            body.at("rasAddress").ifPresent(a -> {
                if (a instanceof Value.Items several) {
                    several.items().stream().limit(8).map(TransportAddress::fromH225).flatMap(Optional::stream).forEach(places::add);
                } else {
                    TransportAddress.fromH225(a).ifPresent(places::add);
                }
            });
        }
        return places;
    }

    /// Only these say that they are H.225.0; on a port of its own nothing else needs to.
    static boolean saysWhatItIs(Value message) {
        return message instanceof Value.Chosen(String _, Value body)
                && body.textAt("protocolIdentifier").filter(i -> i.startsWith("0.0.8.2250.0.")).isPresent();
    }
}

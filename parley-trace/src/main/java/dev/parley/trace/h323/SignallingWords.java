package dev.parley.trace.h323;

import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.model.Item;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A message of call signalling in words.
///
/// @param user what the user-user element holds
/// @param body the fields of its message
/// @param call shortened; empty when its connection has no other
record SignallingWords(Q931 message, Optional<Value> user, Value body, String call) {
    private static final String UU = "h323-uu-pdu/";

    /// As H.225.0 calls it: `CallProceeding`.
    String name() {
        return message.messageType().map(MessageType::body).map(n -> n.substring(0, 1).toUpperCase(Locale.ROOT) + n.substring(1))
                .orElseGet(() -> "Q.931 message %02x".formatted(message.type()));
    }

    String summary() {
        var words = new ArrayList<String>();
        switch (message.messageType().orElse(MessageType.NOTIFY)) {
            case SETUP -> parties(words);
            case RELEASE_COMPLETE -> release(words);
            case FACILITY -> facility(words);
            case INFORMATION -> message.keypad().ifPresent(k -> words.add("keys \"" + Words.clean(k) + "\""));
            case STATUS -> {
                message.callState().ifPresent(s -> words.add("call state " + s));
                message.cause().ifPresent(c -> words.add(c.words()));
            }
            case CONNECT, ALERTING, PROGRESS, CALL_PROCEEDING, SETUP_ACKNOWLEDGE, NOTIFY, STATUS_INQUIRY -> { }
        }
        fast(words);
        body.at("h245Address").flatMap(TransportAddress::fromH225).ifPresent(a -> words.add("H.245 at " + a));
        if (message.type() != MessageType.FACILITY.code() && user.filter(u -> u.flagAt(UU + "h245Tunnelling")).isPresent()) {
            words.add("tunnels");
        }
        if (message.messageType().filter(t -> t == MessageType.CONNECT || t == MessageType.ALERTING).isPresent()) {
            message.display().ifPresent(d -> words.add("\"" + Words.clean(d) + "\""));
        }
        if (user.isEmpty()) {
            words.add("no H.225.0 in it");
        }
        if (!call.isEmpty()) {
            words.add("call " + call);
        }
        return String.join(", ", words);
    }

    private void parties(List<String> words) {
        var from = new LinkedHashSet<String>();
        body.listAt("sourceAddress").stream().limit(4).map(Words::alias).forEach(from::add);
        message.callingNumber().map(Words::clean).filter(n -> !n.isEmpty()).ifPresent(from::add);
        var to = new LinkedHashSet<String>();
        body.listAt("destinationAddress").stream().limit(4).map(Words::alias).forEach(to::add);
        message.calledNumber().map(Words::clean).filter(n -> !n.isEmpty()).ifPresent(to::add);
        body.at("destCallSignalAddress").flatMap(TransportAddress::fromH225).ifPresent(a -> to.add((to.isEmpty() ? "" : "at ") + a));
        words.add((from.isEmpty() ? "somebody" : String.join(" ", from)) + " to "
                + (to.isEmpty() ? "whoever answers" : String.join(" ", to)));
    }

    private void release(List<String> words) {
        message.cause().ifPresent(c -> words.add(c.words() + " (cause " + c.code() + ")"));
        body.chosenAt("reason").map(Reason::words).ifPresent(words::add);
        if (words.isEmpty()) {
            words.add("no cause and no reason");
        }
    }

    private void facility(List<String> words) {
        var to = body.at("alternativeAddress").flatMap(TransportAddress::fromH225).map(a -> " " + a).orElse("")
                + (body.has("alternativeAliasAddress") ? " " + Words.aliases(body.listAt("alternativeAliasAddress")) : "");
        var reason = body.chosenAt("reason").orElse(user.isEmpty() ? "" : "no reason");
        int inside = user.map(u -> u.listAt(UU + "h245Control").size()).orElse(0);
        words.add(switch (reason) {
            case "transportedInformation" -> "carries " + (inside == 0 ? "information" : "H.245");
            case "callForwarded" -> "forwarded to" + to;
            case "routeCallToGatekeeper" -> "route the call to the gatekeeper" + to;
            case "routeCallToMC" -> "route the call to the conference" + to;
            case "startH245" -> "open H.245";
            case "noH245" -> "there is no H.245";
            default -> Words.spaced(reason) + (inside == 0 ? "" : ", carries H.245") + to;
        });
        words.removeIf(String::isEmpty);
    }

    /// Whether it is there only for the sake of the H.245 in it.
    boolean onlyCarries() {
        var reason = body.chosenAt("reason").orElse("transportedInformation");
        return message.type() == MessageType.FACILITY.code() && reason.equals("transportedInformation") && !body.has("fastStart")
                && !body.has("h245Address") && user.filter(u -> !u.listAt(UU + "h245Control").isEmpty()).isPresent();
    }

    private void fast(List<String> words) {
        var channels = SignallingDecoder.fastStart(body);
        if (!channels.isEmpty()) {
            var sends = new LinkedHashSet<String>();
            var receives = new LinkedHashSet<String>();
            for (var channel : channels) {
                channel.value().flatMap(Channels::forward).ifPresent(f -> sends.add(f.name()));
                channel.value().flatMap(Channels::reverse).ifPresent(f -> receives.add(f.name()));
            }
            var verb = message.messageType().filter(t -> t == MessageType.SETUP).isPresent() ? "offers" : "takes";
            words.add("fast connect " + verb + " " + (sends.equals(receives) ? String.join(", ", sends)
                    : "caller sends " + none(sends) + ", receives " + none(receives)));
        }
        if (body.has("fastConnectRefused")) {
            words.add("fast connect refused");
        }
    }

    private static String none(LinkedHashSet<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    List<Item> items() {
        var items = new ArrayList<Item>();
        items.add(new Item("call reference", message.callReference() + ", from the " + (message.fromDestination() ? "called" : "calling") + " side"));
        items.addAll(ElementWords.of(message));
        user.ifPresent(u -> {
            var fields = Fields.of(u.at("h323-uu-pdu").orElse(Value.NULL));
            items.addAll(fields);
            u.at("user-data").ifPresent(d -> items.add(new Item("user-data", "", Fields.of(d))));
        });
        return items;
    }
}

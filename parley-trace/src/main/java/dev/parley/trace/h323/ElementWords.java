package dev.parley.trace.h323;

import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.PartyNumber;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.trace.model.Item;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The information elements of Q.931 (clause 4.5) and those of the supplementary services (Q.951, Q.932) by name, and what they say.
final class ElementWords {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x00, "segmented message"), Map.entry(0x04, "bearer capability"), Map.entry(0x08, "cause"),
            Map.entry(0x0c, "connected address"), Map.entry(0x0d, "extended facility"), Map.entry(0x10, "call identity"),
            Map.entry(0x14, "call state"),
            Map.entry(0x18, "channel identification"), Map.entry(0x1c, "facility"), Map.entry(0x1e, "progress indicator"),
            Map.entry(0x20, "network-specific facilities"), Map.entry(0x27, "notification indicator"), Map.entry(0x28, "display"),
            Map.entry(0x29, "date/time"), Map.entry(0x2c, "keypad"), Map.entry(0x34, "signal"), Map.entry(0x40, "information rate"),
            Map.entry(0x42, "end-to-end transit delay"), Map.entry(0x43, "transit delay selection"),
            Map.entry(0x44, "packet layer binary parameters"),
            Map.entry(0x45, "packet layer window size"), Map.entry(0x46, "packet size"), Map.entry(0x47, "closed user group"),
            Map.entry(0x4a, "reverse charging indication"), Map.entry(0x4c, "connected number"), Map.entry(0x4d, "connected subaddress"),
            Map.entry(0x6c, "calling party number"), Map.entry(0x6d, "calling party subaddress"), Map.entry(0x70, "called party number"),
            Map.entry(0x71, "called party subaddress"), Map.entry(0x74, "redirecting number"), Map.entry(0x76, "redirection number"),
            Map.entry(0x78, "transit network selection"), Map.entry(0x79, "restart indicator"), Map.entry(0x7c, "low layer compatibility"),
            Map.entry(0x7d, "high layer compatibility"), Map.entry(0xa0, "more data"), Map.entry(0xa1, "sending complete"));

    private static final Map<Integer, String> TYPES = Map.of(0, "unknown type", 1, "international", 2, "national", 3, "network-specific",
            4, "subscriber", 6, "abbreviated");
    private static final Map<Integer, String> PLANS = Map.of(0, "unknown plan", 1, "E.164", 3, "X.121", 4, "F.69", 8, "national plan",
            9, "private plan");
    private static final List<String> PRESENTATIONS = List.of("presentation allowed", "presentation restricted", "number not available",
            "presentation reserved");
    private static final List<String> SCREENINGS = List.of("not screened", "verified and passed", "verified and failed", "given by the network");
    private static final Map<Integer, String> REDIRECTIONS = Map.of(0, "for an unknown reason", 1, "because the user was busy",
            2, "because nobody answered", 4, "deflected", 9, "because the called equipment is out of order", 10, "by the called equipment",
            15, "always");
    private static final Map<Integer, String> LOCATIONS = Map.of(0, "user", 1, "private network of the local user",
            2, "public network of the local user", 3, "transit network", 4, "public network of the remote user",
            5, "private network of the remote user", 7, "international network", 10, "network beyond an interworking point");
    private static final Map<Integer, String> PROGRESSES = Map.of(1, "the call is not ISDN all the way; more may come in the sound",
            2, "the destination is not ISDN", 3, "the origin is not ISDN", 4, "the call is back in the ISDN",
            5, "interworking has changed the service", 8, "tones or announcements are in the sound");
    private static final Map<Integer, String> NOTIFICATIONS = Map.ofEntries(
            Map.entry(0x00, "the user is suspended"), Map.entry(0x01, "the user goes on"), Map.entry(0x02, "the bearer service changes"),
            Map.entry(0x04, "completion of the call is delayed"), Map.entry(0x42, "a conference is established"),
            Map.entry(0x43, "the conference is over"), Map.entry(0x44, "another party is added"), Map.entry(0x45, "isolated"),
            Map.entry(0x46, "attached again"), Map.entry(0x47, "another party is isolated"), Map.entry(0x48, "another party is attached again"),
            Map.entry(0x49, "another party is split off"), Map.entry(0x4a, "another party is disconnected"), Map.entry(0x4b, "the conference floats"),
            Map.entry(0x60, "the call waits"), Map.entry(0x68, "diversion is active"), Map.entry(0x69, "transferred, it rings"),
            Map.entry(0x6a, "transferred, answered"), Map.entry(0x78, "reverse charging"), Map.entry(0x79, "held by the other side"),
            Map.entry(0x7a, "taken back by the other side"), Map.entry(0x7b, "the call is being diverted"));
    private static final List<String> TONES = List.of("dial tone", "ring back tone", "intercept tone", "network congestion tone", "busy tone",
            "confirm tone", "answer tone", "call waiting tone", "off-hook warning tone", "pre-emption tone");
    private static final Map<Integer, String> TRANSFERS = Map.of(0, "speech", 8, "unrestricted digital information", 9,
            "restricted digital information", 16, "3.1 kHz audio", 17, "unrestricted digital information with tones", 24, "video");
    private static final Map<Integer, String> RATES = Map.of(0, "packet mode", 16, "64 kbit/s", 17, "2x64 kbit/s", 19, "384 kbit/s",
            21, "1536 kbit/s", 23, "1920 kbit/s", 24, "multirate");
    private static final Map<Integer, String> LAYERS = Map.of(1, "V.110", 2, "G.711 mu-law", 3, "G.711 A-law", 4, "G.721", 5, "H.221 and H.242",
            6, "H.223 and H.245", 7, "rate adaption not of ITU-T", 8, "V.120", 9, "X.31");
    private static final Map<Integer, String> COMPONENTS = Map.of(0xa1, "invoke", 0xa2, "return result", 0xa3, "return error", 0xa4, "reject");
    private static final int NSAP_OF_CHARACTERS = 0x50;

    private ElementWords() {}

    /// All elements but user-user. Behind a shift the same identifiers mean something else (clause 4.5.2/Q.931).
    static List<Item> of(Q931 message) {
        var items = new ArrayList<Item>();
        int codeset = 0;
        boolean once = false;
        for (var element : message.elements()) {
            int id = element.id();
            if ((id & 0xf0) == 0x90) {
                codeset = id & 7;
                once = (id & 8) != 0;
                items.add(new Item("shift", "to codeset " + codeset + (once ? ", for one element" : "")));
                continue;
            }
            if (codeset != 0) {
                items.add(new Item("element %02x of codeset %d".formatted(id, codeset), octets(element.contents())));
            } else if (id != InformationElement.USER_USER) {
                items.add(new Item(name(id), contents(message, element)));
            }
            codeset = once ? 0 : codeset;
            once = false;
        }
        return items;
    }

    private static String name(int id) {
        return switch (id & 0xf0) {
            case 0xb0 -> "congestion level";
            case 0xd0 -> "repeat indicator";
            default -> NAMES.getOrDefault(id, "element %02x".formatted(id));
        };
    }

    /// What cannot be read is shown as its octets.
    private static String contents(Q931 message, InformationElement element) {
        var octets = element.contents();
        if (element.id() >= 0x80) {
            return (element.id() & 0xf0) == 0xb0 ? "" + (element.id() & 0xf) : "";
        }
        var words = decoded(message, element.id(), octets);
        return words.map(Words::clean).filter(w -> !w.isEmpty()).orElseGet(() -> octets(octets));
    }

    private static Optional<String> decoded(Q931 message, int id, Octets octets) {
        var one = new Q931(message.callReference(), message.fromDestination(), message.type(), List.of(new InformationElement(id, octets)));
        return switch (id) {
            case InformationElement.DISPLAY -> one.display();
            case InformationElement.KEYPAD -> one.keypad();
            case InformationElement.CALL_STATE -> one.callState().map(s -> "" + s);
            case InformationElement.CAUSE -> cause(octets);
            case InformationElement.BEARER_CAPABILITY -> bearer(octets);
            case InformationElement.CALLING_PARTY_NUMBER, InformationElement.CALLED_PARTY_NUMBER, InformationElement.CONNECTED_NUMBER,
                    InformationElement.REDIRECTING_NUMBER, 0x76 -> PartyNumber.read(octets).map(ElementWords::number);
            case 0x4d, 0x6d, 0x71 -> subaddress(octets);
            case 0x18 -> channel(octets);
            case InformationElement.FACILITY -> Optional.of(facility(octets));
            case InformationElement.PROGRESS_INDICATOR -> one.progress().map(p -> named(PROGRESSES, p.description(), "progress") + "; from the "
                    + named(LOCATIONS, p.location(), "location"));
            case InformationElement.NOTIFICATION_INDICATOR -> one.notification().map(n -> named(NOTIFICATIONS, n, "notification"));
            case InformationElement.SIGNAL -> one.signal().map(ElementWords::signal);
            case 0x29 -> date(octets);
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> octet(Octets octets) {
        return octets.isEmpty() ? Optional.empty() : Optional.of(octets.at(0));
    }

    private static String named(Map<Integer, String> names, int number, String what) {
        return names.getOrDefault(number, what + " " + number);
    }

    /// Where the first group of octets ends: its last one has the top bit set. -1 when there is none.
    private static int last(Octets octets, int from) {
        for (int at = from; at < octets.size(); at++) {
            if (octets.at(at) >= 0x80) {
                return at;
            }
        }
        return -1;
    }

    /// Other codings than that of ITU-T have other values.
    private static boolean ofItu(Octets octets, int least) {
        return octets.size() >= least && (octets.at(0) & 0x60) == 0;
    }

    private static String location(Octets octets) {
        return named(LOCATIONS, octets.at(0) & 0xf, "location");
    }

    private static Optional<String> cause(Octets octets) {
        int at = last(octets, 0) + 1;
        if (at == 0 || !ofItu(octets, at + 1)) {
            return Optional.empty();
        }
        var cause = new Cause(octets.at(at) & 0x7f);
        var diagnostics = octets.size() - at > 1 ? "; diagnostics " + octets(from(octets, at + 1)) : "";
        return Optional.of(cause.code() + ", " + cause.words() + "; from the " + location(octets) + diagnostics);
    }

    private static Optional<String> bearer(Octets octets) {
        if (!ofItu(octets, 2)) {
            return Optional.empty();
        }
        var words = named(TRANSFERS, octets.at(0) & 0x1f, "transfer capability") + ", " + named(RATES, octets.at(1) & 0x1f, "rate");
        int at = last(octets, 1) + 1;
        boolean layer = at > 0 && at < octets.size() && (octets.at(at) & 0x60) == 0x20;
        return Optional.of(words + (layer ? ", " + named(LAYERS, octets.at(at) & 0x1f, "layer 1 protocol") : ""));
    }

    private static String number(PartyNumber number) {
        var words = new ArrayList<String>();
        words.add(named(TYPES, number.type(), "type"));
        words.add(named(PLANS, number.plan(), "plan"));
        number.shown().ifPresent(shown -> {
            words.add(PRESENTATIONS.get(shown.presentation()));
            words.add(SCREENINGS.get(shown.screening()));
        });
        number.reason().ifPresent(reason -> words.add(named(REDIRECTIONS, reason, "redirection")));
        return (number.digits().isEmpty() ? "no digits" : number.digits()) + " (" + String.join(", ", words) + ")";
    }

    private static Optional<String> subaddress(Octets octets) {
        if (octets.isEmpty()) {
            return Optional.empty();
        }
        int type = octets.at(0) >> 4 & 7;
        var rest = from(octets, 1);
        if (type == 0 && octet(rest).filter(o -> o == NSAP_OF_CHARACTERS).isPresent()) {
            return Optional.of(from(rest, 1).latin1() + " (NSAP)");
        }
        return Optional.of(HexFormat.ofDelimiter(" ").formatHex(rest.toArray()) + (type == 0 ? " (NSAP)" : type == 2 ? " (of the user's own kind)"
                : " (type " + type + ")"));
    }

    private static Optional<String> channel(Octets octets) {
        if (octets.isEmpty()) {
            return Optional.empty();
        }
        int first = octets.at(0);
        boolean primary = (first & 0x20) != 0;
        var selected = switch (first & 3) {
            case 0 -> "no channel";
            case 3 -> "any channel";
            default -> primary ? "the channel in the next octets" : "B" + (first & 3);
        };
        int identifier = (first & 0x40) == 0 ? 0 : last(octets, 1);
        if (identifier < 0) {
            return Optional.empty();
        }
        var words = (primary ? "primary rate" : "basic rate") + ", " + ((first & 4) != 0 ? "the D-channel" : selected)
                + ((first & 8) != 0 ? ", no other" : ", preferred");
        // Numbers of channels, behind the octet of their type; a map has other octets.
        boolean numbers = primary && (first & 3) == 1 && octets.size() > identifier + 2 && (octets.at(identifier + 1) & 0x10) == 0;
        if (!numbers) {
            return Optional.of(octets.size() > identifier + 1 ? words + ", then " + octets(from(octets, identifier + 1)) : words);
        }
        var list = new ArrayList<String>();
        for (int at = identifier + 2; at < octets.size(); at++) {
            list.add("" + (octets.at(at) & 0x7f));
        }
        return Optional.of(words + ": " + String.join(", ", list));
    }

    /// H.225.0 leaves it empty, and has the services of H.450 in its own fields; others put the components of Q.932 here.
    private static String facility(Octets octets) {
        if (octets.isEmpty()) {
            return "empty, as H.225.0 has it";
        }
        var profile = switch (octets.at(0) & 0x1f) {
            case 0x11 -> "remote operations";
            case 0x12 -> "CMIP";
            case 0x13 -> "ACSE";
            case 0x1f -> "networking extensions";
            default -> "profile " + (octets.at(0) & 0x1f);
        };
        var component = octets.size() > 1 ? COMPONENTS.getOrDefault(octets.at(1), "") : "";
        boolean identified = octets.size() > 5 && octets.at(2) < 0x80 && octets.at(3) == 2 && octets.at(4) == 1;
        return profile + (component.isEmpty() ? "" : ", " + component + (identified ? " " + octets.at(5) : "")) + ": " + octets(from(octets, 1));
    }

    private static String signal(int value) {
        if (value < TONES.size()) {
            return TONES.get(value) + " on";
        }
        if (value >= 0x40 && value <= 0x47) {
            return "alerting on, pattern " + (value - 0x40);
        }
        return value == 0x3f ? "tones off" : value == 0x4f ? "alerting off" : "signal " + value;
    }

    private static Optional<String> date(Octets octets) {
        if (octets.size() < 3) {
            return Optional.empty();
        }
        var words = new StringBuilder("20%02d-%02d-%02d".formatted(octets.at(0), octets.at(1), octets.at(2)));
        for (int at = 3; at < Math.min(6, octets.size()); at++) {
            words.append(at == 3 ? " " : ":").append("%02d".formatted(octets.at(at)));
        }
        return Optional.of(words.toString());
    }

    private static Octets from(Octets octets, int at) {
        return Octets.of(octets.latin1().substring(at).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String octets(Octets octets) {
        return Fields.octets(octets);
    }
}

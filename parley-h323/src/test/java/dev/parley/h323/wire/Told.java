package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Type;
import dev.parley.h323.wire.per.Value;
import dev.parley.h323.wire.per.ValueGenerator;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// One thing that a message of ours tells, as tshark must show it: numbers, flags, choices and counts as numbers, texts, and octets.
public record Told(String name, String text, boolean octets) {
    private static final Map<String, Pdu> CONTENTS = Map.of(
            "fastStart", Pdu.OPEN_LOGICAL_CHANNEL, "h245Control", Pdu.H245, "parallelH245Control", Pdu.H245,
            "returnedFunction", Pdu.H245);

    /// What tshark skips, as an older peer does that finds more than its modules know: in a sequence the field is not shown, of a choice nothing.
    private static final Set<String> NOT_SHOWN = Set.of(
            "EncryptionAuthenticationAndIntegrity.dtlsSecurityCapability", "OpenLogicalChannelAck.dtlsSecurityCapability",
            "AudioCapability.extendedAudioCapability", "H2250LogicalChannelParameters.nominalAudioLevel",
            "H2250LogicalChannelAckParameters.multiplePayloadStream", "DataApplicationCapability.dataChannel",
            "DataApplicationCapability.extendedDataApplicationCapability", "DataMode.dataChannel",
            "MediaTransportType.sctp", "MediaTransportType.udp-dtls-sctp", "MediaTransportType.tcp-dtls-sctp", "MediaTransportType.sctp-dtls",
            "DataProtocolCapability.sctp", "DataProtocolCapability.udp-dtls-sctp", "DataProtocolCapability.tcp-dtls-sctp",
            "DataProtocolCapability.sctp-dtls", "H235Key.secureChannelExt", "LocationConfirm.language",
            "RegistrationConfirm.language");

    private static final int MOST_BITS = 2048;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM d, yyyy HH:mm:ss.nnnnnnnnn 'UTC'", Locale.ROOT);

    public static List<Told> of(Pdu pdu, Value value) {
        return of(pdu, value, CONTENTS);
    }

    /// Of a message of ours, whose generic data is that of Annex R of H.323.
    public static List<Told> ofOurs(Pdu pdu, Value value) {
        var contents = new HashMap<>(CONTENTS);
        contents.put("raw", Pdu.ROBUSTNESS);
        return of(pdu, value, contents);
    }

    private static List<Told> of(Pdu pdu, Value value, Map<String, Pdu> contents) {
        var told = new ArrayList<Told>();
        collect("", "", pdu.type(), value, contents, told);
        return told;
    }

    /// @param owner the nearest type around it that has a name
    private static void collect(String name, String owner, Type type, Value value, Map<String, Pdu> contents, List<Told> into) {
        switch (type) {
            case Type.Named n -> collect(name, n.name(), n.target(), value, contents, into);
            case Type.Int _ when value instanceof Value.Number n -> into.add(new Told(name, "" + n.number(), false));
            case Type.Bool _ when value instanceof Value.Flag f -> into.add(new Told(name, f.on() ? "1" : "0", false));
            case Type.Text _ when value instanceof Value.Text t -> into.add(new Told(name, t.text(), false));
            case Type.Oid _ when value instanceof Value.Oid o -> into.add(new Told(name, o.dotted(), false));
            // Of so many bits tshark shows nothing.
            case Type.Bit b when b.size().lower() > MOST_BITS -> { }
            case Type.Bit _ when value instanceof Value.Bits b -> into.add(new Told(name, b.octets().hex(), true));
            case Type.Octet _ when value instanceof Value.Bytes b -> {
                into.add(new Told(name, b.octets().hex(), true));
                contents(name, b.octets(), contents, into);
            }
            case Type.Open _ when value instanceof Value.Bytes b -> into.add(new Told(name, b.octets().hex(), true));
            case Type.ListOf l when value instanceof Value.Items i -> {
                into.add(new Told(name, "" + i.items().size(), false));
                for (var item : i.items()) {
                    collect("", owner, l.element(), item, contents, into);
                    if (item instanceof Value.Bytes(var octets)) {
                        contents(name, octets, contents, into);
                    }
                }
            }
            case Type.Sequence s when value instanceof Value.Struct v -> {
                for (var fields : List.of(s.root(), s.additions())) {
                    fields.stream().filter(f -> v.fields().containsKey(f.name()) && !NOT_SHOWN.contains(owner + "." + f.name()))
                            .forEach(f -> collect(f.name(), owner, f.type(), v.at(f.name()).orElseThrow(), contents, into));
                }
            }
            case Type.Choice _ when value instanceof Value.Chosen v && NOT_SHOWN.contains(owner + "." + v.name()) -> { }
            case Type.Choice c when value instanceof Value.Chosen v -> {
                var all = new ArrayList<>(c.root());
                all.addAll(c.additions());
                int index = 0;
                while (!all.get(index).name().equals(v.name())) {
                    index++;
                }
                into.add(new Told(name, "" + index, false));
                collect(v.name(), owner, all.get(index).type(), v.value(), contents, into);
            }
            default -> { }
        }
    }

    private static void contents(String name, Octets octets, Map<String, Pdu> contents, List<Told> into) {
        Optional.ofNullable(contents.get(name)).ifPresent(pdu -> collect("", "", pdu.type(), pdu.decode(octets), contents, into));
    }

    private boolean isShownBy(PdmlField field) {
        if (field.show().endsWith(" UTC")) {
            return LocalDateTime.parse(field.show().replaceAll(" +", " "), TIME).toEpochSecond(ZoneOffset.UTC) == Long.parseLong(text);
        }
        return octets ? field.octets().equals(text) && (!text.isEmpty() || field.show().matches("0?")) : field.show().equals(text);
    }

    /// The first place where tshark read something else; empty when there is none.
    public static String difference(List<Told> told, List<PdmlField> shown) {
        int at = 0;
        for (var next : told) {
            boolean nothing = next.octets() && next.text().isEmpty();
            if (at < shown.size() && next.isShownBy(shown.get(at))) {
                at++;
            } else if (!nothing) {
                return next + " is to come, tshark: " + shown.subList(Math.max(0, at - 2), Math.min(shown.size(), at + 2));
            }
        }
        if (at < shown.size()) {
            return "nothing is to come, tshark: " + shown.get(at);
        }
        return "";
    }

    /// The same value with messages where it carries octets that are messages.
    static Value filled(Value value, long seed, Predicate<Type.Field> wanted) {
        return switch (value) {
            case Value.Struct s -> {
                var fields = new LinkedHashMap<String, Value>();
                s.fields().forEach((name, v) -> fields.put(name, Optional.ofNullable(CONTENTS.get(name))
                        .map(pdu -> messages(pdu, v, seed, wanted)).orElseGet(() -> filled(v, seed, wanted))));
                yield new Value.Struct(fields, s.additionCount(), s.unknown());
            }
            case Value.Chosen c -> new Value.Chosen(c.name(), filled(c.value(), seed, wanted));
            case Value.Items i -> new Value.Items(i.items().stream().map(v -> filled(v, seed, wanted)).toList());
            default -> value;
        };
    }

    private static Value messages(Pdu pdu, Value instead, long seed, Predicate<Type.Field> wanted) {
        if (instead instanceof Value.Items several) {
            var items = new ArrayList<Value>();
            for (var item : several.items()) {
                items.add(messages(pdu, item, seed + 1_000_000L * (items.size() + 1), wanted));
            }
            return new Value.Items(items);
        }
        return new Value.Bytes(pdu.encode(filled(new ValueGenerator(seed, wanted).generate(pdu.type()), seed + 1, wanted)));
    }
}

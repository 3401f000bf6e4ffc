package dev.parley.trace.h323;

import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.model.Item;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every field of a decoded value as an item, by the names of the standard. What is one thing stands on one line; what has parts has parts.
final class Fields {
    /// Of one message; real ones have a few hundred.
    static final int MOST_ITEMS = 2_000;
    private static final int MOST_ON_A_LINE = 16;
    private static final int MOST_OCTETS = 32;

    private int left = MOST_ITEMS;

    private Fields() {}

    /// The fields of a sequence, or of the sequence that is chosen.
    static List<Item> of(Value value) {
        var items = new ArrayList<Item>();
        new Fields().parts(value, items);
        return items;
    }

    private void parts(Value value, List<Item> into) {
        switch (value) {
            case Value.Struct s -> {
                s.fields().forEach((name, field) -> add(name, field, into));
                s.unknown().forEach((index, octets) -> add("addition " + (index + 1) + ", unknown", new Value.Bytes(octets), into));
            }
            case Value.Items i -> {
                int number = 1;
                for (var element : i.items()) {
                    add("" + number++, element, into);
                }
            }
            case Value.Chosen c -> add(c.name(), c.value(), into);
            default -> line(value).ifPresent(words -> into.add(new Item("value", words)));
        }
    }

    private void add(String name, Value value, List<Item> into) {
        if (left <= 0) {
            return;
        }
        left--;
        if (left == 0) {
            into.add(new Item("...", "further fields are not listed"));
            return;
        }
        var words = line(value);
        if (words.isPresent()) {
            into.add(new Item(name, words.get()));
            return;
        }
        var parts = new ArrayList<Item>();
        if (value instanceof Value.Chosen chosen) {
            parts(chosen.value(), parts);
            into.add(new Item(name, chosen.name(), parts));
            return;
        }
        if (name.equals("fastStart")) {
            channels(value, parts);
        } else {
            parts(value, parts);
        }
        into.add(new Item(name, "", parts));
    }

    /// Each element is a whole OpenLogicalChannel.
    private void channels(Value list, List<Item> into) {
        int number = 1;
        for (var element : list instanceof Value.Items i ? i.items() : List.<Value>of()) {
            var channel = element instanceof Value.Bytes b ? Decoding.of(Pdu.OPEN_LOGICAL_CHANNEL, b.octets()).value() : Optional.<Value>empty();
            add("" + number++, channel.orElse(element), into);
        }
    }

    /// The value on one line, when it fits there.
    private static Optional<String> line(Value value) {
        return switch (value) {
            case Value.Null _ -> Optional.of("");
            case Value.Flag f -> Optional.of(f.on() ? "yes" : "no");
            case Value.Number n -> Optional.of("" + n.number());
            case Value.Bytes b -> Optional.of(octets(b.octets()));
            case Value.Bits b -> Optional.of(b.count() + " bits: " + octets(b.octets()));
            case Value.Text t -> Optional.of(Words.clean(t.text()));
            case Value.Oid o -> Optional.of(o.dotted());
            case Value.UnknownChoice u -> Optional.of("alternative " + (u.index() + 1) + " of the additions, unknown: " + octets(u.octets()));
            case Value.Struct s when s.fields().isEmpty() && s.unknown().isEmpty() -> Optional.of("(empty)");
            case Value.Struct s when s.fields().size() == 1 && s.fields().containsKey("guid") -> s.octetsAt("guid").map(Octets::hex);
            case Value.Struct _ -> Optional.empty();
            case Value.Items i -> list(i);
            case Value.Chosen c -> chosen(c);
        };
    }

    private static Optional<String> list(Value.Items list) {
        if (list.items().isEmpty()) {
            return Optional.of("none");
        }
        if (list.items().size() > MOST_ON_A_LINE || list.items().stream().anyMatch(v -> v instanceof Value.Bytes)) {
            return Optional.empty();
        }
        var words = list.items().stream().map(Fields::line).toList();
        return words.stream().allMatch(Optional::isPresent)
                ? Optional.of(String.join(", ", words.stream().flatMap(Optional::stream).toList())) : Optional.empty();
    }

    private static Optional<String> chosen(Value.Chosen chosen) {
        var address = TransportAddress.fromH225(chosen).or(() -> TransportAddress.fromH245(chosen));
        if (address.isPresent()) {
            return address.map(TransportAddress::toString);
        }
        if (chosen.value() instanceof Value.Chosen || chosen.value() instanceof Value.Struct || chosen.value() instanceof Value.Items) {
            return Optional.empty();
        }
        return line(chosen.value()).map(w -> w.isEmpty() ? chosen.name() : chosen.name() + " " + w);
    }

    static String octets(Octets octets) {
        return dev.parley.trace.decode.Octets.counted(ByteBuffer.wrap(octets.toArray()), MOST_OCTETS);
    }
}

package dev.parley.h323.wire.per;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An immutable ASN.1 value. Records of fields and alternatives carry the names of the standard; whether they fit a type is checked when
/// they are encoded, and is certain after decoding.
public sealed interface Value {
    Null NULL = new Null();

    record Null() implements Value {}

    record Flag(boolean on) implements Value {}

    record Number(long number) implements Value {}

    record Bytes(Octets octets) implements Value {}

    /// A bit string: `count` bits, the first one the top bit of the first octet; the unused bits of the last octet are 0.
    record Bits(Octets octets, int count) implements Value {
        public Bits {
            if (octets.size() != (count + 7) / 8) {
                throw new IllegalArgumentException(count + " bits do not fill " + octets.size() + " octets");
            }
        }

        public boolean get(int index) {
            return index < count && (octets.at(index / 8) >> (7 - index % 8) & 1) == 1;
        }
    }

    record Text(String text) implements Value {}

    /// An object identifier in dotted form, such as `0.0.8.2250.0.7`.
    record Oid(String dotted) implements Value {}

    record Items(List<Value> items) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// An alternative of a choice, or a name of an enumeration (then with {@link #NULL}).
    record Chosen(String name, Value value) implements Value {}

    /// An alternative that our version of the standard does not know: its place among the additions, and its octets (none in an enumeration).
    record UnknownChoice(int index, Octets octets) implements Value {}

    /// A sequence.
    ///
    /// @param fields the present fields by name, in the order of the standard when decoded
    /// @param additionCount how many additions the sender knew, when that differs from what we know; 0 otherwise. It makes an encoding
    ///     repeatable to the bit, as signatures over messages need.
    /// @param unknown additions that we do not know, by their place among the additions
    record Struct(Map<String, Value> fields, int additionCount, Map<Integer, Octets> unknown) implements Value {
        public static final Struct EMPTY = new Struct(Fields.NONE, 0, Map.of());

        public Struct {
            fields = Fields.of(fields);
            unknown = unknown.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(unknown));
        }

        public Struct with(String name, Value value) {
            return new Struct(Fields.of(fields).with(name, value), additionCount, unknown);
        }

        public Struct with(String name, long number) {
            return with(name, new Number(number));
        }

        public Struct with(String name, boolean flag) {
            return with(name, new Flag(flag));
        }

        public Struct with(String name, Octets octets) {
            return with(name, new Bytes(octets));
        }

        public Struct with(String name, List<? extends Value> items) {
            return with(name, new Items(new ArrayList<>(items)));
        }

        public Struct without(String name) {
            var all = new LinkedHashMap<>(fields);
            all.remove(name);
            return new Struct(all, additionCount, unknown);
        }

        /// With the field only when there is a value for it.
        public Struct withOptional(String name, Optional<? extends Value> value) {
            return value.isPresent() ? with(name, value.get()) : this;
        }
    }

    static Struct struct() {
        return Struct.EMPTY;
    }

    static Chosen choice(String name) {
        return new Chosen(name, NULL);
    }

    static Chosen choice(String name, Value value) {
        return new Chosen(name, value);
    }

    static Text text(String text) {
        return new Text(text);
    }

    static Oid oid(String dotted) {
        return new Oid(dotted);
    }

    static Number number(long number) {
        return new Number(number);
    }

    /// The value at a path of field and alternative names and list positions, such as `setup/fastStart/0`. Empty when something on the way
    /// is absent or another alternative was chosen.
    default Optional<Value> at(String path) {
        Value here = this;
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf('/', start);
            var name = end < 0 ? path.substring(start) : path.substring(start, end);
            var next = here.child(name);
            if (next.isEmpty() || end < 0) {
                return next;
            }
            here = next.get();
            start = end + 1;
        }
        return Optional.of(here);
    }

    private Optional<Value> child(String name) {
        return switch (this) {
            case Struct s -> Optional.ofNullable(s.fields().get(name));
            case Chosen c -> c.name().equals(name) ? Optional.of(c.value()) : Optional.empty();
            case Items i -> {
                int index = name.isEmpty() || !name.chars().allMatch(Character::isDigit) || name.length() > 6 ? -1 : Integer.parseInt(name);
                yield index >= 0 && index < i.items().size() ? Optional.of(i.items().get(index)) : Optional.empty();
            }
            case Null _, Flag _, Number _, Bytes _, Bits _, Text _, Oid _, UnknownChoice _ -> Optional.empty();
        };
    }

    default boolean has(String path) {
        return at(path).isPresent();
    }

    default Optional<Struct> structAt(String path) {
        return at(path).filter(Struct.class::isInstance).map(Struct.class::cast);
    }

    default Optional<String> textAt(String path) {
        return at(path).flatMap(v -> switch (v) {
            case Text t -> Optional.of(t.text());
            case Oid o -> Optional.of(o.dotted());
            default -> Optional.empty();
        });
    }

    default Optional<Long> numberAt(String path) {
        return at(path).flatMap(v -> v instanceof Number n ? Optional.of(n.number()) : Optional.empty());
    }

    /// False when absent.
    default boolean flagAt(String path) {
        return at(path).filter(v -> v instanceof Flag f && f.on()).isPresent();
    }

    default Optional<Octets> octetsAt(String path) {
        return at(path).flatMap(v -> v instanceof Bytes b ? Optional.of(b.octets()) : Optional.empty());
    }

    /// The items of a list; none when absent.
    default List<Value> listAt(String path) {
        return at(path).map(v -> v instanceof Items i ? i.items() : List.<Value>of()).orElse(List.of());
    }

    /// The name of the chosen alternative; empty when absent or unknown to our version.
    default Optional<String> chosenAt(String path) {
        return at(path).flatMap(v -> v instanceof Chosen c ? Optional.of(c.name()) : Optional.empty());
    }
}

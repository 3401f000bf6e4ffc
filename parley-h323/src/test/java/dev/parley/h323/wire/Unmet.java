package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Type;
import dev.parley.h323.wire.per.Value;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The types below a message that no value has had yet, and the alternatives of its choices.
final class Unmet {
    /// By the type itself, since modules have names in common: what has not been there of it, "" for the type as such.
    private final Map<Type, Set<String>> missing = new IdentityHashMap<>();
    private final Map<Type, String> names = new IdentityHashMap<>();

    /// @param wanted the optional fields and the alternatives that can be met
    Unmet(Type message, Predicate<Type.Field> wanted) {
        expect("", message, wanted, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private void expect(String name, Type type, Predicate<Type.Field> wanted, Set<Type> seen) {
        if (!seen.add(type)) {
            return;
        }
        switch (type) {
            case Type.Named n -> expect(n.name(), n.target(), wanted, seen);
            case Type.ListOf l -> expect(name + "[]", l.element(), wanted, seen);
            case Type.Sequence s -> {
                expected(name, s, Stream.of(""));
                fields(s.root(), s.additions()).filter(f -> s.root().contains(f) && !f.optional() || wanted.test(f))
                        .forEach(f -> expect(name + "." + f.name(), f.type(), wanted, seen));
            }
            case Type.Choice c -> {
                expected(name, c, fields(c.root(), c.additions()).filter(wanted).map(Type.Field::name));
                fields(c.root(), c.additions()).filter(wanted).forEach(f -> expect(name + "." + f.name(), f.type(), wanted, seen));
            }
            default -> { }
        }
    }

    private void expected(String name, Type type, Stream<String> what) {
        names.put(type, name);
        missing.put(type, new TreeSet<>(what.toList()));
    }

    private static Stream<Type.Field> fields(List<Type.Field> root, List<Type.Field> additions) {
        return Stream.concat(root.stream(), additions.stream());
    }

    /// @return whether there was something in it that had not been met
    boolean meets(Type type, Value value) {
        return switch (type) {
            case Type.Named n -> meets(n.target(), value);
            case Type.ListOf l -> any(((Value.Items) value).items().stream().map(item -> meets(l.element(), item)));
            case Type.Sequence s -> {
                var there = ((Value.Struct) value).fields();
                yield met(s, "") | any(fields(s.root(), s.additions()).filter(f -> there.containsKey(f.name()))
                        .map(f -> meets(f.type(), Objects.requireNonNull(there.get(f.name())))));
            }
            case Type.Choice c -> {
                var chosen = (Value.Chosen) value;
                yield met(c, chosen.name()) | any(fields(c.root(), c.additions()).filter(f -> !c.enumerated() && f.name().equals(chosen.name()))
                        .map(f -> meets(f.type(), chosen.value())));
            }
            default -> false;
        };
    }

    private boolean met(Type type, String what) {
        return missing.getOrDefault(type, Set.of()).remove(what);
    }

    private static boolean any(Stream<Boolean> each) {
        return each.reduce(false, Boolean::logicalOr);
    }

    /// The fields and alternatives that are missing, or below which something is.
    Predicate<Type.Field> ways() {
        var leads = new IdentityHashMap<Type, Boolean>();
        names.keySet().forEach(type -> leads.put(type, !missing.getOrDefault(type, Set.of()).isEmpty()));
        for (boolean more = true; more; ) {
            more = false;
            for (var type : names.keySet()) {
                if (!leads.getOrDefault(type, false) && below(type).anyMatch(f -> leads.getOrDefault(bare(f.type()), false))) {
                    leads.put(type, true);
                    more = true;
                }
            }
        }
        var alternatives = new HashSet<Type.Field>();
        missing.forEach((type, what) -> below(type).filter(f -> what.contains(f.name())).forEach(alternatives::add));
        return field -> alternatives.contains(field) || leads.getOrDefault(bare(field.type()), false);
    }

    private static Stream<Type.Field> below(Type type) {
        return switch (type) {
            case Type.Sequence s -> fields(s.root(), s.additions());
            case Type.Choice c -> fields(c.root(), c.additions());
            default -> Stream.of();
        };
    }

    /// Without its name, or what a list has.
    private static Type bare(Type type) {
        return switch (type) {
            case Type.Named n -> bare(n.target());
            case Type.ListOf l -> bare(l.element());
            default -> type;
        };
    }

    boolean isEmpty() {
        return missing.values().stream().allMatch(Set::isEmpty);
    }

    @Override
    public String toString() {
        var words = new TreeSet<String>();
        missing.forEach((type, what) -> what.forEach(w -> words.add(names.get(type) + (w.isEmpty() ? "" : ": " + w))));
        return words.size() + " " + words;
    }
}

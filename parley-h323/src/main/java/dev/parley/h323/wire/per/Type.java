package dev.parley.h323.wire.per;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ASN.1 type, as far as H.225.0, H.235 and H.245 use them (X.680). Read from a {@link Schema}.
public sealed interface Type {
    record Null() implements Type {}

    record Bool() implements Type {}

    record Int(Bounds bounds) implements Type {}

    record Octet(Bounds size) implements Type {}

    record Bit(Bounds size) implements Type {}

    record Oid() implements Type {}

    /// A whole encoding as octets, whose type its user knows.
    record Open() implements Type {}

    record Text(Alphabet alphabet, Bounds size) implements Type {}

    record ListOf(Bounds size, Type element) implements Type {}

    /// One field of a sequence.
    record Field(String name, boolean optional, Type type) {}

    /// SEQUENCE. The root has optional fields; every addition may be absent, since the sender may be older than it.
    record Sequence(List<Field> root, boolean extensible, List<Field> additions) implements Type {
        public Sequence {
            root = List.copyOf(root);
            additions = List.copyOf(additions);
            requireDistinct(root, additions);
        }
    }

    /// CHOICE, and ENUMERATED as a choice of nothing but names (the two differ only in how an addition is written).
    record Choice(List<Field> root, boolean extensible, List<Field> additions, boolean enumerated) implements Type {
        public Choice {
            root = List.copyOf(root);
            additions = List.copyOf(additions);
            requireDistinct(root, additions);
        }
    }

    /// A type by its name. It is resolved after the whole schema was read, because types refer to each other in any order.
    final class Named implements Type {
        private final String name;
        private @Nullable Type target;

        Named(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        public Type target() {
            if (target == null) {
                throw new IllegalStateException("type " + name + " is not resolved");
            }
            return target;
        }

        void resolve(Type to) {
            target = to;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static void requireDistinct(List<Field> root, List<Field> additions) {
        var seen = new HashSet<String>();
        var all = new ArrayList<>(root);
        all.addAll(additions);
        for (var field : all) {
            if (!seen.add(field.name())) {
                throw new IllegalArgumentException("the name " + field.name() + " stands twice");
            }
        }
    }
}

package dev.parley.h323.wire.per;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntConsumer;

/// Writes one value of a type as aligned PER (X.691; clause numbers of the 2008 edition). A value that does not fit its type is a mistake of
/// the caller: `IllegalArgumentException` with the place.
public final class PerEncoder {
    private final ArrayDeque<String> path = new ArrayDeque<>();

    private PerEncoder() {}

    public static byte[] encode(Type type, Value value) {
        var out = new BitWriter();
        new PerEncoder().write(type, value, out);
        return out.toArray();
    }

    private void write(Type type, Value value, BitWriter out) {
        switch (type) {
            case Type.Named n -> write(n.target(), value, out);
            case Type.Null _ when value instanceof Value.Null -> { }
            case Type.Bool _ when value instanceof Value.Flag f -> out.bit(f.on());
            case Type.Int i when value instanceof Value.Number n -> integer(i.bounds(), n.number(), out);
            case Type.Octet o when value instanceof Value.Bytes b -> octetString(o.size(), b.octets().toArray(), out);
            case Type.Open _ when value instanceof Value.Bytes b -> octetString(Bounds.ANY_SIZE, b.octets().toArray(), out);
            case Type.Oid _ when value instanceof Value.Oid o -> octetString(Bounds.ANY_SIZE, Oids.toContents(o.dotted()), out);
            case Type.Bit b when value instanceof Value.Bits bits -> bitString(b.size(), bits, out);
            case Type.Text t when value instanceof Value.Text text -> text(t, text.text(), out);
            case Type.ListOf l when value instanceof Value.Items i -> list(l, i.items(), out);
            case Type.Sequence s when value instanceof Value.Struct v -> sequence(s, v, out);
            case Type.Choice c when value instanceof Value.Chosen v -> choice(c, v, out);
            case Type.Choice c when value instanceof Value.UnknownChoice v -> unknownChoice(c, v, out);
            default -> throw fail("a " + type.getClass().getSimpleName() + " is expected, not " + value);
        }
    }

    private void inside(String name, Type type, Value value, BitWriter out) {
        path.push(name);
        write(type, value, out);
        path.pop();
    }

    private IllegalArgumentException fail(String words) {
        return new IllegalArgumentException(String.join(".", path.reversed()) + ": " + words);
    }

    private void sequence(Type.Sequence type, Value.Struct value, BitWriter out) {
        var left = new HashSet<>(value.fields().keySet());
        boolean hasAdditions = !value.unknown().isEmpty() || value.additionCount() > 0
                || type.additions().stream().anyMatch(f -> value.fields().containsKey(f.name()));
        if (type.extensible()) {
            out.bit(hasAdditions);
        } else if (hasAdditions) {
            throw fail("additions in a sequence without an extension marker");
        }
        for (var field : type.root()) {
            if (field.optional()) {
                out.bit(value.fields().containsKey(field.name()));
            }
        }
        for (var field : type.root()) {
            var present = value.fields().get(field.name());
            if (present != null) {
                inside(field.name(), field.type(), present, out);
            } else if (!field.optional()) {
                throw fail("the field " + field.name() + " is missing");
            }
            left.remove(field.name());
        }
        if (hasAdditions) {
            additions(type.additions(), value, out);
        }
        type.additions().forEach(f -> left.remove(f.name()));
        if (!left.isEmpty()) {
            throw fail("there are no fields " + left);
        }
    }

    private void additions(List<Type.Field> known, Value.Struct value, BitWriter out) {
        int count = value.additionCount() > 0 ? value.additionCount() : known.size();
        for (int index : value.unknown().keySet()) {
            count = Math.max(count, index + 1);
        }
        for (int i = count; i < known.size(); i++) {
            if (value.fields().containsKey(known.get(i).name())) {
                count = i + 1;
            }
        }
        normallySmallLength(count, out);
        for (int i = 0; i < count; i++) {
            out.bit(i < known.size() ? value.fields().containsKey(known.get(i).name()) : value.unknown().containsKey(i));
        }
        for (int i = 0; i < count; i++) {
            var octets = i < known.size() ? null : value.unknown().get(i);
            var present = i < known.size() ? value.fields().get(known.get(i).name()) : null;
            if (octets != null) {
                octetString(Bounds.ANY_SIZE, octets.toArray(), out);
            } else if (present != null) {
                open(known.get(i), present, out);
            }
        }
    }

    /// Clause 11.2: an encoding of its own, in whole octets, behind its length.
    private void open(Type.Field field, Value value, BitWriter out) {
        var contents = new BitWriter();
        inside(field.name(), field.type(), value, contents);
        octetString(Bounds.ANY_SIZE, contents.toArray(), out);
    }

    private void choice(Type.Choice type, Value.Chosen value, BitWriter out) {
        int index = indexOf(type.root(), value.name());
        if (index >= 0) {
            if (type.extensible()) {
                out.bit(false);
            }
            constrained(0, type.root().size() - 1L, index, out);
            inside(value.name(), type.root().get(index).type(), value.value(), out);
            return;
        }
        index = indexOf(type.additions(), value.name());
        if (index < 0) {
            throw fail("there is no alternative " + value.name());
        }
        out.bit(true);
        normallySmall(index, out);
        if (!type.enumerated()) {
            open(type.additions().get(index), value.value(), out);
        }
    }

    private void unknownChoice(Type.Choice type, Value.UnknownChoice value, BitWriter out) {
        if (!type.extensible() || value.index() < type.additions().size()) {
            throw fail("addition " + value.index() + " of a choice is known, or there can be none");
        }
        out.bit(true);
        normallySmall(value.index(), out);
        if (!type.enumerated()) {
            octetString(Bounds.ANY_SIZE, value.octets().toArray(), out);
        }
    }

    private static int indexOf(List<Type.Field> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private void list(Type.ListOf type, List<Value> items, BitWriter out) {
        inFragments(type.size(), items.size(), out, i -> inside("" + i, type.element(), items.get(i), out), false);
    }

    private void integer(Bounds bounds, long value, BitWriter out) {
        boolean inside = bounds.contains(value);
        if (bounds.extensible()) {
            out.bit(!inside);
        } else if (!inside) {
            throw fail(value + " is not in " + bounds);
        }
        if (!inside || !bounds.hasLower()) {
            int octets = 1;
            while (octets < 8 && value >> (8 * octets - 1) != value >> 63) {
                octets++;
            }
            out.alignedNumber(octets, 1);
            out.alignedNumber(value, octets);
        } else if (!bounds.hasUpper()) {
            unsigned(value - bounds.lower(), out);
        } else {
            constrained(bounds.lower(), bounds.upper(), value, out);
        }
    }

    private static void constrained(long lower, long upper, long value, BitWriter out) {
        long largest = upper - lower;
        long offset = value - lower;
        if (largest == 0) {
            return;
        }
        if (largest < 255) {
            out.bits(offset, 64 - Long.numberOfLeadingZeros(largest));
        } else if (largest == 255) {
            out.alignedNumber(offset, 1);
        } else if (largest <= 0xffff) {
            out.alignedNumber(offset, 2);
        } else {
            int octets = octetsOf(offset);
            constrained(1, octetsOf(largest), octets, out);
            out.alignedNumber(offset, octets);
        }
    }

    private static int octetsOf(long unsigned) {
        return Math.max(1, (71 - Long.numberOfLeadingZeros(unsigned)) / 8);
    }

    private static void unsigned(long value, BitWriter out) {
        int octets = octetsOf(value);
        out.alignedNumber(octets, 1);
        out.alignedNumber(value, octets);
    }

    private static void normallySmall(int value, BitWriter out) {
        out.bit(value > 63);
        if (value > 63) {
            unsigned(value, out);
        } else {
            out.bits(value, 6);
        }
    }

    private static void normallySmallLength(int count, BitWriter out) {
        out.bit(count > 64);
        if (count > 64) {
            generalLength(count, out);
        } else {
            out.bits(count - 1L, 6);
        }
    }

    private void octetString(Bounds size, byte[] octets, BitWriter out) {
        if (size.fixed() && size.upper() <= 2) {
            inFragments(size, octets.length, out, i -> out.bits(octets[i], 8), false);
            return;
        }
        inFragments(size, octets.length, out, i -> out.octets(octets, i, 1), false);
    }

    private void bitString(Bounds size, Value.Bits value, BitWriter out) {
        inFragments(size, value.count(), out, i -> out.bit(value.get(i)), !size.fixed() || size.upper() > 16);
    }

    private void text(Type.Text type, String text, BitWriter out) {
        var alphabet = type.alphabet();
        if (!alphabet.permits(text)) {
            throw fail("the text \"" + text + "\" has characters that are not permitted");
        }
        if (alphabet.bits() == 0) {
            octetString(Bounds.ANY_SIZE, text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), out);
            return;
        }
        inFragments(type.size(), text.length(), out, i -> out.bits(alphabet.toNumber(text.charAt(i)), alphabet.bits()), alignsText(type));
    }

    /// Clauses 30.5.6 and 30.5.7: short strings are not aligned. The two limits really differ: at most 16 bits when the length is fixed, and
    /// fewer than 16 when it is not.
    static boolean alignsText(Type.Text type) {
        var size = type.size();
        if (size.extensible() || !size.hasUpper() || size.upper() >= 65536) {
            return true;
        }
        long most = size.upper() * type.alphabet().bits();
        return size.fixed() ? most > 16 : most >= 16;
    }

    /// Length and contents (clause 11.9); items of long strings and lists in fragments of 16K.
    private void inFragments(Bounds size, int count, BitWriter out, IntConsumer item, boolean align) {
        boolean inside = size.contains(count);
        if (size.extensible()) {
            out.bit(!inside);
        } else if (!inside) {
            throw fail("a size of " + count + " is not in " + size);
        }
        int from = 0;
        if (inside && size.hasUpper() && size.upper() < 65536) {
            constrained(size.lower(), size.upper(), count, out);
        } else {
            for (int left = count; left >= 16384; left = count - from) {
                int fragments = Math.min(4, left / 16384);
                out.alignedNumber(0xc0 | fragments, 1);
                for (int end = from + fragments * 16384; from < end; from++) {
                    item.accept(from);
                }
            }
            generalLength(count - from, out);
        }
        if (align && from < count) {
            out.align();
        }
        for (int i = from; i < count; i++) {
            item.accept(i);
        }
    }

    private static void generalLength(int length, BitWriter out) {
        if (length < 0x80) {
            out.alignedNumber(length, 1);
        } else {
            out.alignedNumber(0x8000 | length, 2);
        }
    }
}

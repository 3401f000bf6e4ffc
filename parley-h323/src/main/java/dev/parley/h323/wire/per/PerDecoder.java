package dev.parley.h323.wire.per;

import dev.parley.api.SessionException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/// Reads one value of a type from aligned PER (X.691; clause numbers of the 2008 edition). Malformed input of any kind becomes a
/// {@link SessionException.ProtocolViolation} that names the field.
public final class PerDecoder {
    private final Limits limits;
    private final ArrayDeque<String> path = new ArrayDeque<>();
    private int values;

    private PerDecoder(Limits limits) {
        this.limits = limits;
    }

    /// Octets behind the value are ignored: a peer that pads its messages, or whose module has more at the end than ours, is no enemy.
    public static Value decode(Type type, byte[] octets, Limits limits) {
        var decoder = new PerDecoder(limits);
        var reader = decoder.reader(octets);
        if (octets.length > limits.octets()) {
            throw reader.fail("a message of " + octets.length + " octets; at most " + limits.octets() + " are read");
        }
        return decoder.value(type, reader);
    }

    private BitReader reader(byte[] octets) {
        return new BitReader(octets, this::where);
    }

    private String where() {
        return path.isEmpty() ? "PER" : String.join(".", path.reversed());
    }

    private Value value(Type type, BitReader in) {
        if (++values > limits.values()) {
            throw in.fail("more than " + limits.values() + " values in one message");
        }
        return switch (type) {
            case Type.Named n -> {
                if (path.isEmpty()) {
                    yield inside(n.name(), n.target(), in);
                }
                values--;
                yield value(n.target(), in);
            }
            case Type.Null _ -> Value.NULL;
            case Type.Bool _ -> new Value.Flag(in.bit());
            case Type.Int i -> new Value.Number(integer(i.bounds(), in));
            case Type.Octet o -> new Value.Bytes(Octets.of(octetString(o.size(), in)));
            case Type.Bit b -> bitString(b.size(), in);
            case Type.Open _ -> new Value.Bytes(Octets.of(counted(in)));
            case Type.Oid _ -> new Value.Oid(Oids.toDotted(counted(in)).orElseThrow(() -> in.fail("no object identifier")));
            case Type.Text t -> text(t, in);
            case Type.ListOf l -> list(l, in);
            case Type.Sequence s -> sequence(s, in);
            case Type.Choice c -> choice(c, in);
        };
    }

    private Value inside(String name, Type type, BitReader in) {
        path.push(name);
        if (path.size() > limits.nesting()) {
            throw in.fail("types are nested more than " + limits.nesting() + " deep");
        }
        var value = value(type, in);
        path.pop();
        return value;
    }

    /// Clause 19: presence bits first, then the root; additions as a bitmap and open types.
    private Value sequence(Type.Sequence type, BitReader in) {
        boolean extended = type.extensible() && in.bit();
        var present = new ArrayList<Type.Field>(type.root().size());
        for (var field : type.root()) {
            if (!field.optional() || in.bit()) {
                present.add(field);
            }
        }
        var fields = new LinkedHashMap<String, Value>();
        for (var field : present) {
            fields.put(field.name(), inside(field.name(), field.type(), in));
        }
        if (!extended) {
            return new Value.Struct(fields, 0, java.util.Map.of());
        }
        int count = normallySmallLength(in);
        var bitmap = new boolean[count];
        for (int i = 0; i < count; i++) {
            bitmap[i] = in.bit();
        }
        var unknown = new TreeMap<Integer, Octets>();
        for (int i = 0; i < count; i++) {
            if (!bitmap[i]) {
                continue;
            }
            var octets = counted(in);
            if (i < type.additions().size()) {
                var field = type.additions().get(i);
                fields.put(field.name(), inside(field.name(), field.type(), reader(octets)));
            } else {
                unknown.put(i, Octets.of(octets));
            }
        }
        return new Value.Struct(fields, count == type.additions().size() ? 0 : count, unknown);
    }

    /// Clauses 23 (choice) and 14 (enumeration).
    private Value choice(Type.Choice type, BitReader in) {
        if (type.extensible() && in.bit()) {
            int index = normallySmall(in);
            var octets = type.enumerated() ? new byte[0] : counted(in);
            if (index >= type.additions().size()) {
                return new Value.UnknownChoice(index, Octets.of(octets));
            }
            var field = type.additions().get(index);
            return new Value.Chosen(field.name(), type.enumerated() ? Value.NULL : inside(field.name(), field.type(), reader(octets)));
        }
        int index = (int) constrained(0, type.root().size() - 1L, in);
        var field = type.root().get(index);
        return new Value.Chosen(field.name(), type.enumerated() ? Value.NULL : inside(field.name(), field.type(), in));
    }

    /// Clause 20. The items are counted against the limit one by one, so a large count costs nothing before its items are there.
    private Value list(Type.ListOf type, BitReader in) {
        var items = new ArrayList<Value>();
        var lengths = lengths(type.size(), in);
        while (lengths.hasNext()) {
            int count = lengths.next();
            for (int i = 0; i < count; i++) {
                items.add(inside("" + items.size(), type.element(), in));
            }
        }
        return new Value.Items(items);
    }

    /// Clause 13.
    private long integer(Bounds bounds, BitReader in) {
        if (bounds.extensible() && in.bit()) {
            return counted(true, in);
        }
        if (!bounds.hasLower()) {
            return counted(true, in);
        }
        if (!bounds.hasUpper()) {
            long value = counted(false, in) + bounds.lower();
            if (value < bounds.lower()) {
                throw in.fail("a number above what 63 bits hold");
            }
            return value;
        }
        return constrained(bounds.lower(), bounds.upper(), in);
    }

    /// Clause 11.5.7, the aligned variant.
    private long constrained(long lower, long upper, BitReader in) {
        long largest = upper - lower;
        long offset;
        if (largest == 0) {
            return lower;
        } else if (largest < 255) {
            offset = in.bits(64 - Long.numberOfLeadingZeros(largest));
        } else if (largest == 255) {
            offset = in.alignedNumber(1);
        } else if (largest <= 0xffff) {
            offset = in.alignedNumber(2);
        } else {
            int most = (71 - Long.numberOfLeadingZeros(largest)) / 8;
            int octets = (int) constrained(1, most, in);
            offset = in.alignedNumber(octets);
        }
        if (offset < 0 || offset > largest) {
            throw in.fail("%d where at most %d may stand".formatted(lower + offset, upper));
        }
        return lower + offset;
    }

    /// A number in counted octets, with a sign or without.
    private long counted(boolean signed, BitReader in) {
        var octets = counted(in);
        if (octets.length == 0 || octets.length > 8 || !signed && octets.length == 8 && octets[0] < 0) {
            throw in.fail("a number of " + octets.length + " octets; 1 to 8 are read");
        }
        long value = signed && octets[0] < 0 ? -1 : 0;
        for (byte b : octets) {
            value = value << 8 | b & 0xff;
        }
        return value;
    }

    /// Clause 11.6.
    private int normallySmall(BitReader in) {
        if (!in.bit()) {
            return (int) in.bits(6);
        }
        long value = counted(false, in);
        if (value > limits.values()) {
            throw in.fail("alternative " + value + " of a choice");
        }
        return (int) value;
    }

    /// Clause 11.9.3.4.
    private int normallySmallLength(BitReader in) {
        if (!in.bit()) {
            return (int) in.bits(6) + 1;
        }
        var lengths = lengths(Bounds.ANY_SIZE, in);
        int count = lengths.next();
        if (count == 0 || count > 8 * in.remaining() || lengths.hasNext()) {
            throw in.fail(count + " extension additions announced");
        }
        return count;
    }

    /// Octets behind a general length: the contents of an open type, an object identifier and the like.
    private byte[] counted(BitReader in) {
        return octetString(Bounds.ANY_SIZE, in);
    }

    /// Clause 17. Up to two octets of fixed size are not aligned.
    private byte[] octetString(Bounds size, BitReader in) {
        if (size.fixed() && size.upper() <= 2) {
            var octets = new byte[(int) size.upper()];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) in.bits(8);
            }
            return octets;
        }
        var all = new ByteArrayOutputStream();
        var lengths = lengths(size, in);
        while (lengths.hasNext()) {
            int count = lengths.next();
            if (count > 0) {
                requireShort(all.size() + count, in);
                all.writeBytes(in.octets(count));
            }
        }
        return all.toByteArray();
    }

    /// Clause 16. Up to 16 bits of fixed size are not aligned.
    private Value bitString(Bounds size, BitReader in) {
        boolean aligned = !size.fixed() || size.upper() > 16;
        var all = new BitWriter();
        int total = 0;
        var lengths = lengths(size, in);
        while (lengths.hasNext()) {
            int count = lengths.next();
            if (count > 0 && aligned) {
                in.align();
            }
            total += count;
            requireShort(total / 8, in);
            for (int left = count; left > 0; left -= 32) {
                all.bits(in.bits(Math.min(32, left)), Math.min(32, left));
            }
        }
        return new Value.Bits(total == 0 ? Octets.EMPTY : Octets.of(all.toArray()), total);
    }

    /// Clause 30.5.
    private Value text(Type.Text type, BitReader in) {
        var alphabet = type.alphabet();
        if (alphabet.bits() == 0) {
            return new Value.Text(Octets.of(counted(in)).latin1());
        }
        var text = new StringBuilder();
        var lengths = lengths(type.size(), in);
        while (lengths.hasNext()) {
            int count = lengths.next();
            if (count > 0 && PerEncoder.alignsText(type)) {
                in.align();
            }
            requireShort(text.length() + count, in);
            for (int i = 0; i < count; i++) {
                int number = (int) in.bits(alphabet.bits());
                int character = alphabet.toCharacter(number);
                if (character < 0) {
                    throw in.fail("character number " + number + " is not in the permitted alphabet");
                }
                text.append((char) character);
            }
        }
        return new Value.Text(text.toString());
    }

    private void requireShort(int length, BitReader in) {
        if (length > limits.octets()) {
            throw in.fail("a string longer than " + limits.octets());
        }
    }

    /// The lengths of a string or list (clause 11.9): usually one; several when it comes in fragments of 16K. Each is read when it is asked
    /// for, since the contents of the fragment before it stand in between.
    private Iterator<Integer> lengths(Bounds size, BitReader in) {
        boolean outsideOfRoot = size.extensible() && in.bit();
        if (!outsideOfRoot && size.hasUpper() && size.upper() < 65536) {
            return List.of((int) constrained(size.lower(), size.upper(), in)).iterator();
        }
        return new Iterator<>() {
            private boolean more = true;

            @Override
            public boolean hasNext() {
                return more;
            }

            @Override
            public Integer next() {
                int first = (int) in.alignedNumber(1);
                more = first >= 0xc0;
                if (first < 0x80) {
                    return first;
                }
                if (first < 0xc0) {
                    return (first & 0x3f) << 8 | (int) in.alignedNumber(1);
                }
                int fragments = first & 0x3f;
                if (fragments < 1 || fragments > 4) {
                    throw in.fail("a length in " + fragments + " fragments of 16K; 1 to 4 are possible");
                }
                return fragments * 16384;
            }
        };
    }
}

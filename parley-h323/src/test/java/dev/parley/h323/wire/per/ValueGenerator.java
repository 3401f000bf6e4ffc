package dev.parley.h323.wire.per;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/// Random values that fit a type. They become small and plain with depth, so that recursive types end.
public final class ValueGenerator {
    private static final int DEEP = 14;
    private static final int MOST_PREFERRED = 28;

    private final Random random;
    private final Predicate<Type.Field> wanted;
    private final long beyond;
    private Predicate<Type.Field> preferred = _ -> false;

    /// @param wanted which optional fields and alternatives may be chosen
    public ValueGenerator(long seed, Predicate<Type.Field> wanted) {
        this(seed, wanted, 3_000_000_000L);
    }

    /// @param beyond how far numbers without an upper bound go above the lower one, or above 0
    public ValueGenerator(long seed, Predicate<Type.Field> wanted, long beyond) {
        random = new Random(seed * 0x9e3779b97f4a7c15L);
        this.wanted = wanted;
        this.beyond = beyond;
    }

    /// @param first where the way shall lead: of a choice one of these is taken, and such a field is there half of the time
    public ValueGenerator preferring(Predicate<Type.Field> first) {
        preferred = first;
        return this;
    }

    public ValueGenerator(long seed) {
        this(seed, _ -> true);
    }

    public Value generate(Type type) {
        return generate(type, 0);
    }

    private Value generate(Type type, int depth) {
        return switch (type) {
            case Type.Named n -> generate(n.target(), depth);
            case Type.Null _ -> Value.NULL;
            case Type.Bool _ -> new Value.Flag(random.nextBoolean());
            case Type.Int i -> new Value.Number(number(i.bounds()));
            case Type.Octet o -> new Value.Bytes(octets(size(o.size())));
            case Type.Open _ -> new Value.Bytes(octets(1 + random.nextInt(5)));
            case Type.Bit b -> bits(size(b.size()));
            case Type.Oid _ -> new Value.Oid("0.0.8." + random.nextInt(70_000) + "." + random.nextInt(200));
            case Type.Text t -> new Value.Text(text(t));
            case Type.ListOf l -> list(l, depth);
            case Type.Sequence s -> sequence(s, depth);
            case Type.Choice c -> choice(c, depth);
        };
    }

    private long number(Bounds bounds) {
        long lower = bounds.hasLower() ? bounds.lower() : -100_000;
        long upper = bounds.hasUpper() ? bounds.upper() : Math.max(lower, 0) + beyond;
        return switch (random.nextInt(4)) {
            case 0 -> lower;
            case 1 -> bounds.extensible() ? upper + 1 + random.nextInt(1000) : upper;
            default -> lower + (long) (random.nextDouble() * (upper - lower));
        };
    }

    private int size(Bounds bounds) {
        long upper = Math.min(bounds.upper(), bounds.lower() + (random.nextInt(10) == 0 ? 200 : 5));
        return (int) (bounds.lower() + random.nextLong(upper - bounds.lower() + 1));
    }

    private Octets octets(int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return Octets.of(bytes);
    }

    private Value bits(int count) {
        var bytes = octets((count + 7) / 8).toArray();
        if (count % 8 != 0) {
            bytes[bytes.length - 1] &= (byte) (0xff00 >> count % 8);
        }
        return new Value.Bits(Octets.of(bytes), count);
    }

    private String text(Type.Text type) {
        var alphabet = type.alphabet().characters();
        var text = new StringBuilder();
        for (int left = size(type.size()); left > 0; left--) {
            text.append(alphabet.isEmpty() ? (char) ('a' + random.nextInt(26)) : alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private Value list(Type.ListOf type, int depth) {
        var items = new ArrayList<Value>();
        int most = depth > DEEP / 2 ? 1 : 3;
        long count = type.size().lower() + (depth > DEEP ? 0 : random.nextInt(most + 1));
        if (count == 0 && likely(new Type.Field("", false, type.element()), depth)) {
            count = 1;
        }
        for (long i = Math.min(count, type.size().upper()); i > 0; i--) {
            items.add(generate(type.element(), depth + 1));
        }
        return new Value.Items(items);
    }

    private Value sequence(Type.Sequence type, int depth) {
        var fields = new LinkedHashMap<String, Value>();
        for (var field : type.root()) {
            if (!field.optional() || likely(field, depth) || wanted.test(field) && random.nextInt(depth + 2) == 0) {
                fields.put(field.name(), generate(field.type(), depth + 1));
            }
        }
        for (var field : type.additions()) {
            if (likely(field, depth) || wanted.test(field) && random.nextInt(2 * depth + 3) == 0) {
                fields.put(field.name(), generate(field.type(), depth + 1));
            }
        }
        return new Value.Struct(fields, 0, Map.of());
    }

    private Value choice(Type.Choice type, int depth) {
        var fields = new ArrayList<>(type.root());
        fields.addAll(type.additions());
        List<Type.Field> able = fields.stream().filter(wanted).toList();
        var leading = able.stream().filter(f -> isPreferred(f, depth)).toList();
        if (!leading.isEmpty()) {
            able = leading;
        } else if (depth > DEEP) {
            var plain = able.stream().filter(f -> !leadsOn(f.type())).toList();
            able = plain.isEmpty() ? able.subList(0, 1) : plain;
        }
        var field = able.get(random.nextInt(able.size()));
        return new Value.Chosen(field.name(), type.enumerated() ? Value.NULL : generate(field.type(), depth + 1));
    }

    private boolean likely(Type.Field field, int depth) {
        return isPreferred(field, depth) && random.nextBoolean();
    }

    private boolean isPreferred(Type.Field field, int depth) {
        return depth < MOST_PREFERRED && preferred.test(field) && wanted.test(field);
    }

    private static boolean leadsOn(Type type) {
        return switch (type) {
            case Type.Named n -> leadsOn(n.target());
            case Type.Sequence _, Type.Choice _, Type.ListOf _ -> true;
            default -> false;
        };
    }
}

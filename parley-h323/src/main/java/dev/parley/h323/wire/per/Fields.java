package dev.parley.h323.wire.per;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of a sequence by name, in their order; immutable. A sequence has few, so they stand one after the other: to look through them is
/// quicker than to hash, and one field more is one small copy.
final class Fields extends AbstractMap<String, Value> {
    static final Fields NONE = new Fields(new String[0], new Value[0]);

    private final String[] names;
    private final Value[] values;

    private Fields(String[] names, Value[] values) {
        this.names = names;
        this.values = values;
    }

    static Fields of(Map<String, Value> fields) {
        return fields instanceof Fields f ? f : new Fields(fields.keySet().toArray(String[]::new), fields.values().toArray(Value[]::new));
    }

    /// In its place when it is there already, otherwise at the end.
    Fields with(String name, Value value) {
        int at = indexOf(name);
        boolean isNew = at < 0;
        var moreNames = isNew ? Arrays.copyOf(names, names.length + 1) : names;
        var moreValues = Arrays.copyOf(values, moreNames.length);
        if (isNew) {
            at = names.length;
            moreNames[at] = name;
        }
        moreValues[at] = value;
        return new Fields(moreNames, moreValues);
    }

    @Override
    public @Nullable Value get(@Nullable Object name) {
        int at = indexOf(name);
        return at < 0 ? null : values[at];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return indexOf(name) >= 0;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public Set<Entry<String, Value>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, Value>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return names.length;
            }
        };
    }

    private int indexOf(@Nullable Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private final class Entries implements Iterator<Entry<String, Value>> {
        private int at;

        @Override
        public boolean hasNext() {
            return at < names.length;
        }

        @Override
        public Entry<String, Value> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return Map.entry(names[at], values[at++]);
        }
    }
}

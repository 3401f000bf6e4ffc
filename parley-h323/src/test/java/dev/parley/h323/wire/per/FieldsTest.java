package dev.parley.h323.wire.per;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldsTest {
    @Test
    void itIsTheMapThatALinkedHashMapWouldBe() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var fields = Fields.NONE;
        var map = new LinkedHashMap<String, Value>();
        for (int i = 0; i < 200; i++) {
            var name = "field" + random.nextInt(40);
            var value = Value.number(i);
            var before = fields;
            var then = Map.copyOf(map);
            fields = fields.with(name, value);
            map.put(name, value);
            assertThat(before).as("seed %s", seed).isEqualTo(then);
        }
        assertThat(fields).as("seed %s", seed).isEqualTo(map).hasSameHashCodeAs(map).hasSize(map.size());
        assertThat(List.copyOf(fields.keySet())).as("in their order, seed %s", seed).isEqualTo(List.copyOf(map.keySet()));
        assertThat(fields.get("nobody")).isNull();
        assertThat(fields.containsKey("nobody")).isFalse();
        assertThat(Fields.of(fields)).isSameAs(fields);
    }

    @Test
    void nobodyCanChangeIt() {
        var source = new HashMap<String, Value>(Map.of("a", Value.NULL));
        var fields = Fields.of(source);
        source.clear();

        assertThat(fields).hasSize(1);
        assertThatThrownBy(() -> fields.put("b", Value.NULL)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> fields.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        var entries = fields.entrySet().iterator();
        assertThatThrownBy(() -> entries.next().setValue(Value.NULL)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
    }
}

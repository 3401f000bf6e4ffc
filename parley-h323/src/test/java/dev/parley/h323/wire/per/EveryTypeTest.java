package dev.parley.h323.wire.per;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Pdu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Generated values of every type of the modules.
class EveryTypeTest {
    private static final long SEED = Long.getLong("parley.seed", 225);

    static Stream<Schema> modules() {
        return Stream.of(Pdu.Modules.H235, Pdu.Modules.H245, Pdu.Modules.H225, Pdu.Modules.ROBUST);
    }

    @Test
    void theModulesHaveAllTheirTypes() {
        assertThat(modules().map(m -> m.types().size())).containsExactly(38, 270, 174, 9);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void areReadBackAsTheyWereWritten(Schema module) {
        module.types().forEach((name, type) -> {
            for (int i = 0; i < 25; i++) {
                var value = new ValueGenerator(SEED + i).generate(type);
                var octets = PerEncoder.encode(type, value);
                assertThat(PerDecoder.decode(type, octets, Limits.DEFAULT)).as("%s, seed %s", name, SEED + i).isEqualTo(value);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("modules")
    void cutAnywhereAreMalformed(Schema module) {
        var read = new ArrayList<String>();
        module.types().forEach((name, type) -> {
            var octets = PerEncoder.encode(type, new ValueGenerator(SEED).generate(type));
            for (int cut = 0; cut < octets.length; cut++) {
                if (isRead(type, Arrays.copyOf(octets, cut))) {
                    read.add(name + " cut at " + cut + " of " + octets.length);
                }
            }
        });

        assertThat(read).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void withOctetsDamagedAreReadOrMalformedButNothingElse(Schema module) {
        var random = new Random(SEED);
        module.types().forEach((_, type) -> {
            for (int i = 0; i < 20; i++) {
                var octets = PerEncoder.encode(type, new ValueGenerator(SEED + i).generate(type));
                for (int hit = 0; hit < 3; hit++) {
                    octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
                }
                isRead(type, octets);
            }
        });
    }

    @Test
    void nestingHasALimit() {
        var type = Schema.parse("T choice\n  end\n  more T\n", Map.of()).type("T");
        Value nested = Value.choice("end");
        for (int i = 0; i < 62; i++) {
            nested = Value.choice("more", nested);
        }
        var most = nested;
        assertThat(PerDecoder.decode(type, PerEncoder.encode(type, most), Limits.DEFAULT)).isEqualTo(most);

        var octets = PerEncoder.encode(type, Value.choice("more", most));

        assertThatThrownBy(() -> PerDecoder.decode(type, octets, Limits.DEFAULT))
                .isInstanceOf(ProtocolViolation.class).hasMessageContaining("64 deep");
    }

    @Test
    void theNumberOfValuesHasALimitEvenWhenTheyTakeNoOctets() {
        var type = Schema.parse("T list of list of null\n", Map.of()).type("T");
        var limits = new Limits(64, 1000, 1 << 17);

        assertThat(PerDecoder.decode(type, Octets.ofHex("01" + "83e5").toArray(), limits).listAt("0")).hasSize(997);
        assertThatThrownBy(() -> PerDecoder.decode(type, Octets.ofHex("01" + "83e8").toArray(), limits))
                .isInstanceOf(ProtocolViolation.class).hasMessageContaining("more than 1000 values");
    }

    @Test
    void theLengthOfAMessageHasALimit() {
        var type = Schema.parse("T octets\n", Map.of()).type("T");
        var limits = new Limits(64, 1000, 9);

        assertThat(PerDecoder.decode(type, Octets.ofHex("080102030405060708").toArray(), limits)).isInstanceOf(Value.Bytes.class);
        assertThatThrownBy(() -> PerDecoder.decode(type, Octets.ofHex("09010203040506070809").toArray(), limits))
                .isInstanceOf(ProtocolViolation.class).hasMessageContaining("at most 9");
    }

    private static boolean isRead(Type type, byte[] octets) {
        try {
            PerDecoder.decode(type, octets, Limits.DEFAULT);
            return true;
        } catch (ProtocolViolation e) {
            return false;
        }
    }
}

package dev.parley.h323.machine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.ValueGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What the PROTOS suite for H.225 did to other stacks: Setup messages with wrong lengths, counts, identifiers and endings. Whatever comes,
/// the machine ends that call or goes on with it; it never throws.
class HostileInputTest {
    private static final long SEED = Long.getLong("parley.seed", 1720);
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);

    private static Octets setup() throws IOException {
        try (var in = Pdu.class.getResourceAsStream("captured-calls.txt")) {
            var line = new String(in.readAllBytes(), US_ASCII).lines().filter(l -> l.startsWith("fast-tunnelled h225 a")).findFirst().orElseThrow();
            return Octets.ofHex(line.substring(line.lastIndexOf(' ') + 9));
        }
    }

    private static CallMachine callee() {
        return new CallMachine(CallPair.config(2, CallConfig.Style.FAST_TUNNELLED, Optional.empty(), 1, ALAW));
    }

    private static void survives(byte[] octets) {
        var machine = callee();
        var effects = machine.handle(new Event.Signal(Octets.of(octets)), 0);
        assertThat(machine.state()).isIn(CallState.NULL, CallState.PRESENT, CallState.ENDED);
        assertThat(effects.size()).isLessThan(300);
        machine.handle(new Event.Answer(), 1);
        machine.handle(new Event.SignalLost("gone"), 2);
        assertThat(machine.state()).isEqualTo(CallState.ENDED);
    }

    @Test
    void theUndamagedSetupIsACall() throws IOException {
        var machine = callee();

        machine.handle(new Event.Signal(setup()), 0);

        assertThat(machine.state()).isEqualTo(CallState.PRESENT);
    }

    @Test
    void everyOctetWithEveryKindOfWrongValue() throws IOException {
        var good = setup().toArray();
        for (int at = 0; at < good.length; at++) {
            for (int wrong : List.of(0x00, 0x01, 0x7f, 0x80, 0xff, good[at] ^ 0x40, good[at] + 1)) {
                var bad = good.clone();
                bad[at] = (byte) wrong;
                survives(bad);
            }
        }
    }

    @Test
    void cutAtEveryOctetAndFilledUpBehindIt() throws IOException {
        var good = setup().toArray();
        for (int cut = 0; cut < good.length; cut++) {
            survives(Arrays.copyOf(good, cut));
            var filled = Arrays.copyOf(good, 4000);
            Arrays.fill(filled, cut, filled.length, (byte) 0xff);
            survives(filled);
        }
    }

    @Test
    void severalOctetsAtRandom() throws IOException {
        var random = new Random(SEED);
        for (int i = 0; i < 3000; i++) {
            var bad = setup().toArray();
            for (int hits = 1 + random.nextInt(8); hits > 0; hits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            survives(bad);
        }
    }

    @Test
    void anyMessageOfH245InAnyOrderIsTaken() {
        for (int seed = 0; seed < 300; seed++) {
            var pair = new CallPair(CallPair.config(1, CallConfig.Style.SLOW_SEPARATE, CallPair.toCallee(), seed, ALAW),
                    CallPair.config(2, CallConfig.Style.SLOW_SEPARATE, Optional.empty(), seed, ALAW), seed);
            pair.caller.does(new Event.Place());
            pair.run(java.time.Duration.ofSeconds(1));
            pair.callee.does(new Event.Answer());
            pair.run(java.time.Duration.ofSeconds(1));
            for (int i = 0; i < 10; i++) {
                pair.callee.does(new Event.Control(Pdu.H245.encode(new ValueGenerator(SEED + 10L * seed + i).generate(Pdu.H245.type()))));
            }
            pair.run(java.time.Duration.ofSeconds(1));
            pair.callee.does(new Event.SignalLost("gone"));
            pair.callee.does(new Event.ControlLost("gone"));

            assertThat(pair.callee.machine.state()).as("seed %s", SEED + 10L * seed).isEqualTo(CallState.ENDED);
        }
    }
}

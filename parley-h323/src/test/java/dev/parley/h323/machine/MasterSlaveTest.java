package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is master (MSDSE, C.2/H.245): numbers that decide nothing are drawn again, ten times (N100).
class MasterSlaveTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final long HALF = 1 << 23;

    private static CallPair talking(LongSupplier caller, LongSupplier callee) {
        var pair = new CallPair(CallPair.withRandom(CallPair.config(1, Style.SLOW_SEPARATE, CallPair.toCallee(), 3, ALAW), caller),
                CallPair.withRandom(CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 3, ALAW), callee), 3);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    /// The same number from the first one on, and another one after so many.
    private static LongSupplier sameFor(int times, long same, long then) {
        var drawn = new AtomicLong();
        return () -> drawn.incrementAndGet() <= times ? same : then;
    }

    /// Equal numbers, and those that are half of the circle apart.
    @ParameterizedTest
    @ValueSource(longs = {0, HALF})
    void nineTriesThatDecideNothingAndTheTenthDoes(long apart) {
        var pair = talking(sameFor(9, 77, 5), sameFor(9, 77 + apart, 6));

        assertThat(pair.caller.seen(Effect.ControlReady.class)).as("%s", pair.trace).hasSize(1);
        assertThat(pair.callee.seen(Effect.ControlReady.class)).hasSize(1);
        assertThat(pair.caller.seen(Effect.ControlReady.class).getFirst().master())
                .isNotEqualTo(pair.callee.seen(Effect.ControlReady.class).getFirst().master());
        assertThat(pair.caller.sent("masterSlaveDetermination").size()).isLessThanOrEqualTo(10);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, HALF})
    void tenTriesThatDecideNothingEndTheCall(long apart) {
        var pair = talking(() -> 77, () -> 77 + apart);

        assertThat(pair.caller.sent("masterSlaveDetermination").size()).isEqualTo(10);
        assertThat(pair.caller.end().words()).isEqualTo("master and slave could not be told apart in 10 tries");
    }

    /// The difference counts modulo 2^24: below the half, the other one's number is "greater" and we are master.
    @Test
    void theDifferenceDecidesAroundTheCircle() {
        for (var numbers : new long[][] {{5, 6}, {0xff_ffff, 0}, {0, HALF - 1}, {HALF + 1, 0}}) {
            var pair = talking(() -> numbers[0], () -> numbers[1]);

            assertThat(pair.caller.seen(Effect.ControlReady.class)).as("%d and %d", numbers[0], numbers[1])
                    .containsExactly(new Effect.ControlReady(true));
            assertThat(pair.callee.seen(Effect.ControlReady.class)).containsExactly(new Effect.ControlReady(false));
        }
    }

    @Test
    void theHigherTerminalTypeIsMasterWhateverTheNumbers() {
        var pair = talking(() -> 5, () -> 6);
        var gateway = Value.struct().with("terminalType", 60).with("statusDeterminationNumber", 5);

        pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.request("masterSlaveDetermination", gateway))));

        assertThat(pair.caller.sent("masterSlaveDeterminationAck").getLast().chosenAt("decision")).contains("master");
    }

    /// A peer that only answers: it refuses equal numbers, and is asked again ten times in all.
    @Test
    void rejectedNumbersAreDrawnAgainTenTimesInAll() {
        var callee = new CallMachine(CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 1, ALAW));
        callee.handle(new Event.ControlConnected(), 0);
        var reject = new Event.Control(Pdu.H245.encode(
                Controls.response("masterSlaveDeterminationReject", Value.struct().with("cause", Value.choice("identicalNumbers")))));

        for (int asked = 1; asked < 10; asked++) {
            assertThat(callee.handle(reject, asked)).filteredOn(Effect.SendControl.class::isInstance).singleElement()
                    .satisfies(e -> assertThat(CallPair.name(((Effect.SendControl) e).message())).isEqualTo("masterSlaveDetermination"));
        }

        assertThat(callee.handle(reject, 10)).contains(new Effect.Ended(new CallEnd.Lost("master and slave could not be told apart in 10 tries")));
    }

    /// A peer that begins with it and tells its capabilities only when it knows ours.
    @Test
    void whoeverBeginsWithItHearsOurCapabilitiesToo() {
        var pair = new CallPair(CallPair.config(1, Style.SLOW_TUNNELLED, CallPair.toCallee(), 3, ALAW),
                CallPair.config(2, Style.SLOW_TUNNELLED, Optional.empty(), 3, ALAW), 3);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);

        pair.callee.does(new Event.Control(Pdu.H245.encode(Controls.request("masterSlaveDetermination",
                Value.struct().with("terminalType", 50).with("statusDeterminationNumber", 1)))));

        assertThat(pair.callee.seen(Effect.Start.class)).extracting(Effect.Start::timer).contains(Timer.T101, Timer.T106);
    }

    @Test
    void bothCannotBeTheSame() {
        var callee = new CallMachine(CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 1, ALAW));
        callee.handle(new Event.ControlConnected(), 0);
        callee.handle(new Event.Control(Pdu.H245.encode(Controls.request("masterSlaveDetermination",
                Value.struct().with("terminalType", 190).with("statusDeterminationNumber", 1)))), 1);

        var effects = callee.handle(new Event.Control(Pdu.H245.encode(Controls.response("masterSlaveDeterminationAck",
                Value.struct().with("decision", Value.choice("master"))))), 2);

        assertThat(effects).contains(new Effect.Ended(new CallEnd.Lost("both sides are master")));
    }
}

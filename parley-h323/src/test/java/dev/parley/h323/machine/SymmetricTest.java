package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two sides that prefer different codecs and must have the same one in both directions: the master's wins.
class SymmetricTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 20);
    private static final Capability H264 = Capability.h264(64, 29, 5120);
    private static final Capability H263 = Capability.h263(5000);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static CallConfig caller(Style style, long seed) {
        return CallPair.config(1, style, CallPair.toCallee(), seed, ALAW, ULAW, H264, H263);
    }

    private static CallConfig callee(Style style, long seed) {
        return CallPair.config(2, style, Optional.empty(), seed, ULAW, ALAW, H263, H264);
    }

    private static CallPair talking(CallConfig caller, CallConfig callee, long seed) {
        var pair = new CallPair(caller, callee, seed);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    private static Codec sends(CallPair.End end, Codec.Kind kind) {
        return end.seen(Effect.SendMedia.class).stream().filter(m -> m.kind() == kind).toList().getLast().format().codec();
    }

    private static Codec receives(CallPair.End end, Codec.Kind kind) {
        return end.seen(Effect.ReceiveMedia.class).stream().filter(m -> m.kind() == kind).toList().getLast().format().codec();
    }

    private static void alike(CallPair pair) {
        for (var kind : Codec.Kind.values()) {
            var codec = sends(pair.caller, kind);
            assertThat(List.of(receives(pair.caller, kind), sends(pair.callee, kind), receives(pair.callee, kind))).as("%s", pair.trace)
                    .containsOnly(codec);
        }
    }

    private static CallPair.End master(CallPair pair) {
        return pair.caller.seen(Effect.ControlReady.class).getFirst().master() ? pair.caller : pair.callee;
    }

    /// Both open at once: what the slave asks for is refused, and it opens the master's.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoConflictingChannelsTheMastersStays(boolean tunnelled) {
        var style = tunnelled ? Style.SLOW_TUNNELLED : Style.SLOW_SEPARATE;
        int conflicts = 0;
        int mastersAsCaller = 0;
        for (long seed = 0; seed < 60; seed++) {
            var pair = talking(CallPair.symmetric(caller(style, seed)), CallPair.symmetric(callee(style, seed)), seed);

            alike(pair);
            var master = master(pair);
            assertThat(master.noted("masterSlaveConflict")).as("seed %s", seed).isFalse();
            if (master.other().noted("masterSlaveConflict")) {
                conflicts++;
                mastersAsCaller += master == pair.caller ? 1 : 0;
                assertThat(sends(pair.caller, Codec.Kind.AUDIO)).isEqualTo(master == pair.caller ? Codec.G711_ALAW : Codec.G711_ULAW);
            }
            if (master.other().noted("masterSlaveConflict") && !tunnelled) {
                assertThat(master.sent("openLogicalChannelReject")).allSatisfy(r -> assertThat(r.chosenAt("cause")).contains("masterSlaveConflict"));
                assertThat(master.other().sent("openLogicalChannel")).hasSize(2 + master.sent("openLogicalChannelReject").size());
            }
        }
        assertThat(conflicts).as("calls in which both opened at once").isPositive();
        assertThat(mastersAsCaller).as("with either one as the master").isBetween(1, conflicts - 1);
    }

    /// The other one would do with two; it learns of the demand by receiveAndTransmit capabilities.
    @Test
    void aPeerThatCanDoOnlyOneIsFollowed() {
        for (long seed = 0; seed < 60; seed++) {
            var style = seed % 2 == 0 ? Style.SLOW_TUNNELLED : Style.SLOW_SEPARATE;
            alike(talking(CallPair.symmetric(caller(style, seed)), callee(style, seed), seed));
            alike(talking(caller(style, seed), CallPair.symmetric(callee(style, seed)), seed));
        }
    }

    @Test
    void whereNobodyDemandsItEachSendsWhatItPrefers() {
        var pair = talking(caller(Style.SLOW_TUNNELLED, 3), callee(Style.SLOW_TUNNELLED, 3), 3);

        assertThat(sends(pair.caller, Codec.Kind.AUDIO)).isEqualTo(Codec.G711_ALAW);
        assertThat(sends(pair.callee, Codec.Kind.AUDIO)).isEqualTo(Codec.G711_ULAW);
    }

    /// Fast connect knows no master: what it opened apart is put right when there is one.
    @Test
    void whatFastConnectOpenedIsAlikeInTheEnd() {
        for (long seed = 0; seed < 20; seed++) {
            alike(talking(CallPair.symmetric(caller(Style.FAST_TUNNELLED, seed)), CallPair.symmetric(callee(Style.FAST_TUNNELLED, seed)), seed));
        }
    }

    /// The slave changes, is refused, and goes back; the master changes, and the slave follows.
    @Test
    void anotherFormatOnRequestLeavesBothAlike() {
        for (long seed = 0; seed < 20; seed++) {
            var pair = talking(CallPair.symmetric(caller(Style.SLOW_SEPARATE, seed)), CallPair.symmetric(callee(Style.SLOW_SEPARATE, seed)), seed);
            var before = sends(pair.caller, Codec.Kind.AUDIO);
            var other = before == Codec.G711_ALAW ? Codec.G711_ULAW : Codec.G711_ALAW;

            pair.callee.does(new Event.WantMode(other));
            pair.run(SHORT);

            alike(pair);
            assertThat(sends(pair.caller, Codec.Kind.AUDIO)).as("seed %s", seed).isEqualTo(master(pair) == pair.caller ? other : before);
        }
    }
}

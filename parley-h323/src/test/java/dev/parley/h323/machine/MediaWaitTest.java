package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Capability.Use;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A call of two sides that have no format in common.
class MediaWaitTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability G722 = Capability.audio(Codec.G722, 20);
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration MOMENT = Duration.ofMillis(1);

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE, new Style(true, true, true),
                new Style(false, true, true));
    }

    private static CallPair pair(Style style, List<Capability> callers, List<Capability> callees) {
        var pair = new CallPair(CallPair.config(1, style, CallPair.toCallee(), 1, callers.toArray(Capability[]::new)),
                CallPair.config(2, style, Optional.empty(), 1, callees.toArray(Capability[]::new)), 1);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        return pair;
    }

    private static CallPair talking(Style style, List<Capability> callers, List<Capability> callees) {
        var pair = pair(style, callers, callees);
        pair.run(SHORT);
        assertGoesOn(pair);
        return pair;
    }

    private static void assertGoesOn(CallPair pair) {
        for (var end : List.of(pair.caller, pair.callee)) {
            assertThat(end.machine.state()).as("%s: %s", end.name, pair.trace).isEqualTo(CallState.ACTIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void theCallEndsAndSaysWhy(Style style) {
        var pair = talking(style, List.of(ALAW), List.of(G722));
        pair.run(Duration.ofSeconds(15));

        var ends = Stream.of(pair.caller, pair.callee).map(e -> (CallEnd.Cleared) e.end()).toList();
        assertThat(ends).allSatisfy(e -> {
            assertThat(e.cause()).isEqualTo(Cause.INCOMPATIBLE);
            assertThat(e.wasConnected()).isTrue();
            assertThat(e.isOrderly()).isFalse();
        });
        assertThat(ends).extracting(CallEnd.Cleared::by).contains(Side.LOCAL);
        assertThat(ends.stream().map(e -> e.reason().orElseThrow())).as("each side tells of its own formats").doesNotHaveDuplicates().allMatch(
                r -> r.matches("noCommonFormat: this side has "
                        + "(G.711 A-law(, the other side takes G.722)?|G.722(, the other side takes G.711 A-law)?)"));
        for (var end : List.of(pair.caller, pair.callee)) {
            assertThat(end.seen(Effect.SendMedia.class)).isEmpty();
            assertThat(end.seen(Effect.ReceiveMedia.class)).isEmpty();
        }
    }

    /// By one side alone: the other does not end it.
    @Test
    void thePeerHasItsTime() {
        var pair = pair(Style.SLOW_TUNNELLED, List.of(ALAW), List.of(G722.used(Use.RECEIVE)));
        while (pair.caller.seen(Effect.Start.class).stream().noneMatch(s -> s.timer() == Timer.MEDIA)) {
            pair.run(MOMENT);
        }

        pair.run(Timer.MEDIA.usual().minus(MOMENT.multipliedBy(2)));
        assertGoesOn(pair);
        pair.run(MOMENT.multipliedBy(2));

        assertThat(pair.caller.end()).isInstanceOf(CallEnd.Cleared.class);
    }

    /// It told nothing of what it can send.
    @Test
    void aChannelOfThePeerIsMediaEnough() {
        var pair = talking(Style.SLOW_SEPARATE, List.of(ALAW), List.of(G722.used(Use.RECEIVE)));

        pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.request("openLogicalChannel",
                Controls.openChannel(7, ALAW, CallPair.address(2, 5001))))));
        pair.run(Duration.ofMinutes(2));

        assertThat(pair.caller.seen(Effect.ReceiveMedia.class)).hasSize(1);
        assertGoesOn(pair);
    }

    @Test
    void otherFormatsMayStillBeTold() {
        var pair = talking(Style.SLOW_TUNNELLED, List.of(ALAW), List.of(G722));

        pair.callee.does(new Event.Offer(List.of(ALAW)));
        pair.run(Duration.ofMinutes(2));

        assertThat(pair.caller.seen(Effect.SendMedia.class)).hasSize(1);
        assertGoesOn(pair);
    }

    /// Whoever wants no media for now is held.
    @Test
    void aPauseIsNoLackOfFormats() {
        var pair = talking(Style.SLOW_TUNNELLED, List.of(ALAW), List.of(G722.used(Use.RECEIVE)));

        pair.callee.does(new Event.Pause(true));
        pair.run(Duration.ofMinutes(2));
        assertGoesOn(pair);

        pair.callee.does(new Event.Pause(false));
        pair.run(Duration.ofSeconds(10));
        assertThat(((CallEnd.Cleared) pair.caller.end()).reason()).hasValueSatisfying(r -> assertThat(r).startsWith("noCommonFormat"));
    }

    @Test
    void aCallThatHadMediaGoesOnWithoutUntilThereIsSome() {
        var pair = talking(Style.SLOW_TUNNELLED, List.of(ALAW), List.of(ALAW));

        pair.callee.does(new Event.Offer(List.of(G722)));
        pair.run(Duration.ofMinutes(2));

        assertThat(pair.caller.seen(Effect.StopSending.class)).hasSize(1);
        assertGoesOn(pair);
    }

    @Test
    void oneKindInCommonIsEnough() {
        var h264 = Capability.h264(64, 29, 5120);
        var pair = talking(Style.FAST_TUNNELLED, List.of(ALAW, h264), List.of(G722, h264));
        pair.run(Duration.ofMinutes(2));

        assertThat(pair.caller.seen(Effect.NoFormat.class)).containsExactly(new Effect.NoFormat(Codec.Kind.AUDIO, List.of(ALAW), List.of(G722)));
        assertGoesOn(pair);
    }

    @Test
    void whoWantsToSendNothingIsNotEnded() {
        var pair = talking(Style.SLOW_TUNNELLED, List.of(ALAW.used(Use.RECEIVE)), List.of(G722.used(Use.RECEIVE)));
        pair.run(Duration.ofMinutes(2));

        assertGoesOn(pair);
    }

    /// Fast connect opens nothing, and nobody opens H.245.
    @Test
    void withoutH245ItIsKnownAfterItsTime() {
        var pair = new CallPair(CallPair.config(1, Style.FAST_SEPARATE, CallPair.toCallee(), 1, ALAW),
                CallPair.config(2, Style.FAST_SEPARATE, Optional.empty(), 1, G722), 1);
        pair.listens = false;
        pair.lostSignals.add(MessageType.FACILITY);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(Timer.FILM.usual().minus(MOMENT));
        assertGoesOn(pair);
        pair.run(SHORT);

        for (var end : List.of(pair.caller, pair.callee)) {
            assertThat(((CallEnd.Cleared) end.end()).cause()).isEqualTo(Cause.INCOMPATIBLE);
        }
        assertThat(Stream.of(pair.caller, pair.callee).flatMap(e -> ((CallEnd.Cleared) e.end()).reason().stream()))
                .isNotEmpty().allMatch(r -> r.endsWith("the other side has taken nothing of it, and opens no H.245"));
    }
}

package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.MessageType;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A call with fast connect and without H.245: the callee cannot listen for it.
class StatusChecksTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofMillis(200);
    private static final Duration HOUR = Duration.ofHours(1);
    /// Three times the pause of the configuration and T322.
    private static final Duration UNTIL_LOST = CallPair.LIVENESS.plusSeconds(4).multipliedBy(3);
    private static final Set<MessageType> STATUS = Set.of(MessageType.STATUS, MessageType.STATUS_INQUIRY);

    private static CallPair talking(boolean returning) {
        var caller = CallPair.config(1, Style.FAST_SEPARATE, CallPair.toCallee(), 1, ALAW);
        var callee = CallPair.config(2, Style.FAST_SEPARATE, Optional.empty(), 1, ALAW);
        var pair = new CallPair(returning ? CallPair.returning(caller) : caller, returning ? CallPair.returning(callee) : callee, 1);
        pair.listens = false;
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(MOMENT);
        assertThat(pair.caller.machine.state()).isEqualTo(CallState.ACTIVE);
        return pair;
    }

    private static boolean lives(CallPair.End end) {
        return end.seen(Effect.Ended.class).isEmpty();
    }

    @Test
    void bothSidesAskForTheStateAndLive() {
        var pair = talking(false);
        pair.run(HOUR);

        assertThat(pair.caller.sent(MessageType.STATUS_INQUIRY)).isBetween(288L, 300L);
        assertThat(pair.callee.sent(MessageType.STATUS)).isEqualTo(pair.caller.sent(MessageType.STATUS_INQUIRY));
        assertThat(lives(pair.caller) && lives(pair.callee)).isTrue();
        assertThat(pair.caller.seen(Effect.ControlReady.class)).isEmpty();
        assertThat(pair.caller.seen(Effect.AskMedia.class)).isEmpty();
    }

    @Test
    void whoDoesNotKnowTheQuestionButSendsMediaIsLeftAlone() {
        var pair = talking(false);
        pair.lostSignals.addAll(STATUS);
        pair.run(HOUR);

        assertThat(lives(pair.caller)).isTrue();
        assertThat(pair.caller.seen(Effect.AskMedia.class)).hasSizeBetween(68, 76);
    }

    /// Another message is a sign of life as good as an answer.
    @Test
    void aQuestionOfThePeerIsAnAnswer() {
        var pair = talking(false);
        pair.lostSignals.add(MessageType.STATUS);
        pair.mediaSilence = Optional.empty();
        pair.run(HOUR);

        assertThat(lives(pair.caller) && lives(pair.callee)).isTrue();
    }

    /// The first question is 36 s old when the last one has not been answered: media that came just after it, just before it, and never.
    @ParameterizedTest
    @CsvSource({"35999, true", "36001, false", "-1, false"})
    void whenNothingAtAllComesTheCallIsLost(int silentMillis, boolean lives) {
        var pair = talking(false);
        pair.mute = true;
        pair.mediaSilence = silentMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(silentMillis));

        pair.run(UNTIL_LOST.minus(MOMENT).minus(MOMENT));
        assertThat(lives(pair.caller)).isTrue();
        pair.run(MOMENT.plus(MOMENT));

        assertThat(lives(pair.caller)).isEqualTo(lives);
        if (!lives) {
            assertThat(pair.caller.end()).isEqualTo(
                    new CallEnd.Lost("the peer answers no questions for the state of the call, and no media comes either"));
        }
    }

    @Test
    void whereTheSignallingCanComeBackThatIsTriedFirst() {
        var pair = talking(true);
        pair.lostSignals.addAll(STATUS);
        pair.run(UNTIL_LOST.minus(MOMENT).minus(MOMENT));
        assertThat(pair.caller.seen(Effect.Signalling.class)).isEmpty();
        pair.lostSignals.clear();
        pair.run(Duration.ofSeconds(10));

        assertThat(pair.caller.seen(Effect.Signalling.class)).extracting(Effect.Signalling::up).startsWith(false).endsWith(true);
        long asked = pair.caller.sent(MessageType.STATUS_INQUIRY);
        pair.run(HOUR);
        assertThat(pair.caller.sent(MessageType.STATUS_INQUIRY)).as("it goes on").isGreaterThan(asked + 200);
        assertThat(lives(pair.caller) && lives(pair.callee)).isTrue();
    }

    @Test
    void withH245ItsRoundTripTells() {
        var pair = talking(false);
        pair.caller.does(new Event.PressKeys("1"));
        pair.run(Duration.ofMinutes(1));
        assertThat(pair.caller.seen(Effect.ControlReady.class)).hasSize(1);
        assertThat(pair.callee.seen(Effect.RoundTrip.class)).isNotEmpty();
        pair.run(HOUR);

        assertThat(pair.caller.sent(MessageType.STATUS_INQUIRY) + pair.callee.sent(MessageType.STATUS_INQUIRY)).isZero();
    }
}

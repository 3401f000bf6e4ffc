package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.testkit.Tshark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls whose signalling connection is lost and comes back (Annex R/H.323), in virtual time.
class RecoveryTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Duration SHORT = Duration.ofSeconds(3);

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE,
                new Style(true, true, true), new Style(false, true, true));
    }

    private static CallPair talking(Style style, long seed) {
        var pair = new CallPair(CallPair.returning(CallPair.config(1, style, CallPair.toCallee(), seed, ALAW)),
                CallPair.returning(CallPair.config(2, style, Optional.empty(), seed, ALAW)), seed);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    private static void cut(CallPair pair) {
        pair.signalCut = true;
        pair.caller.does(new Event.SignalLost("cut"));
        pair.callee.does(new Event.SignalLost("cut"));
    }

    private static List<Boolean> signalling(CallPair.End end) {
        return end.seen(Effect.Signalling.class).stream().map(Effect.Signalling::up).toList();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void theCallerOpensItAgainAndTheCallEndsAsAgreed(Style style) {
        for (long seed = 0; seed < 20; seed++) {
            var pair = talking(style, seed);
            int sending = pair.caller.seen(Effect.SendMedia.class).size();

            cut(pair);
            pair.caller.does(new Event.PressKeys("12"));
            pair.callee.does(new Event.PressKeys("3"));
            pair.run(Duration.ofSeconds(20));
            pair.signalCut = false;
            pair.run(SHORT);

            for (var end : List.of(pair.caller, pair.callee)) {
                assertThat(signalling(end)).as("%s %s", end.name, pair.trace).containsExactly(false, true);
                assertThat(end.seen(Effect.StopSending.class)).isEmpty();
                assertThat(end.seen(Effect.Ended.class)).isEmpty();
            }
            assertThat(pair.caller.seen(Effect.SendMedia.class)).hasSize(sending);
            assertThat(pair.callee.seen(Effect.Keys.class)).as("%s", pair.trace).containsExactly(new Effect.Keys("1"), new Effect.Keys("2"));
            assertThat(pair.caller.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("3"));
            var first = seed % 2 == 0 ? pair.caller : pair.callee;
            first.does(new Event.Hangup(Cause.NORMAL_CLEARING));
            pair.run(SHORT);
            assertThat(first.other().end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> {
                assertThat(e.by()).isEqualTo(Side.REMOTE);
                assertThat(e.cause()).isEqualTo(Cause.NORMAL_CLEARING);
            });
        }
    }

    /// In the middle of a call it is as good as lost; where no call is yet, there is no H.323.
    @Test
    void aConnectionThatCannotBeReadIsReplacedOrTheEnd() {
        var pair = talking(Style.SLOW_TUNNELLED, 1);
        pair.caller.does(new Event.SignalGarbled("no TPKT"));
        pair.run(SHORT);

        assertThat(signalling(pair.caller)).as("%s", pair.trace).containsExactly(false, true);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();

        var beginning = new CallMachine(CallPair.config(1, Style.SLOW_TUNNELLED, CallPair.toCallee(), 1, ALAW));
        beginning.handle(new Event.Place(), 0);
        assertThat(beginning.handle(new Event.SignalGarbled("no TPKT"), 1))
                .containsSubsequence(new Effect.CloseSignal(), new Effect.Ended(new CallEnd.Malformed("no TPKT")));
    }

    /// What each side says when it comes back crosses what is left of the determination of master and slave from before.
    @ParameterizedTest
    @MethodSource("styles")
    void aConnectionThatIsLostWhileH245BeginsLeavesOneMaster(Style style) {
        for (long seed = 0; seed < 500; seed++) {
            var pair = new CallPair(CallPair.returning(CallPair.config(1, style, CallPair.toCallee(), seed, ALAW)),
                    CallPair.returning(CallPair.config(2, style, Optional.empty(), seed, ALAW)), seed);
            pair.caller.does(new Event.Place());
            pair.run(SHORT);
            pair.callee.does(new Event.Answer());
            pair.run(Duration.ofMillis(seed / 2));
            boolean connected = !pair.caller.seen(Effect.Connected.class).isEmpty();

            pair.loseSignals();
            pair.caller.does(new Event.SignalLost("reset"));
            if (seed % 2 == 0) {
                pair.callee.does(new Event.SignalLost("reset"));
            }
            pair.run(SHORT);

            if (connected) {
                assertThat(pair.caller.seen(Effect.Ended.class)).as("seed %s: %s", seed, pair.trace).isEmpty();
                assertThat(pair.callee.seen(Effect.Ended.class)).as("seed %s: %s", seed, pair.trace).isEmpty();
                assertThat(List.of(master(pair.caller), master(pair.callee))).as("seed %s: %s", seed, pair.trace)
                        .containsExactlyInAnyOrder(true, false);
            }
        }
    }

    private static boolean master(CallPair.End end) {
        assertThat(end.seen(Effect.ControlReady.class)).hasSize(1);
        return end.seen(Effect.ControlReady.class).getFirst().master();
    }

    @Test
    void itIsAskedForOnTheNewConnectionWithTheSameIdentifiers() {
        var pair = talking(Style.FAST_TUNNELLED, 1);
        int before = pair.caller.seen(Effect.SendSignal.class).size();
        cut(pair);
        pair.signalCut = false;
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.Reconnect.class).getFirst().to()).containsExactly(CallPair.CALLEE_SIGNAL);
        var first = FirstMessage.read(pair.caller.seen(Effect.SendSignal.class).get(before).message()).orElseThrow();
        assertThat(first.type()).contains(MessageType.STATUS_INQUIRY);
        var callers = CallPair.address(1, 0).ip();
        var routers = CallPair.address(3, 0).ip();
        var strangers = CallPair.address(4, 0).ip();
        assertThat(pair.callee.machine.awaits(first, routers, routers)).as("from where it came before").isTrue();
        assertThat(pair.callee.machine.awaits(first, callers, routers)).as("from where it takes calls").isTrue();
        assertThat(pair.callee.machine.awaits(first, strangers, routers)).as("from elsewhere").isFalse();
        assertThat(pair.caller.machine.awaits(first, callers, callers)).as("only the callee is come back to").isFalse();
        var other = new Q931(first.message().callReference() ^ 1, false, first.message().type(), first.message().elements());
        assertThat(pair.callee.machine.awaits(FirstMessage.read(other.encode()).orElseThrow(), callers, callers)).isFalse();
    }

    /// On the new connection somebody is who does not have the call: that is not its end as long as media comes.
    @ParameterizedTest
    @CsvSource({"81, , true", "21, noPermission, true", "47, gatekeeperResources, true", "3, unreachableDestination, true", "16, , false",
        "21, destinationRejection, false"})
    void aRefusalToComeBackEndsNoCall(int cause, String reason, boolean refusal) {
        var pair = talking(Style.FAST_TUNNELLED, 1);
        cut(pair);
        pair.run(SHORT);
        pair.caller.does(new Event.SignalBack());
        int tries = pair.caller.seen(Effect.Reconnect.class).size();
        var setup = FirstMessage.read(pair.caller.seen(Effect.SendSignal.class).getFirst().message()).orElseThrow();

        pair.caller.does(new Event.Signal(setup.refused(new Cause(cause), reason == null ? "undefinedReason" : reason)));

        assertThat(pair.caller.seen(Effect.Ended.class)).hasSize(refusal ? 0 : 1);
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.Reconnect.class).size() > tries).as("it is tried again").isEqualTo(refusal);
        pair.mediaSilence = Optional.of(Duration.ofSeconds(8));
        pair.run(Duration.ofSeconds(5));
        assertThat(pair.caller.seen(Effect.Ended.class)).hasSize(1);
    }

    @Test
    void withoutMediaThePeerIsGone() {
        var pair = talking(Style.FAST_TUNNELLED, 2);
        pair.mediaSilence = Optional.of(Duration.ofMillis(7999));
        cut(pair);
        pair.run(Duration.ofSeconds(30));
        assertThat(pair.caller.seen(Effect.Ended.class)).as("reports may be so far apart").isEmpty();

        pair.mediaSilence = Optional.of(Duration.ofSeconds(8));
        pair.run(Duration.ofSeconds(5));

        assertThat(pair.caller.end().words()).contains("no media comes either");
        assertThat(pair.callee.end()).isInstanceOf(CallEnd.Lost.class);
    }

    @Test
    void aPeerThatWasNeverHeardIsGone() {
        var pair = talking(Style.FAST_TUNNELLED, 2);
        pair.mediaSilence = Optional.empty();
        cut(pair);
        pair.run(Duration.ofSeconds(7));
        assertThat(pair.caller.seen(Effect.Ended.class)).as("the first report may still come").isEmpty();

        pair.run(Duration.ofSeconds(2));

        assertThat(pair.caller.end()).isInstanceOf(CallEnd.Lost.class);
    }

    @Test
    void aConnectionThatDoesNotComeBackInAMinuteEndsTheCall() {
        var pair = talking(Style.SLOW_TUNNELLED, 3);
        cut(pair);

        pair.run(Duration.ofSeconds(59));
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(Duration.ofSeconds(2));

        assertThat(pair.caller.end().words()).contains("did not come back");
        assertThat(pair.callee.end()).isInstanceOf(CallEnd.Lost.class);
    }

    @Test
    void aWishToHangUpIsTakenToTheNewConnectionOrTheOtherSideWasNotTold() {
        var returned = talking(Style.FAST_TUNNELLED, 4);
        cut(returned);
        returned.caller.does(new Event.Hangup(Cause.USER_BUSY));
        returned.signalCut = false;
        returned.run(SHORT);
        assertThat(returned.callee.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> assertThat(e.cause()).isEqualTo(Cause.USER_BUSY));

        var alone = talking(Style.FAST_TUNNELLED, 4);
        cut(alone);
        alone.callee.does(new Event.Hangup(Cause.NORMAL_CLEARING));
        alone.run(SHORT);
        assertThat(alone.callee.end()).isEqualTo(new CallEnd.Lost(
                "call signalling is lost, so the other side could not be told that the call ends: normal call clearing"));
    }

    @Test
    void theCallerMayComeBackBeforeTheCalleeHasSeenTheLoss() {
        var pair = talking(Style.SLOW_TUNNELLED, 5);

        pair.caller.does(new Event.SignalLost("reset"));
        pair.run(SHORT);
        pair.callee.does(new Event.PressKeys("7"));
        pair.run(SHORT);

        assertThat(signalling(pair.caller)).containsExactly(false, true);
        assertThat(signalling(pair.callee)).containsExactly(true);
        assertThat(pair.caller.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("7"));
    }

    /// No end of the connection is seen, but nothing comes through it either.
    @Test
    void aConnectionThatIsDeadWithoutAWordIsOpenedAgain() {
        var pair = talking(Style.SLOW_TUNNELLED, 6);
        pair.mute = true;
        pair.run(Duration.ofSeconds(75));
        pair.mute = false;
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.Signalling.class)).isNotEmpty();
        assertThat(signalling(pair.caller)).as("%s", pair.trace).endsWith(true);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
    }

    @Test
    void onlyIfBothCanIt() {
        var pair = new CallPair(CallPair.returning(CallPair.config(1, Style.FAST_TUNNELLED, CallPair.toCallee(), 7, ALAW)),
                CallPair.config(2, Style.FAST_TUNNELLED, Optional.empty(), 7, ALAW), 7);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);

        pair.caller.does(new Event.SignalLost("cut"));

        assertThat(pair.caller.end().words()).contains("call signalling is lost");
    }

    @Test
    void tsharkReadsWhatBothSidesTell() throws Exception {
        Tshark.needed();
        var pair = talking(Style.FAST_TUNNELLED, 8);
        cut(pair);
        pair.signalCut = false;
        pair.run(SHORT);
        var messages = Stream.of(pair.caller, pair.callee).flatMap(e -> e.seen(Effect.SendSignal.class).stream())
                .map(s -> Q931.decode(s.message()).element(InformationElement.USER_USER).orElseThrow()).toList();

        var read = Tshark.details(messages.stream().map(m -> m.toArray()).toList(), "h225");

        for (var name : List.of("setupData", "connectData", "statusInquiryData", "statusData")) {
            assertThat(read).contains("name=\"h323." + name + "_element\"");
        }
        assertThat(read).contains("name=\"h323.backupCallSignalAddresses\"").doesNotContain("Malformed");
    }
}

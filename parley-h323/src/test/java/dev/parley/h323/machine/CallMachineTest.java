package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls between two machines in virtual time.
class CallMachineTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 30);
    private static final Capability VIDEO = Capability.h264(64, 29, 5120);
    private static final Duration SHORT = Duration.ofSeconds(3);

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE,
                new Style(true, true, true), new Style(false, true, true));
    }

    /// Every style of the caller with every style of the callee, with several timings.
    static Stream<Arguments> meetings() {
        return styles().flatMap(a -> styles().flatMap(b -> Stream.of(1L, 2L, 3L).map(seed -> Arguments.of(a, b, seed))));
    }

    private static CallPair pair(Style caller, Style callee, long seed, Capability... capabilities) {
        return new CallPair(CallPair.config(1, caller, CallPair.toCallee(), seed, capabilities),
                CallPair.config(2, callee, Optional.empty(), seed, capabilities), seed);
    }

    private static CallPair talking(Style caller, Style callee, long seed, Capability... capabilities) {
        var pair = pair(caller, callee, seed, capabilities);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Ring());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    private static boolean carriesControl(Effect effect) {
        return effect instanceof Effect.SendControl
                || effect instanceof Effect.SendSignal(var message) && Q931.decode(message).type() == MessageType.FACILITY.code();
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void callsOfAllStylesHaveMediaInBothDirections(Style callerStyle, Style calleeStyle, long seed) {
        var pair = talking(callerStyle, calleeStyle, seed, ALAW, ULAW, VIDEO);

        for (var end : List.of(pair.caller, pair.callee)) {
            assertThat(end.seen(Effect.Connected.class)).as("%s %s", end.name, pair.trace).hasSize(1);
            assertThat(end.seen(Effect.SendMedia.class)).as("%s sends; %s", end.name, pair.trace).hasSize(2)
                    .allSatisfy(m -> assertThat(m.rtp().port()).isIn(5000, 5002))
                    .allSatisfy(m -> assertThat(m.rtp().ip().at(3)).isEqualTo(end == pair.caller ? 2 : 1));
            assertThat(end.seen(Effect.ReceiveMedia.class)).as("%s receives", end.name).hasSize(2);
            assertThat(end.seen(Effect.ControlReady.class)).as("%s %s", end.name, pair.trace).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(pair.caller.seen(Effect.Incoming.class)).isEmpty();
        // The peer may send as soon as it is told that it may.
        for (var step : Stream.of(pair.caller, pair.callee).flatMap(end -> end.steps.stream()).toList()) {
            assertThat(step.stream().dropWhile(effect -> !carriesControl(effect))).as("ready before it is told")
                    .noneMatch(Effect.ReceiveMedia.class::isInstance);
        }
        var incoming = pair.callee.seen(Effect.Incoming.class).getFirst().caller();
        assertThat(incoming.aliases()).contains("user1", "1001");
        assertThat(incoming.called()).containsExactly("user2");
        assertThat(incoming.display()).contains("User 1");
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void eitherSideCanHangUp(Style callerStyle, Style calleeStyle, long seed) {
        var pair = talking(callerStyle, calleeStyle, seed, ALAW);
        var first = seed % 2 == 0 ? pair.caller : pair.callee;

        first.does(new Event.Hangup(Cause.NORMAL_CLEARING));
        pair.run(SHORT);

        assertThat(first.seen(Effect.Ended.class)).as("%s", pair.trace).hasSize(1);
        assertThat(first.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> assertThat(e.by()).isEqualTo(Side.LOCAL));
        assertThat(first.other().seen(Effect.Ended.class)).as("%s", pair.trace).hasSize(1);
        assertThat(first.other().end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> {
            assertThat(e.by()).isEqualTo(Side.REMOTE);
            assertThat(e.cause()).isEqualTo(Cause.NORMAL_CLEARING);
            assertThat(e.wasConnected()).isTrue();
        });
    }

    @Test
    void bothSidesHangUpAtOnce() {
        for (long seed = 0; seed < 40; seed++) {
            var pair = talking(styles().toList().get((int) seed % 6), styles().toList().get((int) seed / 7), seed, ALAW);

            pair.caller.does(new Event.Hangup(Cause.NORMAL_CLEARING));
            pair.callee.does(new Event.Hangup(Cause.NORMAL_CLEARING));
            pair.run(SHORT);

            assertThat(pair.caller.seen(Effect.Ended.class)).as("seed %s", seed).hasSize(1);
            assertThat(pair.callee.seen(Effect.Ended.class)).as("seed %s", seed).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void exactlyOneSideIsMaster(Style style) {
        for (long seed = 0; seed < 30; seed++) {
            var pair = talking(style, style, seed, ALAW);
            if (style.equals(Style.FAST_SEPARATE)) {
                pair.caller.does(new Event.PressKeys("1"));
                pair.run(SHORT);
            }

            var caller = pair.caller.seen(Effect.ControlReady.class);
            var callee = pair.callee.seen(Effect.ControlReady.class);
            assertThat(caller).as("seed %s", seed).hasSize(1);
            assertThat(callee).hasSize(1);
            assertThat(caller.getFirst().master()).isNotEqualTo(callee.getFirst().master());
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void keysArriveInOrder(Style style) {
        var pair = talking(style, style, 7, ALAW);

        pair.caller.does(new Event.PressKeys("123#"));
        pair.run(SHORT);
        pair.callee.does(new Event.PressKeys("*"));
        pair.run(SHORT);

        assertThat(pair.callee.seen(Effect.Keys.class).stream().map(Effect.Keys::keys)).as("%s", pair.trace).containsExactly("1", "2", "3", "#");
        assertThat(pair.caller.seen(Effect.Keys.class).stream().map(Effect.Keys::keys)).containsExactly("*");
    }

    /// Keys pressed before the peer has opened H.245: it knows our address already and must not be asked to open it a second time, which
    /// ooh323c 0.9.4 does, and then ends the call when the first connection stays the one.
    @Test
    void earlyKeysWaitForTheConnectionOfH245() {
        for (var style : List.of(Style.SLOW_SEPARATE, Style.FAST_SEPARATE)) {
            var pair = pair(style, style, 5, ALAW);
            pair.caller.does(new Event.Place());
            pair.run(SHORT);
            pair.callee.does(new Event.Answer());
            pair.callee.does(new Event.PressKeys("5"));
            pair.run(SHORT);

            assertThat(pair.callee.seen(Effect.SendSignal.class)).extracting(s -> Q931.decode(s.message()).userInformation().orElseThrow()
                    .chosenAt("h323-uu-pdu/h323-message-body/facility/reason").orElse("")).doesNotContain("startH245");
            assertThat(pair.caller.seen(Effect.ConnectControl.class)).hasSize(1);
            assertThat(pair.caller.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("5"));
        }
    }

    @Test
    void aBusyCalleeSaysSo() {
        var pair = pair(Style.FAST_TUNNELLED, Style.FAST_TUNNELLED, 1, ALAW);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);

        pair.callee.does(new Event.Hangup(Cause.USER_BUSY));
        pair.run(SHORT);

        assertThat(pair.caller.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> {
            assertThat(e.cause()).isEqualTo(Cause.USER_BUSY);
            assertThat(e.reason()).contains("inConf");
            assertThat(e.wasConnected()).isFalse();
        });
        assertThat(pair.caller.end().words()).contains("busy");
    }

    @Test
    void nobodyAnswers() {
        var pair = pair(Style.SLOW_TUNNELLED, Style.SLOW_TUNNELLED, 1, ALAW);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Ring());

        pair.run(Duration.ofSeconds(181));

        assertThat(pair.caller.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> assertThat(e.cause()).isEqualTo(Cause.NO_ANSWER));
        assertThat(pair.callee.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> assertThat(e.cause()).isEqualTo(Cause.NO_ANSWER));
    }

    /// A gateway that plays tones sends Progress and may never send Alerting; CallProceeding may come before it, after it, or not at all.
    @Test
    void afterProgressTheCallerWaitsForTheAnswer() {
        for (boolean proceeding : List.of(true, false)) {
            var caller = new CallMachine(CallPair.config(1, Style.SLOW_TUNNELLED, CallPair.toCallee(), 1, ALAW));
            var setup = Q931.decode(((Effect.SendSignal) caller.handle(new Event.Place(), 0).getFirst()).message());
            if (proceeding) {
                assertThat(heard(caller, setup, MessageType.CALL_PROCEEDING)).contains(new Effect.Start(Timer.T310, Timer.T310.usual()));
            }

            var progress = heard(caller, setup, MessageType.PROGRESS);
            assertThat(progress).contains(new Effect.Stop(proceeding ? Timer.T310 : Timer.T303), new Effect.Start(Timer.T301, Timer.T301.usual()));
            assertThat(progress.contains(new Effect.Proceeding())).isEqualTo(!proceeding);
            assertThat(caller.state()).isEqualTo(CallState.PROCEEDING);
            // Neither shortens nor lengthens the time for the answer.
            assertThat(heard(caller, setup, MessageType.CALL_PROCEEDING)).isEmpty();
            assertThat(heard(caller, setup, MessageType.PROGRESS)).isEmpty();

            assertThat(heard(caller, setup, MessageType.ALERTING)).contains(new Effect.Ringing(), new Effect.Start(Timer.T301, Timer.T301.usual()));
            assertThat(heard(caller, setup, MessageType.PROGRESS)).isEmpty();
            assertThat(heard(caller, setup, MessageType.CONNECT)).contains(new Effect.Stop(Timer.T301));
        }
    }

    private static List<Effect> heard(CallMachine caller, Q931 setup, MessageType type) {
        return caller.handle(new Event.Signal(new Q931(setup.callReference(), true, type.code(), List.of()).encode()), 0);
    }

    @Test
    void aSilentPeerIsGivenUp() {
        var pair = pair(Style.SLOW_TUNNELLED, Style.SLOW_TUNNELLED, 1, ALAW);
        pair.mute = true;
        pair.caller.does(new Event.Place());

        pair.run(Duration.ofSeconds(5));

        assertThat(pair.caller.end()).isInstanceOf(CallEnd.Lost.class);
    }

    @Test
    void theCallIsForwarded() {
        var pair = pair(Style.FAST_TUNNELLED, Style.FAST_TUNNELLED, 1, ALAW);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);

        pair.callee.does(new Event.Forward(Optional.of(CallPair.address(9, 1720)), List.of("nine")));
        pair.run(SHORT);

        assertThat(pair.caller.end()).isInstanceOfSatisfying(CallEnd.Redirected.class, e -> {
            assertThat(e.to()).contains(CallPair.address(9, 1720));
            assertThat(e.aliases()).containsExactly("nine");
            assertThat(e.why()).isEqualTo("callForwarded");
        });
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aPauseStopsMediaUntilItIsOver(Style style) {
        var pair = talking(style, style, 3, ALAW);

        pair.callee.does(new Event.Pause(true));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.StopSending.class)).as("%s", pair.trace).hasSize(1);
        assertThat(pair.callee.seen(Effect.StopReceiving.class)).hasSize(1);
        int before = pair.caller.seen(Effect.SendMedia.class).size();

        pair.callee.does(new Event.Pause(false));
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.SendMedia.class)).hasSize(before + 1);
    }

    @Test
    void theRoundTripIsMeasuredAndASilentPeerIsFound() {
        var pair = talking(Style.SLOW_TUNNELLED, Style.SLOW_TUNNELLED, 3, ALAW);

        pair.run(Duration.ofSeconds(40));
        assertThat(pair.caller.seen(Effect.RoundTrip.class)).hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(t -> assertThat(t.time()).isBetween(Duration.ofMillis(2), Duration.ofMillis(200)));

        pair.mute = true;
        pair.run(Duration.ofSeconds(120));
        assertThat(pair.caller.end()).isInstanceOfSatisfying(CallEnd.Lost.class, e -> assertThat(e.words()).contains("round trip"));
    }

    @Test
    void anotherFormatIsSentOnRequest() {
        var pair = talking(Style.SLOW_TUNNELLED, Style.SLOW_TUNNELLED, 3, ALAW, ULAW);

        pair.callee.does(new Event.WantMode(Codec.G711_ULAW));
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.SendMedia.class).getLast().format().codec()).isEqualTo(Codec.G711_ULAW);
        assertThat(pair.callee.seen(Effect.ReceiveMedia.class).getLast().format().codec()).isEqualTo(Codec.G711_ULAW);
    }

    @Test
    void pictureAndRateCommandsReachTheSender() {
        var pair = talking(Style.SLOW_SEPARATE, Style.SLOW_SEPARATE, 3, ALAW, VIDEO);

        pair.callee.does(new Event.WantFastUpdate());
        pair.callee.does(new Event.LimitRate(Codec.Kind.VIDEO, 1280));
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.FastUpdateWanted.class)).hasSize(1);
        assertThat(pair.caller.seen(Effect.FlowControl.class)).containsExactly(new Effect.FlowControl(Codec.Kind.VIDEO, Optional.of(1280)));
    }

    @Test
    void aCodecThatOnlyOneSideHasIsNotUsed() {
        var pair = new CallPair(CallPair.config(1, Style.SLOW_TUNNELLED, CallPair.toCallee(), 1, Capability.audio(Codec.G722, 20), ULAW),
                CallPair.config(2, Style.SLOW_TUNNELLED, Optional.empty(), 1, ALAW, ULAW), 1);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.SendMedia.class)).extracting(m -> m.format().codec()).containsExactly(Codec.G711_ULAW);
        assertThat(pair.callee.seen(Effect.SendMedia.class)).extracting(m -> m.format().codec()).containsExactly(Codec.G711_ULAW);
    }

    @Test
    void mediaGoesOnWithoutSignallingWhenH245HasItsOwnConnection() {
        var pair = talking(Style.SLOW_SEPARATE, Style.SLOW_SEPARATE, 1, ALAW);

        pair.signalCut = true;
        pair.caller.does(new Event.SignalLost("cut"));
        pair.callee.does(new Event.SignalLost("cut"));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();

        pair.caller.does(new Event.Hangup(Cause.NORMAL_CLEARING));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.Ended.class)).hasSize(1);
        assertThat(pair.callee.seen(Effect.Ended.class)).hasSize(1);
    }

    @Test
    void inTheTunnelTheLossOfSignallingIsTheEnd() {
        var pair = talking(Style.SLOW_TUNNELLED, Style.SLOW_TUNNELLED, 1, ALAW);

        pair.caller.does(new Event.SignalLost("reset"));

        assertThat(pair.caller.end()).isInstanceOf(CallEnd.Lost.class);
    }

    @Test
    void aSetupThatCannotBeReadIsAnsweredWithItsCause() {
        var callee = new CallMachine(CallPair.config(2, Style.FAST_TUNNELLED, Optional.empty(), 1, ALAW));

        var effects = callee.handle(new Event.Signal(Octets.ofHex("0802001105" + "7e0004" + "0520ffff")), 0);

        var answer = effects.stream().filter(Effect.SendSignal.class::isInstance).map(e -> Q931.decode(((Effect.SendSignal) e).message())).toList();
        assertThat(answer).singleElement().satisfies(m -> {
            assertThat(m.messageType()).contains(MessageType.RELEASE_COMPLETE);
            assertThat(m.callReference()).isEqualTo(0x11);
            assertThat(m.fromDestination()).isTrue();
            assertThat(m.cause()).contains(Cause.INVALID_CONTENTS);
        });
        assertThat(callee.state()).isEqualTo(CallState.ENDED);
    }

    @Test
    void whatIsNotUnderstoodIsAnsweredAndTheCallGoesOn() {
        var pair = talking(Style.SLOW_SEPARATE, Style.SLOW_SEPARATE, 1, ALAW);

        // A request that we do not implement (maintenance loop), an alternative of a newer version, and octets that are no H.245.
        for (var hex : List.of("0a00", "0f8000", "7f", "ffffffff")) {
            pair.callee.does(new Event.Control(Octets.ofHex(hex)));
        }
        pair.run(SHORT);

        assertThat(pair.callee.seen(Effect.Ended.class)).isEmpty();
        assertThat(pair.caller.seen(Effect.Note.class).stream().map(Effect.Note::words)).anyMatch(w -> w.contains("did not understand"));
    }

    @Test
    void theStateIsToldOnEnquiry() {
        var pair = talking(Style.FAST_TUNNELLED, Style.FAST_TUNNELLED, 1, ALAW);

        pair.caller.does(new Event.AskStatus());
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.Note.class).stream().map(Effect.Note::words)).contains("the peer's state of the call is 10");
    }
}

package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of a call when an answer does not come, timer by timer: nothing before its time, and then what H.225.0 and H.245 want.
class TimersTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 20);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final CallPair pair = new CallPair(CallPair.config(1, Style.SLOW_SEPARATE, CallPair.toCallee(), 3, ALAW, ULAW),
            CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 3, ALAW, ULAW), 3);

    /// @param without names of messages that get lost
    private void talking(String... without) {
        pair.lost.addAll(List.of(without));
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(MOMENT);
    }

    private void runUntil(Timer timer) {
        pair.run(timer.usual().minus(MOMENT));
    }

    private static Event control(Value message) {
        return new Event.Control(Pdu.H245.encode(message));
    }

    @Test
    void t101CapabilitiesThatNobodyAcknowledgesEndTheCall() {
        talking("terminalCapabilitySetAck", "terminalCapabilitySetReject");

        runUntil(Timer.T101);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.sent("terminalCapabilitySetRelease")).hasSize(1);
        assertThat(pair.caller.end()).isEqualTo(new CallEnd.Lost("no answer to our capabilities"));
    }

    @Test
    void anOldOrForeignRejectionOfCapabilitiesIsPassedOver() {
        talking();

        pair.caller.does(control(Controls.response("terminalCapabilitySetReject",
                Value.struct().with("sequenceNumber", 1).with("cause", Value.choice("unspecified")))));
        assertThat(pair.caller.seen(Effect.Ended.class)).as("it was acknowledged").isEmpty();
        pair.lost.add("terminalCapabilitySetAck");
        pair.caller.does(new Event.Offer(List.of(ULAW)));
        pair.caller.does(control(Controls.response("terminalCapabilitySetReject",
                Value.struct().with("sequenceNumber", 1).with("cause", Value.choice("unspecified")))));
        assertThat(pair.caller.seen(Effect.Ended.class)).as("this is the second one").isEmpty();
        pair.caller.does(control(Controls.response("terminalCapabilitySetReject",
                Value.struct().with("sequenceNumber", 2).with("cause", Value.choice("undefinedTableEntryUsed")))));

        assertThat(pair.caller.end().words()).contains("undefinedTableEntryUsed");
    }

    @Test
    void t106ADeterminationThatNobodyAnswersEndsTheCall() {
        talking("masterSlaveDeterminationAck", "masterSlaveDetermination");

        runUntil(Timer.T106);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.sent("masterSlaveDeterminationRelease")).hasSize(1);
        assertThat(pair.caller.end()).isEqualTo(new CallEnd.Lost("no answer to the determination of master and slave"));
    }

    @Test
    void theReleaseOfADeterminationEndsACallThatHasNoneYet() {
        talking("masterSlaveDeterminationAck", "masterSlaveDetermination");
        var release = control(Controls.indication("masterSlaveDeterminationRelease", Value.struct()));

        pair.caller.does(release);

        assertThat(pair.caller.end()).isEqualTo(new CallEnd.Lost("the peer gave up the determination of master and slave"));
        pair.callee.does(release);
        assertThat(pair.callee.seen(Effect.Ended.class)).hasSize(1);
    }

    @Test
    void t103AChannelThatNobodyAcknowledgesIsNotOpenAndTheCallGoesOn() {
        talking("openLogicalChannelAck");
        assertThat(pair.caller.sent("openLogicalChannel")).hasSize(1);

        runUntil(Timer.T103);
        assertThat(pair.caller.sent("closeLogicalChannel")).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.sent("closeLogicalChannel")).singleElement().satisfies(c -> assertThat(c.chosenAt("source")).contains("lcse"));
        assertThat(pair.caller.noted("no answer to the opening of G.711 A-law")).isTrue();
        assertThat(pair.caller.seen(Effect.SendMedia.class)).isEmpty();
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
    }

    @Test
    void t103AClosingThatNobodyAcknowledgesIsForgottenAndTheCallGoesOn() {
        talking("closeLogicalChannelAck");

        pair.callee.does(new Event.WantMode(Codec.G711_ULAW));
        pair.run(MOMENT);
        int number = pair.caller.sent("closeLogicalChannel").getFirst().numberAt("forwardLogicalChannelNumber").orElseThrow().intValue();
        runUntil(Timer.T103);
        assertThat(pair.caller.noted("no answer to the closing")).isFalse();
        pair.run(MOMENT);

        assertThat(pair.caller.noted("no answer to the closing of channel " + number)).isTrue();
        assertThat(pair.caller.seen(Effect.SendMedia.class).getLast().format().codec()).isEqualTo(Codec.G711_ULAW);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
    }

    @Test
    void t109AModeThatNobodyAnswersIsNoLongerWanted() {
        talking("requestModeAck");

        pair.caller.does(new Event.WantMode(Codec.G711_ULAW));
        runUntil(Timer.T109);
        assertThat(pair.caller.sent("requestModeRelease")).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.sent("requestModeRelease")).hasSize(1);
        assertThat(pair.caller.noted("does not answer the wish for another format")).isTrue();
        pair.caller.does(control(Controls.response("requestModeAck", Value.struct().with("sequenceNumber", 1)
                .with("response", Value.choice("willTransmitMostPreferredMode")))));
        assertThat(pair.caller.noted("willTransmitMostPreferredMode")).as("too late").isFalse();
    }

    @Test
    void onlyTheAnswerToTheLastWishCounts() {
        talking("requestModeAck");
        pair.caller.does(new Event.WantMode(Codec.G711_ULAW));
        pair.caller.does(new Event.WantMode(Codec.G711_ALAW));

        for (int sequence : List.of(1, 2)) {
            pair.caller.does(control(Controls.response("requestModeReject",
                    Value.struct().with("sequenceNumber", sequence).with("cause", Value.choice("modeUnavailable")))));
            assertThat(pair.caller.noted("modeUnavailable")).isEqualTo(sequence == 2);
        }
        pair.run(Timer.T109.usual().plus(SHORT));
        assertThat(pair.caller.sent("requestModeRelease")).isEmpty();
    }

    @Test
    void t108AChannelThatThePeerDoesNotCloseIsNoLongerWantedClosed() {
        talking("requestChannelCloseAck");

        pair.caller.does(new Event.WantClosed(Codec.Kind.AUDIO));
        pair.lost.add("closeLogicalChannel");
        runUntil(Timer.T108);
        assertThat(pair.caller.sent("requestChannelCloseRelease")).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.sent("requestChannelCloseRelease")).hasSize(1);
        assertThat(pair.caller.noted("does not answer the wish that it closes")).isTrue();
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
    }

    @Test
    void aChannelIsClosedOnRequestAndNoOther() {
        talking();

        pair.caller.does(new Event.WantClosed(Codec.Kind.VIDEO));
        assertThat(pair.caller.sent("requestChannelClose")).as("it has none").isEmpty();
        pair.caller.does(new Event.WantClosed(Codec.Kind.AUDIO));
        pair.run(MOMENT);

        assertThat(pair.caller.noted("the peer will close its channel")).isTrue();
        assertThat(pair.caller.seen(Effect.StopReceiving.class)).containsExactly(new Effect.StopReceiving(Codec.Kind.AUDIO));
        assertThat(pair.callee.seen(Effect.StopSending.class)).hasSize(1);
        pair.callee.does(control(Controls.request("requestChannelClose", Value.struct().with("forwardLogicalChannelNumber", 4711))));
        assertThat(pair.callee.sent("requestChannelCloseReject")).hasSize(1);
    }

    @Test
    void theRejectionOfAClosingIsTold() {
        talking("requestChannelClose");
        pair.caller.does(new Event.WantClosed(Codec.Kind.AUDIO));
        long number = pair.caller.sent("requestChannelClose").getFirst().numberAt("forwardLogicalChannelNumber").orElseThrow();

        for (long n : List.of(number + 1, number)) {
            pair.caller.does(control(Controls.response("requestChannelCloseReject",
                    Value.struct().with("forwardLogicalChannelNumber", n).with("cause", Value.choice("unspecified")))));
            assertThat(pair.caller.noted("does not close its channel")).isEqualTo(n == number);
        }
        pair.run(Timer.T108.usual().plus(SHORT));
        assertThat(pair.caller.sent("requestChannelCloseRelease")).isEmpty();
    }

    /// What the peer takes back or confirms needs no answer, and is not called unknown.
    @Test
    void releasesAndConfirmationsAreTaken() {
        talking();
        int before = pair.caller.seen(Effect.SendControl.class).size();

        for (var name : List.of("terminalCapabilitySetRelease", "requestModeRelease", "masterSlaveDeterminationRelease")) {
            pair.caller.does(control(Controls.indication(name, Value.struct())));
        }
        for (var name : List.of("openLogicalChannelConfirm", "requestChannelCloseRelease")) {
            pair.caller.does(control(Controls.indication(name, Value.struct().with("forwardLogicalChannelNumber", 1))));
        }

        assertThat(pair.caller.seen(Effect.SendControl.class)).hasSize(before);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
    }

    @Test
    void t105ThreeRoundTripsWithoutAnAnswerEndTheCall() {
        talking("roundTripDelayResponse");

        pair.run(CallPair.LIVENESS.plusSeconds(10).multipliedBy(3).minus(MOMENT).minus(MOMENT));
        assertThat(pair.caller.sent("roundTripDelayRequest")).hasSize(3);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(SHORT);

        assertThat(pair.caller.end().words()).contains("did not answer 3 requests for the round trip");
    }

    @Test
    void t310ACallThatOnlyProceedsEnds() {
        pair.caller.does(new Event.Place());
        pair.run(MOMENT);
        assertThat(pair.caller.seen(Effect.Proceeding.class)).hasSize(1);

        runUntil(Timer.T310);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.end().words()).contains("proceeds, but nobody rings");
        assertThat(Q931.decode(pair.caller.seen(Effect.SendSignal.class).getLast().message()).cause()).contains(Cause.TIMER_EXPIRED);
    }

    @Test
    void t303AndT301HaveTheirTimesToo() {
        pair.mute = true;
        pair.caller.does(new Event.Place());
        runUntil(Timer.T303);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(MOMENT);
        assertThat(pair.caller.end().words()).contains("no answer to Setup");

        var ringing = new CallPair(CallPair.config(1, Style.SLOW_SEPARATE, CallPair.toCallee(), 3, ALAW),
                CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 3, ALAW), 3);
        ringing.caller.does(new Event.Place());
        ringing.run(MOMENT);
        ringing.callee.does(new Event.Ring());
        ringing.run(Timer.T301.usual());
        assertThat(ringing.caller.seen(Effect.Ended.class)).isEmpty();
        ringing.run(MOMENT);
        assertThat(Q931.decode(ringing.caller.seen(Effect.SendSignal.class).getLast().message()).messageType())
                .contains(MessageType.RELEASE_COMPLETE);
        assertThat(ringing.caller.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> assertThat(e.cause()).isEqualTo(Cause.NO_ANSWER));
    }

    /// ooh323c 0.9.4 never answers EndSession.
    @Test
    void theEndIsNotWaitedForLongerThanTwoSeconds() {
        talking("endSessionCommand");
        pair.mute = true;

        pair.caller.does(new Event.Hangup(Cause.NORMAL_CLEARING));
        runUntil(Timer.CLEARING);
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();
        pair.run(MOMENT);

        assertThat(pair.caller.end()).isInstanceOfSatisfying(CallEnd.Cleared.class, e -> assertThat(e.cause()).isEqualTo(Cause.NORMAL_CLEARING));
    }
}

package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Value;
import dev.parley.testkit.Tshark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What two sides agree on beyond the codec: keys in RTP, the packetization of H.264, another mode in the midst of a call.
class NegotiationTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 30);
    private static final Capability H264 = Capability.h264(64, 29, 5120);
    private static final Duration SHORT = Duration.ofSeconds(3);

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE,
                new Style(true, true, true), new Style(false, true, true));
    }

    private static CallConfig caller(Style style, Capability... capabilities) {
        return CallPair.config(1, style, CallPair.toCallee(), 3, capabilities);
    }

    private static CallConfig callee(Style style, Capability... capabilities) {
        return CallPair.config(2, style, Optional.empty(), 3, capabilities);
    }

    private static CallPair talking(CallConfig caller, CallConfig callee) {
        var pair = new CallPair(caller, callee, 3);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    @ParameterizedTest
    @MethodSource("styles")
    void keysGoInRtpAtThePayloadTypeOfThePeer(Style style) {
        var pair = talking(CallPair.withEvents(caller(style, ALAW), 97), CallPair.withEvents(callee(style, ALAW), 127));

        pair.caller.does(new Event.PressKeys("12#"));
        pair.run(SHORT);
        pair.callee.does(new Event.PressKeys("A"));
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.PressKeys.class)).as("%s", pair.trace).containsExactly(new Effect.PressKeys("12#", 127));
        assertThat(pair.callee.seen(Effect.PressKeys.class)).containsExactly(new Effect.PressKeys("A", 97));
        assertThat(pair.callee.seen(Effect.Keys.class)).as("not twice").isEmpty();
        pair.callee.does(new Event.KeyHeard('1'));
        assertThat(pair.callee.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("1"));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void keysGoByH245WhenOneSideDoesNotTakeThemInRtp(Style style) {
        for (var pair : List.of(talking(CallPair.withEvents(caller(style, ALAW), 101), callee(style, ALAW)),
                talking(caller(style, ALAW), CallPair.withEvents(callee(style, ALAW), 101)))) {
            pair.caller.does(new Event.PressKeys("12"));
            pair.run(SHORT);

            assertThat(pair.caller.seen(Effect.PressKeys.class)).isEmpty();
            assertThat(pair.callee.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("1"), new Effect.Keys("2"));
        }
    }

    @Test
    void whatIsNoKeyOfATelephoneGoesByH245() {
        var pair = talking(CallPair.withEvents(caller(Style.SLOW_TUNNELLED, ALAW), 101),
                CallPair.withEvents(callee(Style.SLOW_TUNNELLED, ALAW), 101));

        pair.caller.does(new Event.PressKeys("x"));
        pair.run(SHORT);

        assertThat(pair.callee.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("x"));
    }

    @Test
    void keysOfAllFormsAreHeard() {
        var pair = talking(caller(Style.SLOW_SEPARATE, ALAW), callee(Style.SLOW_SEPARATE, ALAW));

        for (var input : List.of(Value.choice("alphanumeric", Value.text("1")),
                Value.choice("signal", Value.struct().with("signalType", Value.text("2"))),
                Value.choice("signalUpdate", Value.struct().with("duration", 100)),
                Value.choice("extendedAlphanumeric", Value.struct().with("alphanumeric", Value.text("3 and more"))),
                Value.choice("alphanumeric", Value.text("")))) {
            pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.indication("userInput", input))));
        }

        assertThat(pair.caller.seen(Effect.Keys.class)).containsExactly(new Effect.Keys("1"), new Effect.Keys("2"), new Effect.Keys("3 and more"));
    }

    /// What counts is the last set of capabilities.
    @Test
    void keysAreSignalsForAsLongAsThePeerTakesThose() {
        var pair = talking(caller(Style.SLOW_SEPARATE, ALAW), callee(Style.SLOW_SEPARATE, ALAW));
        pair.caller.does(new Event.PressKeys("1"));
        var set = pair.callee.sent("terminalCapabilitySet").getFirst();
        var less = ((Value.Struct) set).with("sequenceNumber", 2).with("capabilityTable", set.listAt("capabilityTable").stream()
                .filter(e -> !e.has("capability/receiveUserInputCapability")).toList());
        for (var name : List.of("receiveUserInputCapability", "receiveAndTransmitUserInputCapability")) {
            pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.request("terminalCapabilitySet", less))));
            pair.caller.does(new Event.PressKeys("2"));
            var more = new ArrayList<>(less.listAt("capabilityTable"));
            more.add(Value.struct().with("capabilityTableEntryNumber", 77).with("capability", Value.choice(name, Value.choice("dtmf"))));
            pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.request("terminalCapabilitySet", less.with("capabilityTable", more)))));
            pair.caller.does(new Event.PressKeys("3"));
        }

        assertThat(pair.caller.sent("userInput")).extracting(v -> ((Value.Chosen) v).name())
                .containsExactly("signal", "alphanumeric", "signal", "alphanumeric", "signal");
    }

    @Test
    void asManyKeysWaitForTheCapabilitiesAsFitAndOneMoreDoesNot() {
        for (int count : List.of(64, 65)) {
            var pair = new CallPair(caller(Style.FAST_TUNNELLED, ALAW), callee(Style.FAST_TUNNELLED, ALAW), 3);
            pair.caller.does(new Event.Place());
            pair.run(SHORT);

            pair.caller.does(new Event.PressKeys("1".repeat(count)));

            assertThat(pair.caller.seen(Effect.Note.class).stream().map(Effect.Note::words).filter(w -> w.contains("more than 64 keys")))
                    .hasSize(count - 64);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void h264IsPacketizedInMode1WhenBothCan(Style style) {
        var both = talking(caller(style, H264.nonInterleaved(true)), callee(style, H264.nonInterleaved(true)));
        var one = talking(caller(style, H264.nonInterleaved(true)), callee(style, H264));
        var other = talking(caller(style, H264), callee(style, H264.nonInterleaved(true)));

        for (var end : List.of(both.caller, both.callee)) {
            assertThat(end.seen(Effect.SendMedia.class)).as("%s", both.trace).extracting(m -> m.format().nonInterleaved()).containsExactly(true);
        }
        for (var end : List.of(one.caller, one.callee, other.caller, other.callee)) {
            assertThat(end.seen(Effect.SendMedia.class)).extracting(m -> m.format().nonInterleaved()).containsExactly(false);
        }
    }

    @Test
    void anotherModeOfVideoIsSentOnRequest() {
        var pair = talking(caller(Style.SLOW_TUNNELLED, ALAW, H264, Capability.h263(5000)),
                callee(Style.SLOW_TUNNELLED, ALAW, H264, Capability.h263(5000)));

        pair.callee.does(new Event.WantMode(Codec.H263));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.SendMedia.class).getLast().format().codec()).isEqualTo(Codec.H263);
        assertThat(pair.callee.seen(Effect.Note.class).stream().map(Effect.Note::words)).anyMatch(w -> w.contains("willTransmitMostPreferredMode"));

        pair.callee.does(new Event.WantMode(Codec.H264));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.SendMedia.class).getLast().format().codec()).isEqualTo(Codec.H264);
        int sent = pair.caller.seen(Effect.SendMedia.class).size();

        pair.callee.does(new Event.WantMode(Codec.H264));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.SendMedia.class)).as("it is that one already").hasSize(sent);
    }

    @Test
    void aModeThatWeDoNotHaveIsRefused() {
        var pair = talking(caller(Style.SLOW_TUNNELLED, ALAW, H264), callee(Style.SLOW_TUNNELLED, ALAW, H264, Capability.h263(5000)));

        pair.callee.does(new Event.WantMode(Codec.H263));
        pair.run(SHORT);

        assertThat(pair.callee.seen(Effect.Note.class).stream().map(Effect.Note::words)).anyMatch(w -> w.contains("modeUnavailable"));
    }

    @Test
    void tsharkReadsTheCapabilitiesAndTheChannel() throws Exception {
        Tshark.needed();
        var pair = talking(CallPair.withEvents(caller(Style.SLOW_SEPARATE, H264.nonInterleaved(true)), 101),
                callee(Style.SLOW_SEPARATE, H264.nonInterleaved(true)));

        var read = Tshark.details(pair.caller.seen(Effect.SendControl.class).stream().map(c -> c.message().toArray()).toList(), "h245dg");

        assertThat(read).contains("receiveRTPAudioTelephonyEventCapability", "name=\"h245.audioTelephoneEvent\"", "0.0.8.241.0.0.0.1")
                .doesNotContain("Malformed");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void bothGoOverToTheFormatThatIsLeft(Style style) {
        var pair = talking(caller(style, ALAW, ULAW), callee(style, ALAW, ULAW));
        assertThat(pair.caller.seen(Effect.SendMedia.class).getLast().format().codec()).isEqualTo(Codec.G711_ALAW);

        pair.callee.does(new Event.Offer(List.of(ULAW, H264, Capability.audio(Codec.G722, 20))));
        pair.run(SHORT);

        for (var end : List.of(pair.caller, pair.callee)) {
            assertThat(end.seen(Effect.SendMedia.class).getLast().format().codec()).as("%s %s", end.name, pair.trace).isEqualTo(Codec.G711_ULAW);
            assertThat(end.seen(Effect.ReceiveMedia.class).getLast().format().codec()).isEqualTo(Codec.G711_ULAW);
            assertThat(end.seen(Effect.StopSending.class)).hasSize(1);
        }
        int sent = pair.caller.seen(Effect.SendMedia.class).size();
        pair.callee.does(new Event.Offer(List.of(ALAW, ULAW)));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.SendMedia.class)).as("what works is kept").hasSize(sent);
    }

    @Test
    void withoutACommonFormatNothingIsSentUntilThereIsOne() {
        var pair = talking(caller(Style.SLOW_SEPARATE, ALAW, ULAW), callee(Style.SLOW_SEPARATE, ALAW, ULAW));

        pair.callee.does(new Event.Offer(List.of(Capability.audio(Codec.G722, 20))));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.StopSending.class)).hasSize(1);
        assertThat(pair.caller.noted("no common format for audio")).isTrue();
        assertThat(pair.caller.seen(Effect.Ended.class)).isEmpty();

        pair.callee.does(new Event.Offer(List.of(ALAW)));
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.SendMedia.class)).hasSize(2);
        assertThat(pair.callee.seen(Effect.SendMedia.class)).hasSize(2);
    }

    @Test
    void aWholePictureIsAskedForOnceASecondAtMost() {
        var pair = talking(caller(Style.SLOW_TUNNELLED, ALAW, H264), callee(Style.SLOW_TUNNELLED, ALAW, H264));

        for (int damaged = 0; damaged < 25; damaged++) {
            pair.callee.does(new Event.WantFastUpdate());
            pair.run(Duration.ofMillis(40));
        }
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.FastUpdateWanted.class)).hasSize(1);

        pair.callee.does(new Event.WantFastUpdate());
        pair.run(SHORT);
        assertThat(pair.caller.seen(Effect.FastUpdateWanted.class)).hasSize(2);
    }
}

package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.PdmlField;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Told;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.testkit.Tshark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every message of call signalling and of H.245 that a call may send, as tshark reads it: the same envelope, and the same values in it, also
/// those of the channels of fast connect and of H.245 in the tunnel.
class SentMessagesTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 30);
    private static final Capability H264 = Capability.h264(64, 29, 5120).nonInterleaved(true);
    private static final Capability H263 = Capability.h263(5000);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Map<String, Cause> REFUSALS = Map.of("gatewayResources", Cause.CONGESTION, "gatekeeperResources", Cause.NO_RESOURCES,
            "noPermission", Cause.REJECTED, "unreachableDestination", Cause.NO_ROUTE, "undefinedReason", Cause.INVALID_CALL_REFERENCE);
    private static final List<Octets> SIGNALS = new ArrayList<>();
    private static final List<Octets> CONTROLS = new ArrayList<>();

    @BeforeAll
    static void calls() {
        for (var style : List.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE,
                new Style(true, true, true), new Style(false, true, true))) {
            whole(style);
            odd(style);
        }
        forwarded();
        early();
        refused();
    }

    private static CallPair pair(Style style, long seed) {
        return new CallPair(
                CallPair.withEvents(CallPair.returning(CallPair.config(1, style, CallPair.toCallee(), seed, ALAW, ULAW, H264, H263)), 101),
                CallPair.returning(CallPair.config(2, style, Optional.empty(), seed, ALAW, ULAW, H264, H263)), seed);
    }

    private static void whole(Style style) {
        var pair = pair(style, 3);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Ring());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        for (var event : List.of(new Event.PressKeys("1x"), new Event.WantFastUpdate(), new Event.LimitRate(Codec.Kind.VIDEO, 1280),
                new Event.WantClosed(Codec.Kind.VIDEO), new Event.WantMode(Codec.G711_ULAW), new Event.WantMode(Codec.H263),
                new Event.WantMode(Codec.H264), new Event.WantMode(Codec.G722),
                new Event.Pause(true), new Event.Pause(false), new Event.Offer(List.of(ULAW, H264)), new Event.AskStatus())) {
            pair.caller.does(event);
            pair.callee.does(event);
            pair.run(SHORT);
        }
        // The round trip is measured meanwhile.
        pair.run(Duration.ofSeconds(20));
        pair.caller.does(new Event.Hangup(Cause.NORMAL_CLEARING));
        pair.run(SHORT);
        keep(pair);
    }

    /// What is answered to peers that are different from us, or that do not answer.
    private static void odd(Style style) {
        var pair = pair(style, 4);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        var channel = Value.struct().with("forwardLogicalChannelNumber", 999);
        for (var message : List.of(
                Controls.request("requestChannelClose", channel),
                Controls.request("requestChannelClose", Value.struct().with("forwardLogicalChannelNumber", 1)),
                Controls.request("requestMode", Value.struct().with("sequenceNumber", 9).with("requestedModes", List.of(
                        new Value.Items(List.of(Modes.element(Capability.audio(Codec.G722, 20))))))),
                Controls.request("openLogicalChannel", Controls.openChannel(77, Capability.audio(Codec.G722, 20), CallPair.address(9, 9))),
                Controls.request("maintenanceLoopRequest", Value.struct().with("type", Value.choice("systemLoop"))))) {
            pair.caller.does(new Event.Control(Pdu.H245.encode(message)));
        }
        pair.caller.does(new Event.Control(Octets.ofHex("7f")));
        pair.run(SHORT);
        pair.mute = true;
        pair.caller.does(new Event.WantMode(Codec.G711_ULAW));
        pair.caller.does(new Event.WantClosed(Codec.Kind.AUDIO));
        pair.run(Duration.ofSeconds(31));
        pair.caller.does(new Event.Offer(List.of(ULAW)));
        pair.run(Duration.ofMinutes(5));
        keep(pair);
        alone(style, 0);
        alone(style, 1);
    }

    /// A callee whose peer asks for the determination with the same number, or never answers it.
    private static void alone(Style style, int number) {
        var config = CallPair.config(2, style, Optional.empty(), 5, ALAW);
        var callee = new CallPair(CallPair.config(1, style, CallPair.toCallee(), 5, ALAW), CallPair.withRandom(config, () -> 0), 5);
        callee.caller.does(new Event.Place());
        callee.run(SHORT);
        callee.callee.does(new Event.Ring());
        callee.run(SHORT);
        callee.mute = true;
        callee.callee.does(new Event.Control(Pdu.H245.encode(Controls.request("masterSlaveDetermination",
                Value.struct().with("terminalType", 50).with("statusDeterminationNumber", number)))));
        callee.callee.does(new Event.Answer());
        callee.callee.does(new Event.Control(Pdu.H245.encode(
                Controls.response("terminalCapabilitySetAck", Value.struct().with("sequenceNumber", 1)))));
        callee.run(Duration.ofMinutes(5));
        keep(callee);
    }

    private static void forwarded() {
        var pair = pair(Style.FAST_TUNNELLED, 6);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Forward(Optional.of(CallPair.address(9, 1720)), List.of("nine", "9", "sip:nine@host", "nine@host")));
        keep(pair);
    }

    private static void early() {
        var pair = pair(Style.SLOW_SEPARATE, 7);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.caller.does(new Event.PressKeys("1"));
        pair.run(SHORT);
        keep(pair);
    }

    /// What an endpoint or a router says to whom it cannot give a call, or a place in one.
    private static void refused() {
        var pair = pair(Style.FAST_TUNNELLED, 8);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        pair.caller.does(new Event.AskStatus());
        for (var sent : pair.caller.seen(Effect.SendSignal.class)) {
            var first = FirstMessage.read(sent.message()).orElseThrow();
            if (first.type().filter(t -> t == MessageType.SETUP || t == MessageType.STATUS_INQUIRY).isPresent()) {
                for (var refusal : REFUSALS.entrySet()) {
                    SIGNALS.add(first.refused(refusal.getValue(), refusal.getKey()));
                }
            }
        }
    }

    private static void keep(CallPair pair) {
        for (var end : List.of(pair.caller, pair.callee)) {
            end.seen(Effect.SendSignal.class).forEach(s -> SIGNALS.add(s.message()));
            end.seen(Effect.SendControl.class).forEach(s -> CONTROLS.add(s.message()));
        }
    }

    @Test
    void tsharkReadsTheCallSignalling() throws Exception {
        Tshark.needed();
        var pdml = Tshark.details(SIGNALS.stream().map(Tpkt::wrap).toList(), "q931.tpkt");
        var envelopes = PdmlField.of(pdml, "q931\\..*");
        var contents = PdmlField.of(pdml);

        assertThat(contents).hasSameSizeAs(SIGNALS);
        for (int i = 0; i < SIGNALS.size(); i++) {
            var message = Q931.decode(SIGNALS.get(i));
            var user = message.userInformation().orElseThrow();
            assertThat(Told.difference(Told.ofOurs(Pdu.USER_INFORMATION, user), contents.get(i))).as("%s", user).isEmpty();
            assertThat(envelope(envelopes.get(i))).as("%s", message).isEqualTo(envelope(message));
        }
        assertThat(SIGNALS.stream().map(m -> Q931.decode(m).messageType().orElseThrow())).contains(MessageType.SETUP, MessageType.CALL_PROCEEDING,
                MessageType.ALERTING, MessageType.CONNECT, MessageType.FACILITY, MessageType.RELEASE_COMPLETE, MessageType.STATUS_INQUIRY,
                MessageType.STATUS);
        assertThat(reasons("facility")).contains("transportedInformation", "startH245", "callForwarded");
        assertThat(reasons("releaseComplete")).containsAll(REFUSALS.keySet());
    }

    private static List<String> reasons(String message) {
        return SIGNALS.stream().map(Q931::decode).flatMap(m -> m.userInformation().orElseThrow()
                .chosenAt("h323-uu-pdu/h323-message-body/" + message + "/reason").stream()).toList();
    }

    private static List<String> envelope(Q931 message) {
        return List.of("%04x".formatted(message.callReference() | (message.fromDestination() ? 0x8000 : 0)), "%02x".formatted(message.type()),
                message.display().orElse(""), message.callingNumber().orElse(""), message.calledNumber().orElse(""),
                message.cause().map(c -> "" + c.code()).orElse(""), message.callState().map("%d"::formatted).orElse(""));
    }

    private static List<String> envelope(List<PdmlField> shown) {
        return List.of(field(shown, "q931.call_ref").octets(), field(shown, "q931.message_type").octets(),
                field(shown, "q931.display_information").show(), field(shown, "q931.calling_party_number.digits").show(),
                field(shown, "q931.called_party_number.digits").show(), field(shown, "q931.cause_value").show(),
                Optional.of(field(shown, "q931.call_state").octets()).filter(s -> !s.isEmpty()).map(s -> "" + Integer.parseInt(s, 16)).orElse(""));
    }

    private static PdmlField field(List<PdmlField> shown, String name) {
        return shown.stream().filter(f -> f.name().equals(name)).findFirst().orElse(new PdmlField(name, "", ""));
    }

    @Test
    void tsharkReadsH245() throws Exception {
        Tshark.needed();
        var messages = Stream.concat(CONTROLS.stream(), tunnelled()).distinct().toList();
        var shown = PdmlField.of(Tshark.details(messages.stream().map(Octets::toArray).toList(), "h245dg"));

        assertThat(shown).hasSameSizeAs(messages);
        var names = new TreeSet<String>();
        for (int i = 0; i < messages.size(); i++) {
            var message = Pdu.H245.decode(messages.get(i));
            assertThat(Told.difference(Told.ofOurs(Pdu.H245, message), shown.get(i))).as("%s", message).isEmpty();
            names.add(((Value.Chosen) ((Value.Chosen) message).value()).name());
        }
        assertThat(names).contains("terminalCapabilitySet", "terminalCapabilitySetAck", "terminalCapabilitySetRelease",
                "masterSlaveDetermination", "masterSlaveDeterminationAck", "masterSlaveDeterminationReject", "masterSlaveDeterminationRelease",
                "openLogicalChannel", "openLogicalChannelAck", "openLogicalChannelReject", "closeLogicalChannel", "closeLogicalChannelAck",
                "requestChannelCloseAck", "requestChannelCloseReject", "roundTripDelayRequest", "roundTripDelayResponse", "requestMode",
                "requestModeAck", "requestModeReject", "requestModeRelease", "requestChannelClose", "requestChannelCloseRelease",
                "endSessionCommand", "flowControlCommand", "miscellaneousCommand", "userInput",
                "functionNotUnderstood", "functionNotSupported");
    }

    private static Stream<Octets> tunnelled() {
        return SIGNALS.stream().map(m -> Q931.decode(m).userInformation().orElseThrow())
                .flatMap(u -> Stream.of("h323-uu-pdu/h245Control", "h323-uu-pdu/h323-message-body/setup/parallelH245Control")
                        .flatMap(path -> u.listAt(path).stream()))
                .map(v -> ((Value.Bytes) v).octets());
    }
}

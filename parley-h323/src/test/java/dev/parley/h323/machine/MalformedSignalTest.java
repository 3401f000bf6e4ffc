package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How exactly malformed messages of call signalling are answered (clause 5.8/Q.931).
class MalformedSignalTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final String HEAD = "0802123405";
    private static final String BEARER = "040388c0a5";

    private final CallPair pair = new CallPair(CallPair.config(1, CallConfig.Style.FAST_TUNNELLED, CallPair.toCallee(), 1, ALAW),
            CallPair.config(2, CallConfig.Style.FAST_TUNNELLED, Optional.empty(), 1, ALAW), 1);

    private static CallMachine callee() {
        return new CallMachine(CallPair.config(2, CallConfig.Style.FAST_TUNNELLED, Optional.empty(), 1, ALAW));
    }

    private static List<Octets> sent(List<Effect> effects) {
        return effects.stream().filter(Effect.SendSignal.class::isInstance).map(e -> ((Effect.SendSignal) e).message()).toList();
    }

    private static CallEnd end(List<Effect> effects) {
        return effects.stream().filter(Effect.Ended.class::isInstance).map(e -> ((Effect.Ended) e).end()).findFirst().orElseThrow();
    }

    /// The answer to a Setup with call reference 1234: its flag is set, and it names no call.
    private static void assertReleased(List<Effect> effects, Cause cause) {
        var sent = sent(effects);
        assertThat(sent).hasSize(1);
        var release = Q931.decode(sent.getFirst());
        assertThat(release.messageType()).contains(MessageType.RELEASE_COMPLETE);
        assertThat(release.callReference()).isEqualTo(0x1234);
        assertThat(release.fromDestination()).isTrue();
        assertThat(release.cause()).contains(cause);
        var body = release.userInformation().orElseThrow().at("h323-uu-pdu/h323-message-body/releaseComplete").orElseThrow();
        assertThat(body.octetsAt("callIdentifier/guid")).isEmpty();
        assertThat(effects.stream().filter(e -> e instanceof Effect.CloseSignal)).hasSize(1);
        assertThat(effects.stream().filter(e -> e instanceof Effect.Incoming)).isEmpty();
        assertThat(end(effects)).isInstanceOf(CallEnd.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        // No user-user element.
        "96, ''",
        "96, 040388c0a5",
        // Elements that end behind the message, with and without their length; the user-user one is the mandatory one that is lost.
        "100, 0404c0a5",
        "100, 04",
        "100, 040388c0a57e",
        "100, 040388c0a57e00",
        "100, 040388c0a57effff05",
        "100, 28ff41427e000405010203",
        // A user-user element with another discriminator, with nothing in it, and with what is no H.225.0.
        "100, 040388c0a57e00020420",
        "100, 040388c0a57e0000",
        "100, 040388c0a57e000105",
        "100, 040388c0a57e000405ffffff",
    })
    void aSetupThatCannotBeReadIsReleasedWithItsCallReference(int cause, String elements) {
        var effects = callee().handle(new Event.Signal(Octets.ofHex(HEAD + elements)), 0);

        assertReleased(effects, new Cause(cause));
    }

    @ParameterizedTest
    @CsvSource({"63, 96", "64, 96", "65, 100"})
    void aSetupWithMoreElementsThanAreReadHasInvalidContents(int elements, int cause) {
        var effects = callee().handle(new Event.Signal(Octets.ofHex(HEAD + "a1".repeat(elements))), 0);

        assertReleased(effects, new Cause(cause));
    }

    @Test
    void aSetupWithTheInformationOfAnotherMessageHasInvalidContents() {
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        var other = Q931.decode(pair.callee.seen(Effect.SendSignal.class).getFirst().message()).element(InformationElement.USER_USER).orElseThrow();

        var effects = callee().handle(new Event.Signal(
                new Q931(0x1234, false, MessageType.SETUP.code(), List.of(InformationElement.userUser(other))).encode()), 0);

        assertReleased(effects, Cause.INVALID_CONTENTS);
    }

    /// Whatever is missing of a Setup, whoever sent it hears why, unless the part with the call reference is what is missing.
    @Test
    void aSetupThatIsCutAnywhereIsReleased() {
        pair.caller.does(new Event.Place());
        var whole = Q931.decode(pair.caller.seen(Effect.SendSignal.class).getFirst().message());
        var setup = new Q931(0x1234, false, whole.type(), whole.elements()).encode().toArray();
        for (int cut = 5; cut < setup.length; cut++) {
            var part = Octets.of(Arrays.copyOf(setup, cut));

            var effects = callee().handle(new Event.Signal(part), 0);

            assertReleased(effects, isWhole(part) ? Cause.MANDATORY_ELEMENT_MISSING : Cause.INVALID_CONTENTS);
        }
    }

    /// Cut between two elements.
    private static boolean isWhole(Octets part) {
        try {
            var _ = Q931.decode(part);
            return true;
        } catch (ProtocolViolation _) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "08", "0802", "080212", "08021234", "0803123456" + "05", "0902123405" + BEARER, "47455420"})
    void whatHasNoCallReferenceIsNotAnswered(String octets) {
        var effects = callee().handle(new Event.Signal(Octets.ofHex(octets)), 0);

        assertThat(sent(effects)).isEmpty();
        assertThat(end(effects)).isInstanceOf(CallEnd.Malformed.class);
        assertThat(FirstMessage.read(Octets.ofHex(octets))).isEmpty();
    }

    private Octets fromCallee(MessageType type, String elements) {
        var setup = Q931.decode(pair.caller.seen(Effect.SendSignal.class).getFirst().message());
        return Octets.ofHex("0802%04x%02x".formatted(0x8000 | setup.callReference(), type.code()) + elements);
    }

    @ParameterizedTest
    @CsvSource({"96, ''", "96, 28024142", "100, 28034141", "100, 7e00020420", "100, 7e000405ffffff"})
    void aConnectThatCannotBeReadEndsTheCallOfItsCaller(int cause, String elements) {
        pair.caller.does(new Event.Place());
        pair.run(SHORT);

        pair.caller.does(new Event.Signal(fromCallee(MessageType.CONNECT, elements)));

        var release = Q931.decode(pair.caller.seen(Effect.SendSignal.class).getLast().message());
        assertThat(release.messageType()).contains(MessageType.RELEASE_COMPLETE);
        assertThat(release.cause()).contains(new Cause(cause));
        assertThat(release.userInformation().orElseThrow().octetsAt("h323-uu-pdu/h323-message-body/releaseComplete/callIdentifier/guid"))
                .contains(pair.caller.machine.callIdentifier());
        assertThat(pair.caller.end()).isInstanceOf(CallEnd.Malformed.class);
        assertThat(pair.caller.seen(Effect.Connected.class)).isEmpty();
        pair.run(SHORT);
        assertThat(((CallEnd.Cleared) pair.callee.end()).cause()).isEqualTo(new Cause(cause));
    }

    /// Of a call that is on, another Setup or Connect is nothing, readable or not.
    @ParameterizedTest
    @ValueSource(strings = {"SETUP", "CONNECT", "FACILITY", "ALERTING", "NOTIFY", "INFORMATION", "STATUS"})
    void whatCannotBeReadOfACallThatIsOnIsPassedOver(MessageType type) {
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        int before = pair.caller.seen(Effect.SendSignal.class).size();

        pair.caller.does(new Event.Signal(fromCallee(type, "28ff41")));
        pair.run(SHORT);

        assertThat(pair.caller.seen(Effect.SendSignal.class)).hasSize(before);
        assertThat(pair.caller.noted("malformed message passed over")).isTrue();
        assertThat(pair.caller.machine.state()).isEqualTo(CallState.ACTIVE);
        assertThat(pair.callee.machine.state()).isEqualTo(CallState.ACTIVE);
    }

    @Test
    void aReleaseThatCannotBeReadIsARelease() {
        pair.caller.does(new Event.Place());
        pair.run(SHORT);

        pair.caller.does(new Event.Signal(fromCallee(MessageType.RELEASE_COMPLETE, "080480")));

        assertThat(((CallEnd.Cleared) pair.caller.end()).cause()).isEqualTo(Cause.NORMAL_UNSPECIFIED);
    }
}

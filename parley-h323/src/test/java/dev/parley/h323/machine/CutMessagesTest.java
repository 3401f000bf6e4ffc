package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.h323.wire.per.ValueGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Messages that end too early, at every octet: of many seeds, and large ones. What comes back is one exact answer, and the call is where it
/// was, or over.
class CutMessagesTest {
    private static final long SEED = Long.getLong("parley.seed", 1720);
    private static final int SEEDS = 40;
    private static final int LARGE = 8_000;
    private static final int REFERENCE = 0x1234;
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);

    private static CallMachine callee() {
        return new CallMachine(CallPair.config(2, CallConfig.Style.FAST_TUNNELLED, Optional.empty(), 1, ALAW));
    }

    /// H.323-UserInformation with any body of a message.
    private static Octets user(MessageType type, long seed, Value.Struct more) {
        var body = new ValueGenerator(seed).generate(Pdu.Modules.H225.type(
                Character.toUpperCase(type.body().charAt(0)) + type.body().substring(1) + "-UUIE"));
        return Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", more.with("h323-message-body", Value.choice(type.body(), body))));
    }

    private static Octets message(MessageType type, int reference, boolean fromDestination, Octets user) {
        return new Q931(reference, fromDestination, type.code(), List.of(InformationElement.bearerForPackets(), InformationElement.display("cut"),
                InformationElement.userUser(user))).encode();
    }

    private static Octets first(Octets whole, int size) {
        return Octets.of(Arrays.copyOf(whole.toArray(), size));
    }

    private static List<Q931> sent(List<Effect> effects) {
        return effects.stream().filter(Effect.SendSignal.class::isInstance).map(e -> Q931.decode(((Effect.SendSignal) e).message())).toList();
    }

    private static CallEnd end(List<Effect> effects) {
        var ends = effects.stream().filter(Effect.Ended.class::isInstance).map(e -> ((Effect.Ended) e).end()).toList();
        assertThat(ends).hasSize(1);
        return ends.getFirst();
    }

    private static void isReleased(Octets setup, String what, Cause cause) {
        var machine = callee();
        var effects = machine.handle(new Event.Signal(setup), 0);

        assertThat(machine.state()).as(what).isEqualTo(CallState.ENDED);
        assertThat(end(effects)).as(what).isInstanceOf(CallEnd.Malformed.class);
        var answers = sent(effects);
        assertThat(answers).as(what).hasSize(1);
        assertThat(answers.getFirst().messageType()).as(what).hasValue(MessageType.RELEASE_COMPLETE);
        assertThat(answers.getFirst().callReference()).as(what).isEqualTo(REFERENCE);
        assertThat(answers.getFirst().fromDestination()).as(what).isTrue();
        assertThat(answers.getFirst().cause()).as(what).hasValue(cause);
        assertThat(machine.handle(new Event.Answer(), 1)).as(what).isEmpty();
    }

    /// The element is as long as it says, and what is in it is not.
    private static void cutInside(Octets user, String what) {
        for (int cut = 0; cut < user.size(); cut++) {
            isReleased(message(MessageType.SETUP, REFERENCE, false, first(user, cut)), what + ", cut " + cut, Cause.INVALID_CONTENTS);
        }
    }

    @Test
    void aSetupWhoseUserInformationEndsAnywhereIsReleased() {
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            cutInside(user(MessageType.SETUP, seed, Value.struct().with("h245Tunnelling", true)), "seed " + seed);
        }
    }

    /// Half of it is channels of fast connect, half of it H.245 in the tunnel.
    private static Octets large() {
        var random = new Random(SEED);
        var parts = IntStream.range(0, LARGE / 58).mapToObj(_ -> {
            var octets = new byte[56];
            random.nextBytes(octets);
            return (Value) new Value.Bytes(Octets.of(octets));
        }).toList();
        var half = parts.size() / 2;
        return user(MessageType.SETUP, SEED, Value.struct().with("h245Tunnelling", true).with("h245Control", parts.subList(0, half))
                .with("h4501SupplementaryService", parts.subList(half, parts.size())));
    }

    @Test
    void aLargeSetupToo() {
        var large = large();
        assertThat(large.size()).isGreaterThan(LARGE);

        cutInside(large, "large");
    }

    /// Between two elements it is a message without H.323 in it (cause 96); inside of one it is malformed (100); and before its type nobody knows
    /// whom to answer.
    @Test
    void aSetupThatEndsAnywhereItselfIsReleasedOrClosed() {
        for (long seed = SEED; seed < SEED + 10; seed++) {
            var setup = message(MessageType.SETUP, REFERENCE, false, user(MessageType.SETUP, seed, Value.struct().with("h245Tunnelling", true)));
            for (int cut = 0; cut < setup.size(); cut++) {
                var octets = first(setup, cut);
                if (cut < 5) {
                    var machine = callee();
                    var effects = machine.handle(new Event.Signal(octets), 0);
                    assertThat(sent(effects)).as("cut %s", cut).isEmpty();
                    assertThat(end(effects)).as("cut %s", cut).isInstanceOf(CallEnd.Malformed.class);
                } else {
                    isReleased(octets, "seed " + seed + ", cut " + cut,
                            cut == 5 || cut == 10 || cut == 15 ? Cause.MANDATORY_ELEMENT_MISSING : Cause.INVALID_CONTENTS);
                }
            }
        }
    }

    private static CallPair connected(long seed) {
        var pair = new CallPair(CallPair.config(1, CallConfig.Style.SLOW_SEPARATE, CallPair.toCallee(), seed, ALAW),
                CallPair.config(2, CallConfig.Style.SLOW_SEPARATE, Optional.empty(), seed, ALAW), seed);
        pair.caller.does(new Event.Place());
        pair.run(Duration.ofSeconds(1));
        pair.callee.does(new Event.Answer());
        pair.run(Duration.ofSeconds(1));
        assertThat(pair.callee.machine.state()).isEqualTo(CallState.ACTIVE);
        return pair;
    }

    /// Only ReleaseComplete ends a call that is on, whatever is in it.
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void inACallThatIsOnWhatIsCutIsPassedOver(MessageType type) {
        for (long seed = SEED; seed < SEED + 6; seed++) {
            var user = user(type, seed, Value.struct());
            var pair = connected(seed);
            int reference = Q931.decode(pair.caller.seen(Effect.SendSignal.class).getFirst().message()).callReference();
            for (int cut = 0; cut < user.size() && cut < 400; cut++) {
                var what = "%s, seed %s, cut %s".formatted(type, seed, cut);
                if (pair.callee.machine.state() == CallState.ENDED) {
                    pair = connected(seed);
                }
                var effects = pair.callee.machine.handle(new Event.Signal(message(type, reference, false, first(user, cut))), 0);

                if (type == MessageType.RELEASE_COMPLETE) {
                    assertThat(end(effects)).as(what).isInstanceOfSatisfying(CallEnd.Cleared.class,
                            e -> assertThat(e.cause()).isEqualTo(Cause.NORMAL_UNSPECIFIED));
                } else {
                    assertThat(effects).as(what).hasSize(1).first().isInstanceOfSatisfying(Effect.Note.class,
                            n -> assertThat(n.words()).startsWith("malformed message passed over: "));
                    assertThat(pair.callee.machine.state()).as(what).isEqualTo(CallState.ACTIVE);
                }
            }
        }
    }

    /// Each one is answered once, as the peer sent it; the call goes on.
    @Test
    void h245ThatEndsAnywhereIsNotUnderstood() {
        var pair = connected(SEED);
        int most = 0;
        for (long seed = SEED; seed < SEED + 300; seed++) {
            var message = Pdu.H245.encode(new ValueGenerator(seed).generate(Pdu.H245.type()));
            most = Math.max(most, message.size());
            for (int cut = 0; cut < message.size(); cut++) {
                isNotUnderstood(pair, first(message, cut), "seed " + seed + ", cut " + cut);
            }
        }
        assertThat(most).isGreaterThan(250);
    }

    /// A capability set with as many entries as a table may have.
    @Test
    void aLargeCapabilitySetToo() {
        var entries = IntStream.rangeClosed(1, 256).mapToObj(i -> (Value) Value.struct().with("capabilityTableEntryNumber", i)
                .with("capability", Value.choice("receiveAudioCapability", Value.choice("g711Alaw64k", new Value.Number(1 + i % 256))))).toList();
        var set = Pdu.H245.encode(Controls.request("terminalCapabilitySet", Value.struct().with("sequenceNumber", 1)
                .with("protocolIdentifier", Value.oid("0.0.8.245.0.7")).with("capabilityTable", entries)));
        assertThat(set.size()).isGreaterThan(1_200);
        var pair = connected(SEED);

        for (int cut = 0; cut < set.size(); cut++) {
            isNotUnderstood(pair, first(set, cut), "cut " + cut);
        }
    }

    private static void isNotUnderstood(CallPair pair, Octets octets, String what) {
        var effects = pair.callee.machine.handle(new Event.Control(octets), 0);

        var answers = effects.stream().filter(Effect.SendControl.class::isInstance).map(e -> ((Effect.SendControl) e).message()).toList();
        assertThat(answers).as(what).hasSize(1);
        assertThat(CallPair.name(answers.getFirst())).as(what).isEqualTo("functionNotSupported");
        assertThat(pair.callee.machine.state()).as(what).isEqualTo(CallState.ACTIVE);
    }
}

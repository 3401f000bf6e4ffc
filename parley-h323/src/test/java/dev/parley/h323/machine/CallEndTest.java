package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the end of a call is told, by the messages of a peer.
class CallEndTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static CallPair calling(Style style) {
        var pair = new CallPair(CallPair.config(1, style, CallPair.toCallee(), 1, ALAW), CallPair.config(2, style, Optional.empty(), 1, ALAW), 1);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        return pair;
    }

    private static CallPair talking() {
        var pair = calling(Style.SLOW_TUNNELLED);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    /// A message of the callee, as any stack may send it.
    private static Event says(CallPair pair, MessageType type, List<InformationElement> elements) {
        var setup = Q931.decode(pair.caller.seen(Effect.SendSignal.class).getFirst().message());
        return new Event.Signal(new Q931(setup.callReference(), true, type.code(), elements).encode());
    }

    private static InformationElement user(MessageType type, Value body) {
        return InformationElement.userUser(Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu",
                Value.struct().with("h323-message-body", Value.choice(type.body(), body)).with("h245Tunnelling", true))));
    }

    private static CallEnd.Cleared cleared(CallPair.End end) {
        return (CallEnd.Cleared) end.end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallWhoseH245EndsBeforeItIsAnsweredWasNotConnected(boolean released) {
        var pair = calling(Style.SLOW_TUNNELLED);
        pair.callee.does(new Event.Ring());
        pair.run(SHORT);
        pair.mute = true;

        pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.endSession())));
        if (released) {
            pair.caller.does(says(pair, MessageType.RELEASE_COMPLETE, List.of(InformationElement.cause(Cause.USER_BUSY))));
        }
        pair.run(SHORT);

        assertThat(cleared(pair.caller)).isEqualTo(new CallEnd.Cleared(Side.REMOTE, released ? Cause.USER_BUSY : Cause.NORMAL_CLEARING,
                Optional.empty(), false));
        assertThat(cleared(pair.caller).isOrderly()).isFalse();
    }

    /// Also when H.245 on a connection of its own ends first.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCauseOfWhoEndsTheCallIsTold(boolean tunnel) {
        for (boolean answers : List.of(true, false)) {
            var pair = calling(tunnel ? Style.SLOW_TUNNELLED : Style.SLOW_SEPARATE);
            pair.callee.does(new Event.Answer());
            pair.run(SHORT);
            if (!answers) {
                pair.lost.add("endSessionCommand");
            }

            pair.caller.does(new Event.Hangup(Cause.INCOMPATIBLE));
            pair.run(Duration.ofSeconds(10));

            assertThat(cleared(pair.caller).cause()).isEqualTo(Cause.INCOMPATIBLE);
            assertThat(cleared(pair.callee)).isEqualTo(new CallEnd.Cleared(Side.REMOTE, Cause.INCOMPATIBLE, Optional.empty(), true));
        }
    }

    /// Two connections: what was said on the one last may come after the end of the other.
    @Test
    void aCauseThatComesAfterTheConnectionOfH245IsClosedIsHeard() {
        var pair = calling(Style.SLOW_SEPARATE);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);

        pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.endSession())));
        pair.caller.does(new Event.ControlLost("closed"));
        pair.caller.does(says(pair, MessageType.RELEASE_COMPLETE, List.of(InformationElement.cause(Cause.INCOMPATIBLE))));

        assertThat(cleared(pair.caller)).isEqualTo(new CallEnd.Cleared(Side.REMOTE, Cause.INCOMPATIBLE, Optional.empty(), true));
    }

    @Test
    void aBareReleaseOfAConnectedCallIsAnOrderlyEndAlsoAfterTheEndOfH245() {
        for (boolean endOfControl : List.of(true, false)) {
            var pair = talking();
            if (endOfControl) {
                pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.endSession())));
            }
            pair.caller.does(says(pair, MessageType.RELEASE_COMPLETE, List.of()));

            assertThat(cleared(pair.caller)).isEqualTo(new CallEnd.Cleared(Side.REMOTE, Cause.NORMAL_UNSPECIFIED, Optional.empty(), true));
            assertThat(cleared(pair.caller).isOrderly()).isTrue();
        }
        var unanswered = calling(Style.SLOW_TUNNELLED);
        unanswered.caller.does(says(unanswered, MessageType.RELEASE_COMPLETE, List.of()));
        assertThat(cleared(unanswered.caller).isOrderly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"16, true", "31, true", "17, false", "41, false", "127, false"})
    void whetherTheEndOfAConnectedCallIsOrderlyIsToldByItsCause(int cause, boolean orderly) {
        var pair = talking();

        pair.callee.does(new Event.Hangup(new Cause(cause)));
        pair.run(SHORT);

        assertThat(cleared(pair.caller).cause()).isEqualTo(new Cause(cause));
        assertThat(cleared(pair.caller).isOrderly()).isEqualTo(orderly);
    }

    @ParameterizedTest
    @CsvSource({"undefinedReason, true", "securityDenied, false", "inConf, false"})
    void orByItsReason(String reason, boolean orderly) {
        var pair = talking();
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).with("reason", Value.choice(reason));

        pair.caller.does(says(pair, MessageType.RELEASE_COMPLETE, List.of(user(MessageType.RELEASE_COMPLETE, body))));

        assertThat(cleared(pair.caller).reason()).contains(reason);
        assertThat(cleared(pair.caller).isOrderly()).isEqualTo(orderly);
    }

    /// A gatekeeper that wants the call to go through it, and an MCU that holds the conference.
    @ParameterizedTest
    @ValueSource(strings = {"callForwarded", "routeCallToGatekeeper", "routeCallToMC"})
    void aCallThatIsWantedElsewhereIsReleasedHere(String reason) {
        var pair = calling(Style.FAST_TUNNELLED);
        var to = new TransportAddress(CallPair.CALLEE_SIGNAL.ip(), 1730);
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).with("alternativeAddress", to.forH225())
                .with("alternativeAliasAddress", Signals.aliases(List.of("gate"))).with("reason", Value.choice(reason));

        pair.caller.does(says(pair, MessageType.FACILITY, List.of(user(MessageType.FACILITY, body))));
        pair.run(SHORT);

        assertThat(pair.caller.end()).isEqualTo(new CallEnd.Redirected(Optional.of(to), List.of("gate"), reason));
        assertThat(cleared(pair.callee)).isEqualTo(new CallEnd.Cleared(Side.REMOTE, Cause.NORMAL_CLEARING, Optional.empty(), false));
    }

    @ParameterizedTest
    @CsvSource({"'', true, ' to 192.0.2.7:1720'", "bob, false, ' to bob'", "'bob 1001', true, ' to bob, 1001 at 192.0.2.7:1720'", "'', false, ''"})
    void whereACallIsSentOnIsInWords(String aliases, boolean address, String words) {
        var names = List.of(aliases.split(" ")).stream().filter(alias -> !alias.isEmpty()).toList();
        var to = address ? Optional.of(new TransportAddress(Octets.ofHex("c0000207"), 1720)) : Optional.<TransportAddress>empty();

        assertThat(new CallEnd.Redirected(to, names, "callForwarded").words()).isEqualTo("redirected (the call is forwarded)" + words);
    }
}

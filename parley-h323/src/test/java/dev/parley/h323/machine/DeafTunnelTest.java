package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A caller that says in Setup that it tunnels H.245, and then does not read it there.
class DeafTunnelTest {
    private static final TransportAddress OURS = CallPair.address(2, 3000);
    private static final List<String> BEGINNING = List.of("terminalCapabilitySet", "masterSlaveDetermination");

    private final Capability alaw = Capability.audio(Codec.G711_ALAW, 20);
    private int reference;

    /// A callee that has answered, and begun H.245 in the tunnel.
    private CallMachine answered(boolean fastStart) {
        var style = new Style(fastStart, true, false);
        var setup = signals(new CallMachine(CallPair.config(1, style, CallPair.toCallee(), 3, alaw)).handle(new Event.Place(), 0)).getFirst();
        reference = setup.callReference();
        var callee = new CallMachine(CallPair.config(2, style, Optional.empty(), 1, alaw));
        callee.handle(new Event.Signal(setup.encode()), 0);

        assertThat(callee.handle(new Event.Answer(), 1)).contains(new Effect.Start(Timer.TUNNEL, Timer.TUNNEL.usual()));
        return callee;
    }

    private static List<Q931> signals(List<Effect> effects) {
        return effects.stream().filter(Effect.SendSignal.class::isInstance).map(e -> Q931.decode(((Effect.SendSignal) e).message())).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenNothingComesBackThePeerIsAskedToOpenAConnection(boolean fastStart) {
        var callee = answered(fastStart);

        var asks = callee.handle(new Event.Expired(Timer.TUNNEL), 2);
        assertThat(asks).contains(new Effect.ListenControl());
        assertThat(asks.contains(new Effect.Start(Timer.FILM, Timer.FILM.usual()))).as("without media it has its time").isEqualTo(!fastStart);
        var facility = signals(callee.handle(new Event.ControlListening(OURS), 3)).getFirst();
        assertThat(facility.messageType()).hasValue(MessageType.FACILITY);
        var pdu = facility.userInformation().orElseThrow().structAt("h323-uu-pdu").orElseThrow();
        assertThat(pdu.flagAt("h245Tunnelling")).isFalse();
        assertThat(pdu.at("h323-message-body/facility").orElseThrow().chosenAt("reason")).hasValue("startH245");
        assertThat(pdu.at("h323-message-body/facility/h245Address").flatMap(TransportAddress::fromH225)).hasValue(OURS);

        var begun = callee.handle(new Event.ControlConnected(), 4);
        assertThat(begun.stream().filter(Effect.SendControl.class::isInstance).map(e -> CallPair.name(((Effect.SendControl) e).message())))
                .isEqualTo(BEGINNING);
    }

    @Test
    void aCallThatHasNoMediaEndsWhenNobodyOpensIt() {
        var callee = answered(false);
        callee.handle(new Event.Expired(Timer.TUNNEL), 2);
        callee.handle(new Event.ControlListening(OURS), 3);

        var ends = callee.handle(new Event.Expired(Timer.FILM), 4).stream().filter(Effect.Ended.class::isInstance).map(e -> ((Effect.Ended) e).end());
        assertThat(ends).singleElement().isInstanceOfSatisfying(CallEnd.Cleared.class, end -> assertThat(end.cause()).isEqualTo(Cause.INCOMPATIBLE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoAnswersInTheTunnelIsNotAsked(boolean fastStart) {
        var callee = answered(fastStart);

        assertThat(callee.handle(heard(), 2)).contains(new Effect.Stop(Timer.TUNNEL));
        assertThat(callee.handle(new Event.Expired(Timer.TUNNEL), 3)).isEmpty();
    }

    /// It was only slow: the call goes on in the tunnel.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatComesLateCountsToo(boolean fastStart) {
        var callee = answered(fastStart);
        callee.handle(new Event.Expired(Timer.TUNNEL), 2);
        callee.handle(new Event.ControlListening(OURS), 3);
        callee.handle(heard(), 4);

        callee.handle(new Event.PressKeys("7"), 5);
        var ends = signals(callee.handle(new Event.Hangup(Cause.NORMAL_CLEARING), 6));
        assertThat(ends.getLast().userInformation().orElseThrow().listAt("h323-uu-pdu/h245Control")).isNotEmpty();
    }

    private Event heard() {
        var ack = Pdu.H245.encode(Controls.response("terminalCapabilitySetAck", Value.struct().with("sequenceNumber", 1)));
        var body = Signals.facility(Octets.of(new byte[16]), "transportedInformation");
        var pdu = Value.struct().with("h323-message-body", Value.choice("facility", body)).with("h245Tunnelling", true)
                .with("h245Control", List.of(new Value.Bytes(ack)));
        return new Event.Signal(new Q931(reference, false, MessageType.FACILITY.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", pdu))))).encode());
    }
}

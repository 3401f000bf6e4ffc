package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// H.245 that begins in Setup, with a peer that does not know of it (ooh323c 0.9.4): it is said again when the call is connected.
class ParallelTest {
    private static final Octets IDENTIFIER = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final List<String> BEGINNING = List.of("terminalCapabilitySet", "masterSlaveDetermination");

    private int reference;

    private CallMachine called(boolean fastStart) {
        var alaw = Capability.audio(Codec.G711_ALAW, 20);
        var caller = new CallMachine(CallPair.config(1, new Style(fastStart, true, true), CallPair.toCallee(), 3, alaw));
        var setup = caller.handle(new Event.Place(), 0).stream().filter(Effect.SendSignal.class::isInstance)
                .map(e -> Q931.decode(((Effect.SendSignal) e).message())).findFirst().orElseThrow();
        assertThat(control(setup)).isEqualTo(BEGINNING);
        reference = setup.callReference();
        return caller;
    }

    private static List<String> control(Q931 message) {
        var user = message.userInformation().orElseThrow();
        return Stream.of("h323-uu-pdu/h245Control", "h323-uu-pdu/h323-message-body/setup/parallelH245Control")
                .flatMap(path -> user.listAt(path).stream()).map(v -> CallPair.name(((Value.Bytes) v).octets())).toList();
    }

    private Event connect(boolean tunnels, Optional<TransportAddress> address, List<Value> control) {
        var body = Signals.connect(IDENTIFIER, IDENTIFIER, address, List.of());
        var pdu = Value.struct().with("h323-message-body", Value.choice("connect", body)).with("h245Tunnelling", tunnels);
        return new Event.Signal(new Q931(reference, true, MessageType.CONNECT.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", control.isEmpty() ? pdu : pdu.with("h245Control", control))))))
                .encode());
    }

    private static List<String> sent(List<Effect> effects) {
        return effects.stream().flatMap(e -> switch (e) {
            case Effect.SendSignal(var message) -> control(Q931.decode(message)).stream();
            case Effect.SendControl(var message) -> Stream.of(CallPair.name(message));
            default -> Stream.of();
        }).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheTunnelItIsSaidAgainAfterConnect(boolean fastStart) {
        var caller = called(fastStart);

        assertThat(sent(caller.handle(connect(true, Optional.empty(), List.of()), 1))).isEqualTo(BEGINNING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onItsOwnConnectionItIsSaidAgainWhenThatStands(boolean fastStart) {
        var caller = called(fastStart);

        assertThat(sent(caller.handle(connect(false, Optional.of(CallPair.address(2, 3000)), List.of()), 1))).isEmpty();
        assertThat(sent(caller.handle(new Event.ControlConnected(), 2))).isEqualTo(BEGINNING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasAnsweredHasHeardIt(boolean fastStart) {
        var caller = called(fastStart);
        var ack = Pdu.H245.encode(Controls.response("terminalCapabilitySetAck", Value.struct().with("sequenceNumber", 1)));

        assertThat(sent(caller.handle(connect(true, Optional.empty(), List.of(new Value.Bytes(ack))), 1))).isEmpty();
    }

    /// A peer that neither tunnels nor says where it listens has not read it. What the user wants then makes us listen, and the peer is asked; so
    /// does a fast connect that has opened nothing.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenThereIsNoWayToThePeerAKeyMakesOne(boolean fastStart) {
        var caller = called(fastStart);
        var connected = caller.handle(connect(false, Optional.empty(), List.of()), 1);
        var pressed = caller.handle(new Event.PressKeys("7"), 2);

        assertThat(connected.contains(new Effect.ListenControl())).isEqualTo(fastStart);
        assertThat(pressed).isEqualTo(fastStart ? List.of() : List.of(new Effect.ListenControl()));
        assertThat(caller.handle(new Event.PressKeys("8"), 3)).isEmpty();
        assertThat(caller.handle(new Event.ControlListening(CallPair.address(1, 3000)), 4)).anyMatch(Effect.SendSignal.class::isInstance);
        assertThat(sent(caller.handle(new Event.ControlConnected(), 5))).isEqualTo(BEGINNING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyBeforeTheAnswerWaitsForIt(boolean fastStart) {
        assertThat(called(fastStart).handle(new Event.PressKeys("7"), 1)).isEmpty();
    }
}

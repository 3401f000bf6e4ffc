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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who opens H.245 on a connection of its own, and what becomes of the call when one side cannot.
class ControlOpeningTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final TransportAddress OURS = CallPair.address(2, 3000);
    private static final Event UNREACHABLE = new Event.ControlUnreachable("no route");

    private final CallConfig peer = CallPair.config(1, Style.SLOW_SEPARATE, CallPair.toCallee(), 1, ALAW);
    private final CallMachine callee = new CallMachine(CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 1, ALAW));

    private List<Effect> hears(MessageType type, Value body) {
        var user = Value.struct().with("h323-uu-pdu", Value.struct().with("h323-message-body", Value.choice(type.body(), body))
                .with("h245Tunnelling", false));
        return callee.handle(new Event.Signal(new Q931(7, false, type.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(user)))).encode()), 0);
    }

    /// With the address of H.245 in Setup, so that we try to open it before we listen ourselves.
    private void called(TransportAddress control) {
        assertThat(hears(MessageType.SETUP, Signals.setup(peer, peer.callee().orElseThrow(), Optional.of(control))))
                .contains(new Effect.ListenControl(), new Effect.ConnectControl(control));
        callee.handle(new Event.ControlListening(OURS), 0);
    }

    private List<Effect> told(TransportAddress control) {
        return hears(MessageType.FACILITY, Signals.facility(Octets.of(new byte[16]), "startH245").with("h245Address", control.forH225()));
    }

    @Test
    void whatWeCannotOpenThePeerMayOpen() {
        called(CallPair.address(1, 3000));

        assertThat(callee.handle(UNREACHABLE, 0)).contains(new Effect.Start(Timer.CONTROL, Timer.CONTROL.usual()));
        callee.handle(new Event.Answer(), 0);
        var begun = callee.handle(new Event.ControlConnected(), 0);

        assertThat(begun).contains(new Effect.Stop(Timer.CONTROL)).anyMatch(Effect.SendControl.class::isInstance);
        assertThat(callee.state()).isEqualTo(CallState.ACTIVE);
    }

    @Test
    void thePeerHasSoMuchTimeForItOnceTheCallIsAnswered() {
        called(CallPair.address(1, 3000));
        callee.handle(UNREACHABLE, 0);

        assertThat(callee.handle(new Event.Expired(Timer.CONTROL), 0)).containsExactly(new Effect.Start(Timer.CONTROL, Timer.CONTROL.usual()));
        callee.handle(new Event.Answer(), 0);
        var end = callee.handle(new Event.Expired(Timer.CONTROL), 0);

        assertThat(end).contains(new Effect.Ended(new CallEnd.Lost("no route, and the peer has not opened it either")));
    }

    /// Told again of an address that did not work, we try again, and the peer has no more time for it.
    @Test
    void theTimeIsNotLongerForBeingToldAgain() {
        called(CallPair.address(1, 3000));
        callee.handle(UNREACHABLE, 0);

        assertThat(told(CallPair.address(9, 3000))).contains(new Effect.ConnectControl(CallPair.address(9, 3000)));
        assertThat(callee.handle(UNREACHABLE, 0)).noneMatch(Effect.Start.class::isInstance);
    }

    @Test
    void whatComesTooLateToMatterDoesNot() {
        called(CallPair.address(1, 3000));
        callee.handle(new Event.ControlConnected(), 0);

        assertThat(callee.handle(UNREACHABLE, 0)).isEmpty();
        assertThat(callee.state()).isEqualTo(CallState.PRESENT);
    }

    /// By Facility with startH245 and where it listens now; the peer has its time for it.
    @Test
    void aCallerThatCannotOpenItAsksThePeerTo() {
        var pair = new CallPair(peer, CallPair.config(2, Style.SLOW_SEPARATE, Optional.empty(), 1, ALAW), 1);
        pair.caller.does(new Event.Place());
        var connect = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).with("h245Address", OURS.forH225())
                .with("destinationInfo", Signals.endpoint()).with("callIdentifier", Signals.identifier(peer.callIdentifier()));
        pair.caller.does(new Event.Signal(new Q931(peer.callReference(), true, MessageType.ALERTING.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                        .with("h323-message-body", Value.choice("alerting", connect)).with("h245Tunnelling", false)))))).encode()));
        assertThat(pair.caller.seen(Effect.ConnectControl.class)).containsExactly(new Effect.ConnectControl(OURS));

        pair.caller.does(UNREACHABLE);
        pair.run(Duration.ofSeconds(1));

        assertThat(pair.caller.seen(Effect.ListenControl.class)).hasSize(1);
        assertThat(pair.caller.seen(Effect.Ended.class)).as("%s", pair.trace).isEmpty();
        var facility = pair.caller.seen(Effect.SendSignal.class).stream().map(s -> Q931.decode(s.message()))
                .filter(m -> m.messageType().equals(Optional.of(MessageType.FACILITY))).findFirst().orElseThrow(() -> new AssertionError(pair.trace));
        var body = facility.userInformation().orElseThrow().at("h323-uu-pdu/h323-message-body/facility").orElseThrow();
        assertThat(body.chosenAt("reason")).hasValue("startH245");
        assertThat(body.at("h245Address").flatMap(TransportAddress::fromH225)).hasValue(CallPair.address(1, 3000));
        pair.caller.does(new Event.ControlConnected());
        pair.run(Duration.ofMinutes(1));
        assertThat(pair.caller.sent("terminalCapabilitySet")).isNotEmpty();
    }

    /// The rule of clause 8.2.3/H.323: the connection of the one with the greater address is the one, so the other waits for it, but not for ever.
    @Test
    void ofTwoThatListenTheOneWithTheGreaterAddressOpens() {
        for (var theirs : List.of(CallPair.address(1, 3001), CallPair.address(2, 2999), CallPair.address(2, 3001), CallPair.address(3, 1))) {
            var machine = new ControlOpeningTest();
            machine.hears(MessageType.SETUP, Signals.setup(peer, peer.callee().orElseThrow(), Optional.empty()));
            machine.callee.handle(new Event.ControlListening(OURS), 0);

            var effects = machine.told(theirs);

            boolean greater = theirs.ip().at(3) == 1 || theirs.port() == 2999;
            assertThat(effects.contains(new Effect.ConnectControl(theirs))).as("ours is %s, theirs %s", OURS, theirs).isEqualTo(greater);
            assertThat(effects.contains(new Effect.Start(Timer.OVERLAP, Timer.OVERLAP.usual()))).isEqualTo(!greater);
            assertThat(machine.callee.handle(new Event.Expired(Timer.OVERLAP), 0).contains(new Effect.ConnectControl(theirs))).isEqualTo(!greater);
        }
    }

    @Test
    void toBeToldAgainDoesNotMakeTheWaitLonger() {
        hears(MessageType.SETUP, Signals.setup(peer, peer.callee().orElseThrow(), Optional.empty()));
        callee.handle(new Event.ControlListening(OURS), 0);
        told(CallPair.address(8, 3000));

        assertThat(told(CallPair.address(9, 3000))).noneMatch(Effect.Start.class::isInstance);
        assertThat(callee.handle(new Event.Expired(Timer.OVERLAP), 0)).contains(new Effect.ConnectControl(CallPair.address(9, 3000)));
    }

    @Test
    void whenThePeerHasOpenedItWeDoNot() {
        hears(MessageType.SETUP, Signals.setup(peer, peer.callee().orElseThrow(), Optional.empty()));
        callee.handle(new Event.ControlListening(OURS), 0);
        told(CallPair.address(9, 3000));

        assertThat(callee.handle(new Event.ControlConnected(), 0)).contains(new Effect.Stop(Timer.OVERLAP));
        assertThat(callee.handle(new Event.Expired(Timer.OVERLAP), 0)).isEmpty();
    }

    /// What was said on the connection that goes is said again on the one that stays.
    @Test
    void whenTheOtherConnectionStaysItBeginsAgain() {
        called(CallPair.address(1, 3000));
        callee.handle(new Event.ControlConnected(), 0);

        var again = callee.handle(new Event.ControlConnected(), 0).stream().filter(Effect.SendControl.class::isInstance)
                .map(e -> CallPair.name(((Effect.SendControl) e).message())).toList();

        assertThat(again).containsExactly("terminalCapabilitySet", "masterSlaveDetermination");
    }

    @Test
    void onlyHostsThatThePeerHasToldOfMayOpenIt() {
        var signalling = CallPair.address(5, 1).ip();
        hears(MessageType.SETUP, Signals.setup(peer, peer.callee().orElseThrow(), Optional.empty())
                .with("sourceCallSignalAddress", CallPair.address(6, 1720).forH225()));
        for (int host = 7; host < 7 + PeerHosts.MOST; host++) {
            told(CallPair.address(host, 3000));
        }

        for (int host : new int[] {5, 6, 7, 5 + PeerHosts.MOST}) {
            assertThat(callee.mayOpenControl(CallPair.address(host, 9).ip(), signalling)).as("%d", host).isTrue();
        }
        for (int host : new int[] {1, 4, 6 + PeerHosts.MOST}) {
            assertThat(callee.mayOpenControl(CallPair.address(host, 9).ip(), signalling)).as("%d", host).isFalse();
        }
    }
}

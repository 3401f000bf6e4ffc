package dev.parley.h323.fuzz;

import static dev.parley.h323.fuzz.Shots.check;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.CallMachine;
import dev.parley.h323.machine.CallState;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.machine.Timer;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A fuzz target: a whole call in any style, to which call signalling and H.245 of a peer come, well-formed or not. Nothing is thrown, no message
/// calls forth very many, and the call can always be ended. The first octet says the style, whose call it is and
/// whether it may come back after a lost line.
public final class CallTarget {
    private static final int MOST_EFFECTS = 400;
    private static final TransportAddress HERE = new TransportAddress(Octets.ofHex("7f000001"), 1720);
    private static final Octets IDENTIFIER = Octets.ofHex("00112233445566778899aabbccddeeff");
    private static final List<CallConfig.Style> STYLES = List.of(CallConfig.Style.FAST_TUNNELLED, CallConfig.Style.FAST_SEPARATE,
            CallConfig.Style.SLOW_TUNNELLED, CallConfig.Style.SLOW_SEPARATE, new CallConfig.Style(true, true, true));

    private CallTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        boolean calls = (input[0] & 0x80) != 0;
        var machine = new CallMachine(config(STYLES.get((input[0] & 0x0f) % STYLES.size()), calls, (input[0] & 0x40) != 0));
        long now = 0;
        if (calls) {
            handle(machine, new Event.Place(), now);
        }
        for (var shot : Shots.of(input, 1)) {
            now += 1_000_000;
            if ((shot.kind() & 1) == 0) {
                readsWhatItWrites(shot.octets());
            } else {
                Shots.readsWhatItWrites(Pdu.H245, shot.octets());
            }
            handle(machine, (shot.kind() & 1) == 0 ? new Event.Signal(shot.octets()) : new Event.Control(shot.octets()), now);
            switch (shot.kind() >> 1 & 7) {
                case 1 -> handle(machine, new Event.Ring(), now);
                case 2 -> handle(machine, new Event.Answer(), now);
                case 3 -> handle(machine, new Event.ControlConnected(), now);
                case 4 -> handle(machine, new Event.ControlListening(HERE), now);
                case 5 -> handle(machine, new Event.Expired(Timer.values()[(shot.kind() >> 4) % Timer.values().length]), now);
                case 6 -> {
                    handle(machine, new Event.SignalLost("gone"), now);
                    handle(machine, new Event.SignalBack(), now);
                }
                case 7 -> handle(machine, new Event.MediaSilence(Optional.of(Duration.ofSeconds(shot.kind() >> 4))), now);
                default -> { }
            }
        }
        handle(machine, new Event.SignalLost("gone"), now);
        handle(machine, new Event.ControlLost("gone"), now);
        handle(machine, new Event.ReconnectFailed("nobody there"), now);
        handle(machine, new Event.Hangup(Cause.NORMAL_CLEARING), now);
        for (var timer : Timer.values()) {
            handle(machine, new Event.Expired(timer), now);
        }
        check(machine.state() == CallState.ENDED, "the call cannot be ended: " + machine.state());
    }

    private static void handle(CallMachine machine, Event event, long now) {
        var effects = machine.handle(event, now);
        check(effects.size() <= MOST_EFFECTS, effects.size() + " effects of one event");
        for (var effect : effects) {
            if (effect instanceof Effect.SendSignal(var message)) {
                // What we send is always well-formed, whatever came.
                check(Q931.decode(message).userInformation().isPresent(), "a message without H.225.0");
            } else if (effect instanceof Effect.SendControl(var message)) {
                Pdu.H245.decode(message);
            }
        }
    }

    private static void readsWhatItWrites(Octets octets) {
        try {
            var message = Q931.decode(octets);
            check(Q931.decode(message.encode()).equals(message), "another message is read than was written");
            message.element(InformationElement.USER_USER).ifPresent(u -> Shots.readsWhatItWrites(Pdu.USER_INFORMATION, u));
            message.cause();
            message.display();
            message.callingNumber();
            message.calledNumber();
            message.keypad();
            message.callState();
        } catch (ProtocolViolation e) {
            check(e.getMessage() != null, "a violation without words");
        }
    }

    private static CallConfig config(CallConfig.Style style, boolean calls, boolean returns) {
        var ports = Map.of(Codec.Kind.AUDIO, ports(5000), Codec.Kind.VIDEO, ports(5002));
        return new CallConfig(List.of("alice", "1001"), "Alice", List.of(Capability.audio(Codec.G711_ALAW, 20), Capability.h264(64, 29, 3840)),
                ports, style, false, Duration.ofSeconds(15), Map.of(), 50, () -> 4, IDENTIFIER, IDENTIFIER, 17,
                calls ? Optional.of(new CallConfig.Callee(List.of("bob"), HERE, Map.of())) : Optional.empty(),
                returns ? Optional.of(HERE) : Optional.empty(), returns ? Optional.of(101) : Optional.empty());
    }

    private static CallConfig.Ports ports(int port) {
        return new CallConfig.Ports(new TransportAddress(HERE.ip(), port), new TransportAddress(HERE.ip(), port + 1));
    }
}

package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.PartyNumber;
import dev.parley.h323.wire.Progress;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Elements of Q.931 that say something beside the call.
class SideNotesTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final PartyNumber NUMBER = new PartyNumber(2, 1, Optional.of(new PartyNumber.Shown(0, 1)), Optional.of(2), "3145");

    private static Octets with(Octets message, InformationElement... more) {
        var read = Q931.decode(message);
        var elements = new ArrayList<>(List.of(more));
        elements.addAll(read.elements());
        return new Q931(read.callReference(), read.fromDestination(), read.type(), elements).encode();
    }

    private static List<String> notes(List<Effect> effects) {
        return effects.stream().filter(Effect.Note.class::isInstance).map(e -> ((Effect.Note) e).words()).toList();
    }

    @Test
    void whatAGatewaySaysOfTheTelephoneNetworkIsNoted() {
        var caller = new CallMachine(CallPair.config(1, CallConfig.Style.SLOW_TUNNELLED, CallPair.toCallee(), 1, ALAW));
        var callee = new CallMachine(CallPair.config(2, CallConfig.Style.SLOW_TUNNELLED, Optional.empty(), 1, ALAW));
        var setup = sent(caller.handle(new Event.Place(), 0), MessageType.SETUP);

        var called = callee.handle(new Event.Signal(with(setup, InformationElement.number(InformationElement.REDIRECTING_NUMBER, NUMBER))), 1);
        assertThat(notes(called)).containsExactly("the call was sent on by 3145");
        assertThat(called).anyMatch(Effect.Incoming.class::isInstance);

        var connect = sent(callee.handle(new Event.Answer(), Duration.ofSeconds(1).toNanos()), MessageType.CONNECT);
        var connected = caller.handle(new Event.Signal(with(connect, InformationElement.progress(new Progress(10, 8)),
                InformationElement.notification(0x79), InformationElement.signal(0x4f),
                InformationElement.number(InformationElement.CONNECTED_NUMBER, NUMBER))), Duration.ofSeconds(2).toNanos());
        assertThat(notes(connected)).containsExactly("connected to 3145", "progress 8 of Q.931, from location 10", "notification 121 of Q.931",
                "signal 79 of Q.931");
        assertThat(connected).anyMatch(Effect.Connected.class::isInstance);
    }

    private static Octets sent(List<Effect> effects, MessageType type) {
        return effects.stream().filter(Effect.SendSignal.class::isInstance).map(e -> ((Effect.SendSignal) e).message())
                .filter(m -> Q931.decode(m).messageType().equals(Optional.of(type))).findFirst().orElseThrow();
    }
}

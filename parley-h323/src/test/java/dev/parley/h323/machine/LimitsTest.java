package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a peer may make a call hold: as much as the limit, and one more.
class LimitsTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 20);

    private static CallConfig caller(Style style) {
        return CallPair.config(1, style, CallPair.toCallee(), 3, ALAW, ULAW);
    }

    private static Value offer(Capability format, int number) {
        return new Value.Bytes(Pdu.OPEN_LOGICAL_CHANNEL.encode(Controls.openChannel(number, format, CallPair.address(1, 5001))));
    }

    /// The only one that can be taken is the last one.
    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void ofSoManyOffersOfFastConnectTheLastOneIsReadAndOfOneMoreNot(int count) {
        var offers = new ArrayList<>(IntStream.range(1, count).mapToObj(i -> offer(Capability.audio(Codec.G729, 2), i)).toList());
        offers.add(offer(ALAW, count));

        var accepted = FastStart.accept(offers, CallPair.config(2, Style.FAST_TUNNELLED, Optional.empty(), 3, ALAW));

        assertThat(FastStart.MOST_OFFERS).isEqualTo(64);
        assertThat(accepted.channels()).hasSize(count == 64 ? 1 : 0);
        assertThat(accepted.answer()).hasSize(count == 64 ? 1 : 0);
    }

    /// A callee that takes more than one offer of a direction: the first one counts.
    @Test
    void oneChannelForEachKindAndDirectionComesOfAnAnswer() {
        var answer = new ArrayList<Value>();
        for (var format : List.of(ULAW, ALAW, ULAW)) {
            var parameters = Controls.channel(format, Optional.of(CallPair.address(2, 7000)), Optional.of(CallPair.address(2, 7001)));
            answer.add(new Value.Bytes(Pdu.OPEN_LOGICAL_CHANNEL.encode(Value.struct().with("forwardLogicalChannelNumber", 1 + answer.size())
                    .with("forwardLogicalChannelParameters", Value.struct().with("dataType", format.toDataType())
                            .with("multiplexParameters", Value.choice("h2250LogicalChannelParameters", parameters))))));
        }

        assertThat(FastStart.accepted(answer, caller(Style.FAST_TUNNELLED))).singleElement()
                .satisfies(c -> assertThat(c.format().codec()).isEqualTo(Codec.G711_ULAW));
    }

    /// Before the peer has shown where H.245 goes.
    @Test
    void soManyMessagesOfH245WaitAndOneMoreEndsTheCall() {
        var caller = new CallMachine(caller(Style.SLOW_TUNNELLED));
        caller.handle(new Event.Place(), 0);
        for (int i = 0; i < ControlCarriage.MOST_WAITING; i++) {
            assertThat(caller.handle(new Event.Offer(List.of(ULAW)), i)).noneMatch(Effect.Ended.class::isInstance);
        }

        var effects = caller.handle(new Event.Offer(List.of(ULAW)), 1000);

        assertThat(effects).contains(new Effect.Ended(new CallEnd.Lost("more than 256 messages of H.245 wait for a way to the peer")));
    }

    /// The callee's own address, and those that it names.
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void soManyAddressesAreKeptForTheWayBack(int count) {
        var caller = new CallMachine(CallPair.returning(caller(Style.SLOW_TUNNELLED)));
        var setup = Q931.decode(((Effect.SendSignal) caller.handle(new Event.Place(), 0).getFirst()).message());
        caller.handle(new Event.Signal(connect(setup.callReference(), count)), 1);

        var effects = caller.handle(new Event.SignalLost("cut"), 2);

        assertThat(effects).filteredOn(Effect.Reconnect.class::isInstance).singleElement()
                .satisfies(r -> assertThat(((Effect.Reconnect) r).to()).hasSize(1 + Recovery.MOST_ADDRESSES));
    }

    private static Octets connect(int reference, int addresses) {
        var identifier = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
        var all = IntStream.range(0, addresses).mapToObj(i -> Value.choice("tcp", CallPair.address(3, 1721 + i).forH225())).toList();
        var data = Pdu.ROBUSTNESS.encode(Value.struct().with("versionID", 1).with("robustnessData",
                Value.choice("connectData", Value.struct().with("backupCallSignalAddresses", all))));
        var id = Value.choice("standard", Value.number(1));
        var generic = Value.struct().with("id", id).with("parameters", List.of(
                Value.struct().with("id", id).with("content", Value.choice("raw", new Value.Bytes(data)))));
        var body = Signals.connect(identifier, identifier, Optional.empty(), List.of());
        return new Q931(reference, true, MessageType.CONNECT.code(), List.of(InformationElement.userUser(Pdu.USER_INFORMATION.encode(
                Value.struct().with("h323-uu-pdu", Value.struct().with("h323-message-body", Value.choice("connect", body))
                        .with("h245Tunnelling", true).with("genericData", List.of(generic))))))).encode();
    }
}

package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The numbers of our logical channels: 1 to 65,535, and the caller of a fast connect chooses the first ones.
class ChannelsTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 20);
    private static final Capability VIDEO = Capability.h264(64, 29, 5120);

    private final List<Octets> sent = new ArrayList<>();
    private final ControlMachine.Port port = new ControlMachine.Port() {
        @Override
        public void send(Value message) {
            sent.add(Pdu.H245.encode(message));
        }

        @Override
        public void effect(Effect effect) {}

        @Override
        public void start(Timer timer) {}

        @Override
        public void stop(Timer timer) {}

        @Override
        public void failed(String words) {}

        @Override
        public void noMedia(String words) {}

        @Override
        public void silent(String words) {}

        @Override
        public void progress() {}

        @Override
        public boolean mayOpen() {
            return true;
        }

        @Override
        public void ended() {}
    };
    private final CallConfig config = CallPair.config(2, Style.FAST_TUNNELLED, Optional.empty(), 1, ALAW, ULAW, VIDEO);
    private final Channels channels = new Channels(port, config, new CapabilityExchange(port, config), new MasterSlave(port, config),
            new Films(port), new MediaWait(port));

    private List<Long> opened() {
        return sent.stream().map(Pdu.H245::decode)
                .flatMap(m -> m.numberAt("request/openLogicalChannel/forwardLogicalChannelNumber").stream()).toList();
    }

    @Test
    void theNextOneAfterTheGreatestIsTheFirstFreeOne() {
        channels.openedByFastConnect(VIDEO, true, 1);
        channels.openedByFastConnect(ALAW, true, 65_535);

        channels.change(ULAW);

        assertThat(opened()).containsExactly(2L);
    }

    @Test
    void theGreatestOneIsUsed() {
        channels.openedByFastConnect(ALAW, true, 65_534);

        channels.change(ULAW);
        channels.change(ALAW);
        channels.change(ULAW);

        assertThat(opened()).containsExactly(65_535L, 1L, 2L);
    }

    /// The peer may still speak of a channel that we have closed: its number is free when the peer has acknowledged that, or when so many are
    /// closing that nobody speaks of the oldest any more.
    @Test
    void theNumberOfAChannelThatIsClosingIsNotGivenAgain() {
        channels.openedByFastConnect(ALAW, true, 1);
        channels.change(ULAW);
        channels.openedByFastConnect(VIDEO, true, 65_535);

        channels.change(ALAW);
        assertThat(opened()).containsExactly(2L, 3L);
        channels.closeAcknowledged(Value.struct().with("forwardLogicalChannelNumber", 1));
        channels.openedByFastConnect(VIDEO, true, 65_535);
        channels.change(ULAW);

        assertThat(opened()).containsExactly(2L, 3L, 1L);
    }

    @Test
    void asManyAreClosingAsMayAndOneMore() {
        channels.openedByFastConnect(ALAW, true, 1);
        for (int closed = 0; closed < Channels.MOST_CLOSING - 1; closed++) {
            channels.change(closed % 2 == 0 ? ULAW : ALAW);
        }
        channels.openedByFastConnect(VIDEO, true, 65_535);
        channels.change(ALAW);
        assertThat(opened().getLast()).as("1 to 16 are closing").isEqualTo(17L);

        channels.openedByFastConnect(VIDEO, true, 65_535);
        channels.change(ULAW);
        assertThat(opened().getLast()).isEqualTo(1L);
    }
}

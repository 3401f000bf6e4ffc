package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.testkit.Tshark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TelephoneEventTest {
    private static List<TelephoneEvent> events(PressedKey key) {
        var events = new ArrayList<TelephoneEvent>();
        while (!key.isOver()) {
            events.add(key.next());
        }
        return events;
    }

    @Test
    void anEventIsFourOctets() {
        var event = new TelephoneEvent(11, true, 10, 800);

        assertThat(Hex.of(event.encode())).isEqualTo("0b8a0320");
        assertThat(TelephoneEvent.decode(Hex.octets("0b8a0320"))).isEqualTo(event);
        for (var cut : List.of("", "0b", "0b8a", "0b8a03")) {
            assertThatThrownBy(() -> TelephoneEvent.decode(Hex.octets(cut))).isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void aKeyIsToldWhileItIsHeldAndThreeTimesAtTheEnd() {
        var events = events(new PressedKey('#', 160, 400));

        assertThat(events).extracting(TelephoneEvent::duration).containsExactly(160, 320, 400, 400, 400);
        assertThat(events).extracting(TelephoneEvent::end).containsExactly(false, false, true, true, true);
        assertThat(events).extracting(TelephoneEvent::event).containsOnly(11);
    }

    @Test
    void keysOutsideOfATelephoneAndDurationsBeyondTheFieldAreRefused() {
        assertThatThrownBy(() -> new PressedKey('x', 160, 800)).hasMessageContaining("no key");
        assertThatThrownBy(() -> new PressedKey('1', 160, 65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThat(events(new PressedKey('d', 160, 65_535)).getLast().duration()).isEqualTo(65_535);
    }

    /// Half of all packets is lost and some overtake others: a key counts once if any of its packets came.
    @Test
    void eachKeyCountsOnceWhateverArrives() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var receiver = new KeyReceiver();
        var expected = new StringBuilder();
        var heard = new StringBuilder();

        for (int i = 0; i < 1000; i++) {
            char key = TelephoneEvent.keyOf(random.nextInt(16));
            boolean any = false;
            for (var event : events(new PressedKey(key, 160, 800))) {
                if (random.nextBoolean()) {
                    any = true;
                    receiver.received(RtpPacket.of(false, 101, 0, i * 1600, 7, event.encode())).ifPresent(heard::append);
                }
            }
            expected.append(any ? key : "");
        }

        assertThat(heard).as("seed %d", seed).hasToString(expected.toString());
    }

    @Test
    void tsharkReadsTheSame() throws Exception {
        Tshark.needed();
        var packet = RtpPacket.of(true, 101, 5, 160, 7, new TelephoneEvent(11, true, 10, 800).encode());

        var lines = Tshark.fields(List.of(RtpCodec.encode(packet)), 5004, "rtp", "rtp.p_type", "rtpevent.event_id", "rtpevent.end_of_event",
                "rtpevent.volume", "rtpevent.duration");

        assertThat(lines).containsExactly("101\t11\t1\t10\t800");
    }
}

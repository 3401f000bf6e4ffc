package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.rtp.JitterBuffer.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JitterBufferTest {
    private static final long MILLI = 1_000_000;

    private final JitterBuffer buffer = new JitterBuffer(8000, Duration.ofMillis(60), 50);

    private Verdict put(int sequence, long millis) {
        return buffer.put(RtpPacket.of(false, 0, sequence, sequence * 160, 7, ByteBuffer.allocate(0)), millis * MILLI);
    }

    private Optional<Integer> poll(long millis) {
        return buffer.poll(millis * MILLI).map(RtpPacket::sequenceNumber);
    }

    @Test
    void packetsComeOutInOrderAtTheirTimes() {
        put(1, 0);
        put(3, 30);
        put(2, 35);

        assertThat(buffer.nextDue()).hasValue(60 * MILLI);
        assertThat(poll(59)).isEmpty();
        assertThat(poll(60)).hasValue(1);
        assertThat(poll(79)).isEmpty();
        assertThat(poll(80)).hasValue(2);
        assertThat(poll(100)).hasValue(3);
        assertThat(buffer.nextDue()).isEmpty();
    }

    @Test
    void aLostPacketHoldsNobodyUp() {
        put(1, 0);
        put(3, 40);

        assertThat(poll(60)).hasValue(1);
        assertThat(poll(99)).isEmpty();
        assertThat(poll(100)).hasValue(3);
        assertThat(put(2, 101)).isEqualTo(Verdict.LATE);
        assertThat(buffer.late()).isOne();
    }

    @Test
    void aPacketThatIsHereAlreadyIsADuplicate() {
        put(1, 0);

        assertThat(put(1, 1)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void packetsBeforeTheFirstOneToArriveAreTaken() {
        put(2, 0);

        assertThat(put(1, 1)).isEqualTo(Verdict.STORED);
        assertThat(poll(60)).hasValue(1);
        assertThat(poll(60)).hasValue(2);
    }

    @Test
    void fiftyPacketsWaitAndOneMoreDoesNot() {
        for (int i = 0; i < 50; i++) {
            assertThat(put(i, 0)).isEqualTo(Verdict.STORED);
        }

        assertThat(put(50, 0)).isEqualTo(Verdict.OVERFLOW);
        assertThat(buffer.overflows()).isOne();
    }

    @Test
    void aLineThatBecameSlowerIsFollowed() {
        put(1, 0);
        poll(60);

        put(2, 120);

        assertThat(poll(120)).hasValue(2);
        put(3, 140);
        assertThat(poll(139)).isEmpty();
        assertThat(poll(140)).hasValue(3);
    }

    /// After silence the timestamps may have jumped by anything.
    @Test
    void aJumpOfTheTimestampsBeginsANewTimeline() {
        put(1, 0);
        poll(60);

        buffer.put(RtpPacket.of(true, 0, 2, 1_000_000, 7, ByteBuffer.allocate(0)), 100 * MILLI);

        assertThat(poll(159)).isEmpty();
        assertThat(poll(160)).hasValue(2);
    }

    @Test
    void aRestartedSourceIsTakenAnew() {
        put(1, 0);
        poll(60);

        assertThat(put(40_000, 100)).isEqualTo(Verdict.STORED);
        assertThat(poll(160)).hasValue(40_000);
    }

    /// Whatever the line does to the order: each packet comes out at most once, in order, and all that came in time.
    @Test
    void shuffledPacketsComeOutInOrder() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var arrivals = new TreeMap<Long, List<Integer>>();
        for (int i = 0; i < 5000; i++) {
            arrivals.computeIfAbsent(i * 20L + random.nextInt(55), _ -> new ArrayList<>()).add(i);
        }
        var out = new ArrayList<Integer>();

        for (long now = 0; now < 101_000; now++) {
            for (int sequence : arrivals.getOrDefault(now, List.of())) {
                put(sequence, now);
            }
            poll(now).ifPresent(out::add);
        }

        assertThat(out).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
        assertThat(out.size() + buffer.late()).as("seed %d", seed).isEqualTo(5000);
    }
}

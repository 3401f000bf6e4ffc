package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiverStatisticsTest {
    private static final long FRAME = 20_000_000;

    private final ReceiverStatistics statistics = new ReceiverStatistics(7, 8000);

    private boolean arrives(int sequence, long nanos) {
        return statistics.received(RtpPacket.of(false, 0, sequence, sequence * 160, 7, ByteBuffer.allocate(0)), nanos);
    }

    @Test
    void aSourceThatWrapsIsCountedAcrossTheCycle() {
        for (int i = 65_530; i < 65_540; i++) {
            arrives(i, i * FRAME);
        }

        var report = statistics.report(0, 0);

        assertThat(report.highestSequence()).isEqualTo(65_539);
        assertThat(report.cumulativeLost()).isZero();
        assertThat(statistics.packetsExpected()).isEqualTo(10);
        assertThat(report.jitter()).isZero();
    }

    @Test
    void theFractionIsThatSinceTheLastReport() {
        for (int i = 0; i < 100; i++) {
            if (i % 4 != 1) {
                arrives(i, i * FRAME);
            }
        }
        assertThat(statistics.report(0, 0)).satisfies(r -> {
            assertThat(r.cumulativeLost()).isEqualTo(25);
            assertThat(r.fractionLost()).isEqualTo(64);
        });

        for (int i = 100; i < 200; i++) {
            arrives(i, i * FRAME);
        }

        assertThat(statistics.report(0, 0)).satisfies(r -> {
            assertThat(r.cumulativeLost()).isEqualTo(25);
            assertThat(r.fractionLost()).isZero();
        });
    }

    @Test
    void duplicatesMakeTheLossNegativeAndReorderingDoesNotCount() {
        for (int i : new int[] {10, 11, 13, 12, 12, 14}) {
            arrives(i, i * FRAME);
        }

        assertThat(statistics.packetsLost()).isEqualTo(-1);
        assertThat(statistics.report(0, 0).fractionLost()).isZero();
    }

    /// The limits of A.1: a jump of 2999 is loss, one of 3000 a restart once two packets follow each other; 99 back is late, 100 a restart.
    @Test
    void jumpsWithinTheLimitsCountAndOneBeyondWaitsForASecondPacket() {
        arrives(0, 0);

        assertThat(arrives(2999, 0)).isTrue();
        assertThat(statistics.packetsLost()).isEqualTo(2998);
        assertThat(arrives(2999 - 99, 0)).isTrue();
        assertThat(arrives(2999 - 100, 0)).isFalse();
        assertThat(arrives(2999 + 3000, 0)).isFalse();
        assertThat(statistics.packetsExpected()).isEqualTo(3000);
        assertThat(arrives(3000 + 3000, 0)).isTrue();
        assertThat(statistics.packetsExpected()).isEqualTo(1);
        assertThat(statistics.packetsLost()).isZero();
    }

    /// Each transit differs from the one before by 16 units, so that the smoothed value tends to 16 (section A.8).
    @Test
    void jitterTendsToTheMeanDifferenceOfTransit() {
        for (int i = 0; i < 400; i++) {
            arrives(i, i * FRAME + (i % 2) * 2_000_000);
        }

        assertThat(statistics.report(0, 0).jitter()).isBetween(15, 16);
        assertThat(statistics.jitterNanos()).isBetween(1_990_000L, 2_000_000L);
    }

    @Test
    void lossByChanceIsMeasuredExactly() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int lost = 0;
        int last = 0;
        for (int i = 1; i < 100_000; i++) {
            if (i > 1 && random.nextInt(100) < 2) {
                lost++;
            } else {
                arrives(i & 0xFFFF, i * FRAME);
                last = i;
            }
        }

        assertThat(statistics.packetsLost()).as("seed %d", seed).isEqualTo(lost - (99_999 - last));
    }
}

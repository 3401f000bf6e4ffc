package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.rtp.RtcpPacket.Goodbye;
import dev.parley.h323.rtp.RtcpPacket.ReceiverReport;
import dev.parley.h323.rtp.RtcpPacket.SenderReport;
import dev.parley.h323.rtp.RtcpPacket.SourceDescription;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RtpParticipantTest {
    private static final long MILLI = 1_000_000;
    private static final long WALL = 1_700_000_000_500L;
    private static final ByteBuffer FRAME = ByteBuffer.allocate(160);

    private final RtpParticipant alice = new RtpParticipant(1, 65_535, -160, "alice@a", 8000, 0, WALL);
    private final RtpParticipant bob = new RtpParticipant(2, 100, 5000, "bob@b", 8000, 0, WALL + 3_600_000);

    private RtpPacket aliceSpeaks(long millis) {
        var packet = alice.packet(false, 0, FRAME, millis * MILLI);
        alice.advance(160);
        return packet;
    }

    @Test
    void packetsAreNumberedAndStamped() {
        var first = aliceSpeaks(0);
        var second = aliceSpeaks(20);

        assertThat(first.sequenceNumber()).isEqualTo(65_535);
        assertThat(second.sequenceNumber()).isZero();
        assertThat(first.timestamp()).isEqualTo(-160);
        assertThat(second.timestamp()).isZero();
        assertThat(alice.figures().packetsSent()).isEqualTo(2);
        assertThat(alice.figures().octetsSent()).isEqualTo(320);
    }

    @Test
    void aSenderReportSaysWhichInstantItsTimestampIs() {
        aliceSpeaks(0);

        var report = (SenderReport) alice.report(1500 * MILLI).getFirst();

        assertThat(report.ntpTime() >>> 32).isEqualTo(1_700_000_002L + 2_208_988_800L);
        assertThat(report.ntpTime() & 0xFFFF_FFFFL).isZero();
        assertThat(report.rtpTime()).isEqualTo(-160 + 12_000);
        assertThat(report.packets()).isEqualTo(1);
        assertThat(report.octets()).isEqualTo(160);
    }

    @Test
    void whoeverHasStoppedSendingReportsAsAReceiverAfterTwoIntervals() {
        assertThat(bob.report(0)).first().isInstanceOf(ReceiverReport.class);
        aliceSpeaks(0);

        assertThat(alice.report(5000 * MILLI)).first().isInstanceOf(SenderReport.class);
        assertThat(alice.report(10_000 * MILLI)).first().isInstanceOf(SenderReport.class);
        assertThat(alice.report(15_000 * MILLI)).first().isInstanceOf(ReceiverReport.class);
        assertThat(alice.report(0)).last().isEqualTo(SourceDescription.cname(1, "alice@a"));
    }

    /// 30 ms there, 2 s at Bob's, 50 ms back; the clocks are an hour apart.
    @Test
    void theRoundTripIsMeasuredWhateverTheClocksSay() {
        bob.received(aliceSpeaks(0), 30 * MILLI);
        bob.received(alice.report(1000 * MILLI), 1030 * MILLI);

        alice.received(bob.report(3030 * MILLI), 3080 * MILLI);

        assertThat(alice.figures().roundTrip()).hasValueSatisfying(d -> assertThat(d).isBetween(Duration.ofMillis(79), Duration.ofMillis(81)));
        assertThat(alice.figures().lostThere()).hasValue(0);
    }

    @Test
    void aNewSourceTakesOverWithItsSecondPacketOnly() {
        bob.received(aliceSpeaks(0), 0);

        assertThat(bob.received(RtpPacket.of(false, 0, 9, 0, 77, FRAME), 0)).isFalse();
        assertThat(bob.received(RtpPacket.of(false, 0, 11, 0, 77, FRAME), 0)).isFalse();
        assertThat(bob.received(RtpPacket.of(false, 0, 12, 0, 77, FRAME), 0)).isTrue();
        assertThat(((ReceiverReport) bob.report(0).getFirst()).blocks().getFirst().ssrc()).isEqualTo(77);
    }

    @Test
    void ourOwnPacketsThatComeBackAreNotPlayed() {
        assertThat(alice.received(aliceSpeaks(0), 0)).isFalse();
    }

    @Test
    void goodbyeIsSaidAndHeard() {
        bob.received(aliceSpeaks(0), 0);
        var bye = alice.goodbye("hung up", 0);

        bob.received(bye, 0);

        assertThat(bye).last().isInstanceOf(Goodbye.class);
        assertThat(bob.figures().left()).isTrue();
        bob.received(aliceSpeaks(20), 20 * MILLI);
        assertThat(bob.figures().left()).isFalse();
    }

    @Test
    void aCollisionLeavesUnderTheOldSource() {
        var bye = alice.collided(99, 0);

        assertThat(bye).last().isEqualTo(new Goodbye(List.of(1), Optional.of("SSRC collision")));
        assertThat(aliceSpeaks(0).ssrc()).isEqualTo(99);
    }

    @Test
    void reportsAreHalfToOneAndAHalfIntervalsApart() {
        assertThat(RtpParticipant.interval(0, false)).isBetween(Duration.ofMillis(2051), Duration.ofMillis(2053));
        assertThat(RtpParticipant.interval(0.999, false)).isLessThan(Duration.ofMillis(6157));
        assertThat(RtpParticipant.interval(0, true)).isLessThan(Duration.ofMillis(1027));
    }
}

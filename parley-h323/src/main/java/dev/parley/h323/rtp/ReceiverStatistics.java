package dev.parley.h323.rtp;

import dev.parley.h323.rtp.RtcpPacket.ReportBlock;

/// What arrives of one source, and what should have arrived (RFC 3550 sections 6.4.1, A.1, A.3, A.8).
///
/// The source was announced by signalling, so that its first packet counts already; the probation of A.1 is left out.
public final class ReceiverStatistics {
    /// A jump forward by as many or more is a restart of the source, or a stray packet.
    public static final int MAX_DROPOUT = 3_000;

    /// A packet that is late by as many or more is the same.
    public static final int MAX_MISORDER = 100;

    private static final int CYCLE = 1 << 16;
    private static final long NONE = -1;

    private final int ssrc;
    private final int clockRate;
    private long baseSequence;
    private long highestSequence;
    private long badSequence = NONE;
    private long received;
    private long expectedBefore;
    private long receivedBefore;
    private boolean started;
    private int lastTimestamp;
    private long lastTransit;
    private double jitter;

    /// @param clockRate of the payload, in Hz
    public ReceiverStatistics(int ssrc, int clockRate) {
        if (clockRate <= 0) {
            throw new IllegalArgumentException("a clock of " + clockRate + " Hz");
        }
        this.ssrc = ssrc;
        this.clockRate = clockRate;
    }

    /// @param nanos when the packet arrived, on any clock that moves forward
    /// @return false for the first packet after a jump, which does not count until the next one follows it
    public boolean received(RtpPacket packet, long nanos) {
        int sequence = packet.sequenceNumber();
        if (!started) {
            start(packet, nanos);
            return true;
        }
        int ahead = (int) (sequence - highestSequence) & 0xFFFF;
        if (ahead < MAX_DROPOUT) {
            highestSequence += ahead;
            if (ahead > 0) {
                measure(packet, nanos);
            }
        } else if (ahead <= CYCLE - MAX_MISORDER) {
            if (sequence != badSequence) {
                badSequence = sequence + 1 & 0xFFFF;
                return false;
            }
            start(packet, nanos);
            return true;
        }
        badSequence = NONE;
        received++;
        return true;
    }

    private void start(RtpPacket packet, long nanos) {
        started = true;
        baseSequence = packet.sequenceNumber();
        highestSequence = baseSequence;
        badSequence = NONE;
        received = 1;
        expectedBefore = 0;
        receivedBefore = 0;
        lastTimestamp = packet.timestamp();
        lastTransit = transit(packet, nanos);
    }

    /// Packets with the timestamp of the one before are parts of one picture, or news of one telephone event: they say nothing about the line.
    private void measure(RtpPacket packet, long nanos) {
        if (packet.timestamp() == lastTimestamp) {
            return;
        }
        long transit = transit(packet, nanos);
        // Both are modulo 2^32.
        int difference = (int) (transit - lastTransit);
        jitter += (Math.abs((double) difference) - jitter) / 16;
        lastTransit = transit;
        lastTimestamp = packet.timestamp();
    }

    private long transit(RtpPacket packet, long nanos) {
        return (int) (Math.floorDiv(nanos, 1_000_000_000L) * clockRate + Math.floorMod(nanos, 1_000_000_000L) * clockRate / 1_000_000_000L)
                - packet.timestamp();
    }

    public long packetsReceived() {
        return received;
    }

    /// From the first packet to the highest, both included.
    public long packetsExpected() {
        return started ? highestSequence - baseSequence + 1 : 0;
    }

    /// Negative when packets arrived twice.
    public long packetsLost() {
        return packetsExpected() - received;
    }

    /// The variation of the transit time in nanoseconds.
    public long jitterNanos() {
        return (long) (jitter * 1e9 / clockRate);
    }

    /// The report about this source; the fraction lost begins anew with it.
    ///
    /// @param lastReport see [ReportBlock]
    /// @param delay see [ReportBlock]
    public ReportBlock report(int lastReport, int delay) {
        long expectedNow = packetsExpected() - expectedBefore;
        long lostNow = expectedNow - (received - receivedBefore);
        expectedBefore = packetsExpected();
        receivedBefore = received;
        int fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(0xFF, (lostNow << 8) / expectedNow);
        int lost = Math.clamp(packetsLost(), -0x80_0000, 0x7F_FFFF);
        return new ReportBlock(ssrc, fraction, lost, (int) highestSequence, (int) jitter, lastReport, delay);
    }
}

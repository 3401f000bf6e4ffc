package dev.parley.h323.rtp;

import dev.parley.h323.rtp.RtcpPacket.Goodbye;
import dev.parley.h323.rtp.RtcpPacket.ReceiverReport;
import dev.parley.h323.rtp.RtcpPacket.ReportBlock;
import dev.parley.h323.rtp.RtcpPacket.SenderReport;
import dev.parley.h323.rtp.RtcpPacket.SourceDescription;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One end of an RTP session between two (RFC 3550): numbers and counts what it sends, judges what arrives, and writes the reports. The same
/// instance serves both directions of one H.245 session (audio or video). Not safe for several threads.
public final class RtpParticipant {
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(5);
    /// e - 3/2: makes up for timers that are set anew (section 6.3.1).
    private static final double COMPENSATION = Math.E - 1.5;
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final int LONGEST_ROUND_TRIP = 60 << 16;

    private final String cname;
    private final int clockRate;
    private final long startNanos;
    private final long startWallMillis;
    private int ssrc;
    private int sequence;
    private int timestamp;
    private int lastSentTimestamp;
    private long lastSentNanos;
    private long packetsSent;
    private long octetsSent;
    private long packetsReported;
    private boolean sentBefore;

    private @Nullable ReceiverStatistics source;
    private int sourceSsrc;
    private int candidateSsrc;
    private int candidateSequence = -1;
    private int lastReport;
    private long lastReportNanos;
    private boolean sourceLeft;
    private @Nullable ReportBlock aboutUs;
    private @Nullable Duration roundTrip;

    /// @param ssrc random, as are the first sequence number and timestamp (section 5.1)
    /// @param cname user@host or host: the same for audio and video of one call (section 6.5.1)
    /// @param clockRate of the payload, in Hz
    /// @param nanos now, on the clock of all later calls
    /// @param wallMillis now, since 1970
    public RtpParticipant(int ssrc, int firstSequence, int firstTimestamp, String cname, int clockRate, long nanos, long wallMillis) {
        this.ssrc = ssrc;
        this.sequence = firstSequence & 0xFFFF;
        this.timestamp = firstTimestamp;
        this.lastSentTimestamp = firstTimestamp;
        this.lastSentNanos = nanos;
        this.cname = cname;
        this.clockRate = clockRate;
        this.startNanos = nanos;
        this.startWallMillis = wallMillis;
    }

    public int ssrc() {
        return ssrc;
    }

    /// The timestamp of the next packet.
    public int timestamp() {
        return timestamp;
    }

    /// The next packet sent at the present timestamp.
    public RtpPacket packet(boolean marker, int payloadType, ByteBuffer payload, long nanos) {
        return packet(marker, payloadType, timestamp, payload, nanos);
    }

    /// The next packet sent, with the timestamp of the event that it tells of.
    public RtpPacket packet(boolean marker, int payloadType, int at, ByteBuffer payload, long nanos) {
        var packet = RtpPacket.of(marker, payloadType, sequence, at, ssrc, payload);
        sequence = sequence + 1 & 0xFFFF;
        packetsSent++;
        octetsSent += payload.remaining();
        lastSentTimestamp = timestamp;
        lastSentNanos = nanos;
        return packet;
    }

    /// Moves the stream's clock: by the samples just sent, or by those that silence left out.
    public void advance(int units) {
        timestamp += units;
    }

    /// @return false when the packet is not to be played: a stray one, or our own that came back
    public boolean received(RtpPacket packet, long nanos) {
        if (packet.ssrc() == ssrc) {
            return false;
        }
        if (source == null || packet.ssrc() != sourceSsrc) {
            if (source != null && !follows(packet)) {
                return false;
            }
            source = new ReceiverStatistics(packet.ssrc(), clockRate);
            sourceSsrc = packet.ssrc();
            lastReport = 0;
        }
        sourceLeft = false;
        candidateSequence = -1;
        return source.received(packet, nanos);
    }

    /// A new source takes the place of the present one when two of its packets came in order (section A.1).
    private boolean follows(RtpPacket packet) {
        boolean second = candidateSequence >= 0 && packet.ssrc() == candidateSsrc && packet.sequenceNumber() == (candidateSequence + 1 & 0xFFFF);
        candidateSsrc = packet.ssrc();
        candidateSequence = packet.sequenceNumber();
        return second;
    }

    public void received(List<RtcpPacket> compound, long nanos) {
        for (var packet : compound) {
            switch (packet) {
                case SenderReport sr -> {
                    if (source == null || sr.ssrc() == sourceSsrc) {
                        lastReport = middle(sr.ntpTime());
                        lastReportNanos = nanos;
                    }
                    sr.blocks().forEach(b -> reported(b, nanos));
                }
                case ReceiverReport rr -> rr.blocks().forEach(b -> reported(b, nanos));
                case Goodbye bye -> sourceLeft |= source != null && bye.ssrcs().contains(sourceSsrc);
                case SourceDescription _, RtcpPacket.Other _ -> { }
            }
        }
    }

    private void reported(ReportBlock block, long nanos) {
        if (block.ssrc() != ssrc) {
            return;
        }
        aboutUs = block;
        int units = middle(ntp(nanos)) - block.lastReport() - block.delay();
        if (block.lastReport() != 0 && units >= 0 && units < LONGEST_ROUND_TRIP) {
            roundTrip = Duration.ofNanos(units * 1_000_000_000L >> 16);
        }
    }

    /// Our own SSRC came from somebody else: leaves under it and takes another (section 8.2).
    ///
    /// @return what to send
    public List<RtcpPacket> collided(int newSsrc, long nanos) {
        var bye = goodbye("SSRC collision", nanos);
        ssrc = newSsrc;
        packetsSent = 0;
        octetsSent = 0;
        packetsReported = 0;
        aboutUs = null;
        return bye;
    }

    /// The compound packet that is due now: a sender's report when something was sent since the one before the last, and who we are.
    public List<RtcpPacket> report(long nanos) {
        boolean sent = packetsSent != packetsReported;
        boolean asSender = sent || sentBefore;
        sentBefore = sent;
        packetsReported = packetsSent;
        var blocks = new ArrayList<ReportBlock>();
        if (source != null) {
            long delay = lastReport == 0 ? 0 : Math.min(0xFFFF_FFFFL, (long) ((nanos - lastReportNanos) * 65536e-9));
            blocks.add(source.report(lastReport, (int) delay));
        }
        var nothing = ByteBuffer.allocate(0);
        int rtpTime = lastSentTimestamp + (int) (long) ((nanos - lastSentNanos) * 1e-9 * clockRate);
        var report = asSender
                ? new SenderReport(ssrc, ntp(nanos), rtpTime, (int) packetsSent, (int) octetsSent, blocks, nothing)
                : new ReceiverReport(ssrc, blocks, nothing);
        return List.of(report, SourceDescription.cname(ssrc, cname));
    }

    /// The last compound packet of this source.
    public List<RtcpPacket> goodbye(String reason, long nanos) {
        var packets = new ArrayList<>(report(nanos));
        packets.add(new Goodbye(List.of(ssrc), reason.isEmpty() ? Optional.empty() : Optional.of(reason)));
        return packets;
    }

    /// How long to wait for the next report (section 6.3.1; two members never reach the share of the bandwidth that RTCP may have).
    ///
    /// @param random 0 inclusive to 1 exclusive
    public static Duration interval(double random, boolean first) {
        var shortest = first ? SHORTEST_INTERVAL.dividedBy(2) : SHORTEST_INTERVAL;
        return Duration.ofNanos((long) (shortest.toNanos() * (0.5 + random) / COMPENSATION));
    }

    public RtpFigures figures() {
        return new RtpFigures(packetsSent, octetsSent, source == null ? 0 : source.packetsReceived(), source == null ? 0 : source.packetsLost(),
                Duration.ofNanos(source == null ? 0 : source.jitterNanos()), Optional.ofNullable(roundTrip),
                Optional.ofNullable(aboutUs).map(ReportBlock::cumulativeLost), sourceLeft);
    }

    /// Seconds since 1900 and their fraction; moves forward even when the wall clock is set back.
    private long ntp(long nanos) {
        long since = Math.floorMod(startWallMillis, 1000L) * 1_000_000 + (nanos - startNanos);
        long seconds = Math.floorDiv(startWallMillis, 1000L) + Math.floorDiv(since, 1_000_000_000L) + SECONDS_1900_TO_1970;
        long fraction = (Math.floorMod(since, 1_000_000_000L) << 32) / 1_000_000_000L;
        return seconds << 32 | fraction;
    }

    private static int middle(long ntpTime) {
        return (int) (ntpTime >>> 16);
    }
}

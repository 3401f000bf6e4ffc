package dev.parley.h323.rtp;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts packets in order again and gives each out at its time: as long after the first one as its timestamp says, plus a fixed delay.
///
/// When a packet comes after its time but still in order, all times move back to it, so that a line that became slower is followed. When one
/// would have to wait for too long (the sender's clock is faster, or its timestamps jumped), the times begin anew with it.
public final class JitterBuffer {
    /// What became of a packet.
    public enum Verdict { STORED, DUPLICATE, LATE, OVERFLOW }

    private final int clockRate;
    private final long delay;
    private final long longestWait;
    private final int mostPackets;
    private final TreeMap<Long, RtpPacket> waiting = new TreeMap<>();
    private long highest;
    private long released;
    private boolean started;
    private int anchorTimestamp;
    private long anchorNanos;
    private long late;
    private long overflows;

    /// @param clockRate of the payload, in Hz
    /// @param delay what the line may vary by without loss
    /// @param mostPackets that wait at the same time
    public JitterBuffer(int clockRate, Duration delay, int mostPackets) {
        if (clockRate <= 0 || delay.isNegative() || mostPackets < 1) {
            throw new IllegalArgumentException("a jitter buffer of " + clockRate + " Hz, " + delay + " and " + mostPackets + " packets");
        }
        this.clockRate = clockRate;
        this.delay = delay.toNanos();
        this.longestWait = Math.max(4 * this.delay, Duration.ofMillis(500).toNanos());
        this.mostPackets = mostPackets;
    }

    public Verdict put(RtpPacket packet, long nanos) {
        long number = started ? highest + (short) (packet.sequenceNumber() - highest) : 0x1_0000L + packet.sequenceNumber();
        if (!started || Math.abs(number - highest) >= ReceiverStatistics.MAX_DROPOUT) {
            number = 0x1_0000L + packet.sequenceNumber();
            start(packet, number, nanos);
        }
        if (number <= released) {
            late++;
            return Verdict.LATE;
        }
        if (waiting.containsKey(number)) {
            return Verdict.DUPLICATE;
        }
        if (waiting.size() == mostPackets) {
            overflows++;
            return Verdict.OVERFLOW;
        }
        waiting.put(number, packet);
        highest = Math.max(highest, number);
        long due = due(packet);
        if (due - nanos > longestWait || nanos - due > longestWait) {
            anchor(packet, nanos + delay);
        } else if (due < nanos) {
            anchor(packet, nanos);
        }
        return Verdict.STORED;
    }

    /// A new source, or the old one after a restart. What still waits for the old one is given up.
    private void start(RtpPacket packet, long number, long nanos) {
        started = true;
        waiting.clear();
        highest = number;
        released = number - ReceiverStatistics.MAX_MISORDER;
        anchor(packet, nanos + delay);
    }

    private void anchor(RtpPacket packet, long nanos) {
        anchorTimestamp = packet.timestamp();
        anchorNanos = nanos;
    }

    private long due(RtpPacket packet) {
        return anchorNanos + (packet.timestamp() - anchorTimestamp) * 1_000_000_000L / clockRate;
    }

    /// The next packet in order whose time has come.
    public Optional<RtpPacket> poll(long nanos) {
        var first = waiting.firstEntry();
        if (first == null || due(first.getValue()) > nanos) {
            return Optional.empty();
        }
        return Optional.of(release());
    }

    /// The next packet in order, whether its time has come or not: for the end of a stream.
    public Optional<RtpPacket> drain() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(release());
    }

    private RtpPacket release() {
        var first = waiting.pollFirstEntry();
        released = first.getKey();
        return first.getValue();
    }

    /// When [#poll] will have a packet.
    public OptionalLong nextDue() {
        @Nullable RtpPacket first = waiting.isEmpty() ? null : waiting.firstEntry().getValue();
        return first == null ? OptionalLong.empty() : OptionalLong.of(due(first));
    }

    /// Packets that came after a later one had been given out, duplicates among them.
    public long late() {
        return late;
    }

    /// Packets for which there was no room.
    public long overflows() {
        return overflows;
    }
}

package dev.parley.h323.rtp;

/// A key held down for a time, as the packets that tell of it (RFC 4733 section 2.5.1): one each period, and the last one three times.
public final class PressedKey {
    private static final int LAST_PACKETS = 3;
    private static final int VOLUME = 10;
    private static final int MOST_DURATION = 0xFFFF;

    private final int event;
    private final int period;
    private final int duration;
    private int elapsed;
    private int ends;

    /// @param key 0-9 * # A-D
    /// @param period units of the clock between packets
    /// @param duration units of the clock, at least one period
    public PressedKey(char key, int period, int duration) {
        if (period < 1 || duration < period || duration > MOST_DURATION) {
            throw new IllegalArgumentException("a key held for " + duration + " units, told each " + period + ": expected at most " + MOST_DURATION);
        }
        this.event = TelephoneEvent.eventOf(key);
        this.period = period;
        this.duration = duration;
    }

    /// Whether the next packet is the first; it carries the marker.
    public boolean isNew() {
        return elapsed == 0;
    }

    public boolean isOver() {
        return ends == LAST_PACKETS;
    }

    /// The next packet's payload.
    public TelephoneEvent next() {
        elapsed = Math.min(duration, elapsed + period);
        boolean end = elapsed == duration;
        ends += end ? 1 : 0;
        return new TelephoneEvent(event, end, VOLUME, elapsed);
    }
}

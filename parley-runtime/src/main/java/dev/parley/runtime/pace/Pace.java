package dev.parley.runtime.pace;

import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Tap;
import java.time.Duration;

/// A token bucket that connections share, in both directions: over time no more octets cross than the rate allows. What crosses is never held
/// back in the middle; whoever took octets waits until they are paid for, in the order of taking. Time comes from the callers. Safe to use from
/// several threads.
public final class Pace implements Tap {
    /// Below this a single read would take longer than peers wait for a sign of life.
    public static final long LEAST = 64 << 10;
    public static final long MOST = 1L << 40;
    /// How much unused time counts.
    private static final long BURST_NANOS = 100_000_000;

    private final long rate;
    private boolean begun;
    private long paidUntil;

    /// @param rate octets a second, [#LEAST] to [#MOST]
    public Pace(long rate) {
        if (rate < LEAST || rate > MOST) {
            throw new IllegalArgumentException("a rate is " + LEAST + " to " + MOST + " octets a second, not " + rate);
        }
        this.rate = rate;
    }

    /// Takes octets that cross now.
    ///
    /// @param now nanoseconds on a clock that only moves forward
    /// @return how long until they are paid for
    synchronized Duration take(int octets, long now) {
        if (!begun || now - paidUntil > BURST_NANOS) {
            begun = true;
            paidUntil = now - BURST_NANOS;
        }
        paidUntil += (long) ((double) octets * 1e9 / rate);
        return Duration.ofNanos(Math.max(0, paidUntil - now));
    }

    @Override
    public Link.Handler on(Link.Handler handler, Loop loop) {
        return new PacedHandler(this, handler, loop);
    }
}

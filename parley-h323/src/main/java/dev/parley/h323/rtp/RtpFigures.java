package dev.parley.h323.rtp;

import java.time.Duration;
import java.util.Optional;

/// How a stream of media fares, both ways.
///
/// @param packetsLost of what should have arrived from the other side; negative when packets arrived twice
/// @param jitter the variation of the transit time, as RFC 3550 smooths it
/// @param roundTrip to the other side and back, once reports went both ways
/// @param lostThere of what we sent, as the other side last reported it
/// @param left whether the other side said goodbye
public record RtpFigures(
        long packetsSent, long octetsSent, long packetsReceived, long packetsLost, Duration jitter, Optional<Duration> roundTrip,
        Optional<Integer> lostThere, boolean left) {
    /// The share of the expected packets that did not arrive, 0 to 1.
    public double loss() {
        long expected = packetsReceived + packetsLost;
        return expected <= 0 ? 0 : Math.max(0, packetsLost) / (double) expected;
    }
}

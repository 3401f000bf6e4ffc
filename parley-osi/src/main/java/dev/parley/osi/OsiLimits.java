package dev.parley.osi;

import java.time.Duration;

/// What one session connection may cost.
///
/// @param tsdu octets of the largest TSDU that is accepted
/// @param userData octets of user data in every primitive except data and typed data; an SPDU has at most 65 539 octets
/// @param setUp how long an S-CONNECT may take, from the open link to the response
/// @param abortTimer TIM: how long to wait for the peer after an abort or release
public record OsiLimits(int tsdu, int userData, Duration setUp, Duration abortTimer) {
    public static final OsiLimits DEFAULT = new OsiLimits(4 << 20, 65_000, Duration.ofSeconds(20), Duration.ofSeconds(5));
}

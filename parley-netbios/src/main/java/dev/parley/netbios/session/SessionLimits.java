package dev.parley.netbios.session;

import java.time.Duration;

/// What a side of the session service allows.
///
/// @param sessions open at once; a further call is refused for want of resources
/// @param halfOpen connections that have not said yet whom they call; further ones are closed
/// @param setUp how long connecting and the answer to a request may each take, and a caller may wait with its request
/// @param keepAlive after this silence of ours a keepalive is sent; zero for never, for stacks that choke on them
/// @param close how long a hang-up waits for the peer to take what is queued
/// @param retargets how often one call may be redirected
public record SessionLimits(int sessions, int halfOpen, Duration setUp, Duration keepAlive, Duration close, int retargets) {
    /// RFC 1002 section 6, and 254 sessions as the NetBIOS interface has them.
    public static final SessionLimits DEFAULT =
            new SessionLimits(254, 64, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), 4);

    public SessionLimits {
        if (sessions < 1 || halfOpen < 1 || retargets < 0 || setUp.isNegative() || setUp.isZero() || keepAlive.isNegative()) {
            throw new IllegalArgumentException("limits must allow something");
        }
    }

    public SessionLimits withKeepAlive(Duration other) {
        return new SessionLimits(sessions, halfOpen, setUp, other, close, retargets);
    }

    public SessionLimits withSessions(int other) {
        return new SessionLimits(other, halfOpen, setUp, keepAlive, close, retargets);
    }

    public SessionLimits withSetUp(Duration other) {
        return new SessionLimits(sessions, halfOpen, other, keepAlive, close, retargets);
    }
}

package dev.parley.netbios.name;

/// The waits and counts of RFC 1002 section 6, in milliseconds, and two of our own.
///
/// @param verify how often a name that only broadcasts protect is claimed again; not in the RFC, which lets two owners that never heard of
///        each other (all claims lost) live side by side for ever
/// @param mostWack the longest wait that a WACK can impose; the packet could ask for 136 years
public record Timers(long broadcastRetry, int broadcastCount, long unicastRetry, int unicastCount, long conflict, long verify, long mostWack) {
    public static final Timers RFC = new Timers(250, 3, 5_000, 3, 1_000, 20 * 60_000, 60_000);
}

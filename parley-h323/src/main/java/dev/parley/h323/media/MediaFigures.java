package dev.parley.h323.media;

import dev.parley.h323.rtp.RtpFigures;
import java.time.Duration;
import java.util.Optional;

/// How one media session fares.
///
/// @param rtp packets, loss, jitter and round trip
/// @param silentFor since when nothing came from the other side, once something did
/// @param late packets that came after their place had been played
/// @param strangers datagrams from addresses that were not announced
/// @param malformed datagrams of the other side that are neither RTP nor RTCP, of another payload type, or came while nothing was received
/// @param damagedPictures of which something was missing
public record MediaFigures(RtpFigures rtp, Optional<Duration> silentFor, long late, long strangers, long malformed, long damagedPictures) {}

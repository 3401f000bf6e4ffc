/// RTP and RTCP (RFC 3550) with the payloads that H.323 calls carry: telephone events (RFC 4733), H.264 (RFC 6184) and H.263 (RFC 2190,
/// RFC 4629). Pure: octets and times in, values out. Read {@link dev.parley.h323.rtp.RtpParticipant} first.
@NullMarked
package dev.parley.h323.rtp;

import org.jspecify.annotations.NullMarked;

package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// One RTP data packet (RFC 3550 section 5.1).
///
/// @param marker a boundary in the stream: the first packet after silence, the last packet of a picture
/// @param payloadType 0..127
/// @param sequenceNumber 0..65535, one more for each packet
/// @param timestamp sampling instant in units of the payload's clock; 32 bits without a sign, kept in an int
/// @param ssrc the synchronization source; 32 bits without a sign
/// @param csrcs contributing sources of a mixer, at most 15
/// @param payload read only
public record RtpPacket(
        boolean marker, int payloadType, int sequenceNumber, int timestamp, int ssrc, List<Integer> csrcs, Optional<Extension> extension,
        ByteBuffer payload) {
    public static final int MOST_CSRCS = 15;

    public RtpPacket {
        if (payloadType < 0 || payloadType > 127) {
            throw new IllegalArgumentException("payload type " + payloadType + " is outside 0..127");
        }
        if (sequenceNumber < 0 || sequenceNumber > 0xFFFF) {
            throw new IllegalArgumentException("sequence number " + sequenceNumber + " is outside 0..65535");
        }
        if (csrcs.size() > MOST_CSRCS) {
            throw new IllegalArgumentException(csrcs.size() + " contributing sources, at most " + MOST_CSRCS + " fit");
        }
        csrcs = List.copyOf(csrcs);
        payload = payload.asReadOnlyBuffer();
    }

    /// A packet without contributing sources and extension, as endpoints send them.
    public static RtpPacket of(boolean marker, int payloadType, int sequenceNumber, int timestamp, int ssrc, ByteBuffer payload) {
        return new RtpPacket(marker, payloadType, sequenceNumber & 0xFFFF, timestamp, ssrc, List.of(), Optional.empty(), payload);
    }

    /// The header extension (section 5.3.1). We send none, and pass over what arrives.
    ///
    /// @param profile 16 bits, defined by the profile
    /// @param data whole 32-bit words, at most 65535 of them
    public record Extension(int profile, ByteBuffer data) {
        public Extension {
            if (profile < 0 || profile > 0xFFFF) {
                throw new IllegalArgumentException("extension profile " + profile + " is outside 0..65535");
            }
            if (data.remaining() % 4 != 0 || data.remaining() / 4 > 0xFFFF) {
                throw new IllegalArgumentException("an extension of " + data.remaining() + " octets is not 0..65535 whole words");
            }
            data = data.asReadOnlyBuffer();
        }
    }
}

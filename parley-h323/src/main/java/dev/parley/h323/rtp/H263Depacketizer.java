package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Puts pictures of H.263 together again: RFC 2190 in its three modes, or RFC 4629.
public final class H263Depacketizer extends VideoDepacketizer {
    private final boolean rfc2190;
    private byte[] picture = new byte[4_096];
    private int length;
    private int spareBits;

    public H263Depacketizer(boolean rfc2190) {
        this.rfc2190 = rfc2190;
    }

    @Override
    boolean startsPicture(RtpPacket packet) {
        var payload = packet.payload();
        int at = payload.position();
        int header = rfc2190 ? modeLength(payload) : 2;
        if (payload.remaining() < header + 3) {
            return false;
        }
        return rfc2190
                ? payload.getShort(at + header) == 0 && (payload.get(at + header + 2) & 0xFC) == 0x80
                : (payload.get(at) & 0x04) != 0 && (payload.get(at + header) & 0xFC) == 0x80;
    }

    @Override
    boolean add(RtpPacket packet) {
        var in = new OctetReader(packet.payload(), "H.263 payload");
        return rfc2190 ? addGroups(in, modeLength(packet.payload())) : addAnywhere(in);
    }

    /// F and P tell the mode (RFC 2190 section 5).
    private static int modeLength(ByteBuffer payload) {
        int first = payload.hasRemaining() ? payload.get(payload.position()) & 0xC0 : 0;
        return (first & 0x80) == 0 ? 4 : first == 0x80 ? 8 : 12;
    }

    /// The last octet of a packet and the first of the next may be halves of one.
    private boolean addGroups(OctetReader in, int header) {
        if (in.remaining() <= header) {
            return false;
        }
        int first = in.u8("the mode");
        int skipStart = first >> 3 & 7;
        in.octets(header - 1, "the rest of the mode's header");
        if (skipStart != (8 - spareBits & 7)) {
            return false;
        }
        if (skipStart > 0) {
            picture[length - 1] |= (byte) (in.u8("the shared octet") & 0xFF >> skipStart);
        }
        append(in.octets(in.remaining(), "the data"));
        spareBits = first & 7;
        if (spareBits > 0) {
            picture[length - 1] &= (byte) (0xFF << spareBits);
        }
        return true;
    }

    private boolean addAnywhere(OctetReader in) {
        if (in.remaining() < 2) {
            return false;
        }
        int header = in.u16("the header");
        boolean startCode = (header & 0x0400) != 0;
        int extra = ((header & 0x0200) != 0 ? 1 : 0) + (header >> 3 & 0x3F);
        if (extra > in.remaining()) {
            return false;
        }
        in.octets(extra, "redundancy");
        if (startCode) {
            append(ByteBuffer.allocate(2));
        }
        append(in.octets(in.remaining(), "the data"));
        return true;
    }

    private void append(ByteBuffer octets) {
        int count = octets.remaining();
        if (length + count > picture.length) {
            picture = Arrays.copyOf(picture, Math.max(2 * picture.length, length + count));
        }
        octets.get(picture, length, count);
        length += count;
    }

    @Override
    Optional<VideoFrame> frame() {
        return length == 0 ? Optional.empty() : Optional.of(new VideoFrame(List.of(ByteBuffer.wrap(Arrays.copyOf(picture, length)))));
    }

    @Override
    void clear() {
        length = 0;
        spareBits = 0;
    }
}

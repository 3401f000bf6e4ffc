package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts a picture of H.263 into RTP payloads.
///
/// By RFC 4629 it may be cut anywhere. By RFC 2190 (payload type 34) it is cut at groups of blocks only, in mode A: cutting inside of them
/// would need a decoder; a group larger than the limit goes in one larger packet.
public final class H263Packetizer {
    private static final int SMALLEST_LIMIT = 16;
    private static final int EXTENDED_FORMAT = 7;

    private final boolean rfc2190;
    private final int mostOctets;

    /// @param mostOctets of a payload
    public H263Packetizer(boolean rfc2190, int mostOctets) {
        if (mostOctets < SMALLEST_LIMIT) {
            throw new IllegalArgumentException("payloads of at most " + mostOctets + " octets: expected at least " + SMALLEST_LIMIT);
        }
        this.rfc2190 = rfc2190;
        this.mostOctets = mostOctets;
    }

    /// @param picture from its picture start code on
    /// @return payloads in order; the last one's packet carries the marker
    /// @throws IllegalArgumentException when it is no picture, or uses what RFC 2190 cannot say in mode A
    public List<ByteBuffer> payloads(ByteBuffer picture) {
        if (picture.remaining() < 6 || picture.getShort(picture.position()) != 0 || (picture.get(picture.position() + 2) & 0xFC) != 0x80) {
            throw new IllegalArgumentException("a picture of H.263 begins with the octets 00 00 80..83, and has six at least");
        }
        return rfc2190 ? groups(picture.slice()) : anywhere(picture.slice());
    }

    /// RFC 4629 section 5: the two zero octets of the start code are left out, and P says so.
    private List<ByteBuffer> anywhere(ByteBuffer picture) {
        var payloads = new ArrayList<ByteBuffer>();
        for (int at = 2; at < picture.limit(); ) {
            int length = Math.min(mostOctets - 2, picture.limit() - at);
            payloads.add(ByteBuffer.allocate(2 + length).putShort((short) (at == 2 ? 0x0400 : 0)).put(picture.slice(at, length)).flip());
            at += length;
        }
        return payloads;
    }

    private List<ByteBuffer> groups(ByteBuffer picture) {
        int header = modeA(picture);
        var cuts = starts(picture);
        cuts.add(picture.limit() * 8L);
        var payloads = new ArrayList<ByteBuffer>();
        for (int from = 0; from < cuts.size() - 1; ) {
            int to = from + 1;
            while (to < cuts.size() - 1 && octets(cuts.get(from), cuts.get(to + 1)) + 4 <= mostOctets) {
                to++;
            }
            payloads.add(packet(picture, header, cuts.get(from), cuts.get(to)));
            from = to;
        }
        return payloads;
    }

    private static int octets(long fromBit, long toBit) {
        return (int) ((toBit + 7) / 8 - fromBit / 8);
    }

    private static ByteBuffer packet(ByteBuffer picture, int header, long fromBit, long toBit) {
        int skipStart = (int) (fromBit % 8);
        int skipEnd = (int) (-toBit & 7);
        int length = octets(fromBit, toBit);
        return ByteBuffer.allocate(4 + length).putInt(header | skipStart << 27 | skipEnd << 24)
                .put(picture.slice((int) (fromBit / 8), length)).flip();
    }

    /// The header of mode A without SBIT and EBIT (RFC 2190 section 5.1): source format and the options of PTYPE, each in its place.
    private static int modeA(ByteBuffer picture) {
        // Bits 22..29 of the picture are its time, 30..42 its type.
        long bits = (picture.getInt(0) & 0xFFFF_FFFFL) << 16 | picture.getShort(4) & 0xFFFFL;
        int type = (int) (bits >> 48 - 43) & 0x1FFF;
        int format = type >> 5 & 7;
        boolean pbFrames = (type & 1) != 0;
        if (format == EXTENDED_FORMAT || pbFrames) {
            throw new IllegalArgumentException("H.263+ pictures and PB-frames do not fit RFC 2190 mode A: use RFC 4629 (H.263-1998)");
        }
        return format << 21 | (type >> 1 & 0xF) << 17;
    }

    /// The bits at which a start code (sixteen 0 and a 1) begins; the first is the picture's own.
    private static List<Long> starts(ByteBuffer picture) {
        var starts = new ArrayList<Long>();
        int zeros = 0;
        for (long bit = 0; bit < picture.limit() * 8L; bit++) {
            if ((picture.get((int) (bit / 8)) & 0x80 >> (int) (bit % 8)) == 0) {
                zeros++;
            } else {
                if (zeros >= 16) {
                    starts.add(bit - 16);
                }
                zeros = 0;
            }
        }
        return starts;
    }
}

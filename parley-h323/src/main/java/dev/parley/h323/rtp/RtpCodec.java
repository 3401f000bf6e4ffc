package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// RTP packets to octets and back (RFC 3550 section 5.1). Padding is taken off on arrival and never sent.
public final class RtpCodec {
    static final int VERSION = 2;
    private static final int HEADER = 12;

    private RtpCodec() {}

    public static ByteBuffer encode(RtpPacket packet) {
        int extension = packet.extension().map(e -> 4 + e.data().remaining()).orElse(0);
        var out = ByteBuffer.allocate(HEADER + 4 * packet.csrcs().size() + extension + packet.payload().remaining());
        out.put((byte) (VERSION << 6 | (packet.extension().isPresent() ? 0x10 : 0) | packet.csrcs().size()));
        out.put((byte) ((packet.marker() ? 0x80 : 0) | packet.payloadType()));
        out.putShort((short) packet.sequenceNumber()).putInt(packet.timestamp()).putInt(packet.ssrc());
        packet.csrcs().forEach(out::putInt);
        packet.extension().ifPresent(e ->
                out.putShort((short) e.profile()).putShort((short) (e.data().remaining() / 4)).put(e.data().duplicate()));
        return out.put(packet.payload().duplicate()).flip();
    }

    /// @param datagram one UDP payload; what follows its limit is not looked at
    /// @throws dev.parley.api.SessionException.ProtocolViolation when it is no RTP packet of version 2
    public static RtpPacket decode(ByteBuffer datagram) {
        var in = new OctetReader(datagram, "RTP packet");
        int first = in.u8("the version");
        if (first >> 6 != VERSION) {
            throw in.broken("version " + (first >> 6) + " instead of 2");
        }
        int second = in.u8("the payload type");
        int sequence = in.u16("the sequence number");
        int timestamp = in.u32("the timestamp");
        int ssrc = in.u32("the SSRC");
        var csrcs = csrcs(in, first & 0x0F);
        var extension = (first & 0x10) != 0 ? Optional.of(extension(in)) : Optional.<RtpPacket.Extension>empty();
        var payload = in.octets(in.remaining() - ((first & 0x20) != 0 ? padding(in) : 0), "the payload");
        return new RtpPacket((second & 0x80) != 0, second & 0x7F, sequence, timestamp, ssrc, csrcs, extension, payload);
    }

    private static List<Integer> csrcs(OctetReader in, int count) {
        var csrcs = new ArrayList<Integer>(count);
        for (int i = 0; i < count; i++) {
            csrcs.add(in.u32("a contributing source"));
        }
        return csrcs;
    }

    private static RtpPacket.Extension extension(OctetReader in) {
        int profile = in.u16("the extension's profile");
        int words = in.u16("the extension's length");
        return new RtpPacket.Extension(profile, in.octets(4 * words, "the extension"));
    }

    /// The last octet counts the padding, itself included.
    private static int padding(OctetReader in) {
        int padding = in.remaining() == 0 ? 0 : in.lastOctet();
        if (padding == 0 || padding > in.remaining()) {
            throw in.broken("padding of " + padding + " octets in a payload of " + in.remaining());
        }
        return padding;
    }
}

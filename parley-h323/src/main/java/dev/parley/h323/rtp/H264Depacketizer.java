package dev.parley.h323.rtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts access units of H.264 together again (RFC 6184, packetization modes 0 and 1): single NAL units, STAP-A and FU-A.
public final class H264Depacketizer extends VideoDepacketizer {
    /// NAL units of one access unit.
    static final int MOST_UNITS = 4_096;

    private static final int ACCESS_UNIT_DELIMITER = 9;
    private static final int SEQUENCE_PARAMETERS = 7;

    private final List<ByteBuffer> units = new ArrayList<>();
    private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();

    @Override
    boolean startsPicture(RtpPacket packet) {
        var payload = packet.payload();
        int at = payload.position();
        int type = payload.hasRemaining() ? payload.get(at) & 0x1F : 0;
        if (type == H264Packetizer.STAP_A && payload.remaining() > 4) {
            return starts(payload.get(at + 3) & 0x1F, payload.get(at + 4));
        }
        if (type == H264Packetizer.FU_A && payload.remaining() > 2) {
            return (payload.get(at + 1) & 0x80) != 0 && starts(payload.get(at + 1) & 0x1F, payload.get(at + 2));
        }
        return payload.remaining() > 1 && starts(type, payload.get(at + 1));
    }

    /// A slice begins a picture when its first macroblock is number 0: the code of 0 is a single bit 1.
    private static boolean starts(int type, byte next) {
        return type == ACCESS_UNIT_DELIMITER || type == SEQUENCE_PARAMETERS || type >= 1 && type <= 5 && (next & 0x80) != 0;
    }

    @Override
    boolean add(RtpPacket packet) {
        var in = new OctetReader(packet.payload(), "H.264 payload");
        if (in.remaining() == 0 || units.size() >= MOST_UNITS) {
            return false;
        }
        int header = packet.payload().get(packet.payload().position()) & 0xFF;
        int type = header & 0x1F;
        if (type == H264Packetizer.FU_A) {
            return fragment(in);
        }
        if (fragments.size() > 0) {
            return false;
        }
        if (type == H264Packetizer.STAP_A) {
            return together(in);
        }
        return type >= 1 && type < H264Packetizer.STAP_A && units.add(in.octets(in.remaining(), "a NAL unit"));
    }

    private boolean together(OctetReader in) {
        in.u8("the STAP-A's header");
        while (in.remaining() > 0) {
            if (in.remaining() < 2) {
                return false;
            }
            int length = in.u16("a unit's length");
            if (length == 0 || length > in.remaining() || units.size() >= MOST_UNITS) {
                return false;
            }
            units.add(in.octets(length, "a NAL unit"));
        }
        return true;
    }

    private boolean fragment(OctetReader in) {
        if (in.remaining() < 3) {
            return false;
        }
        int indicator = in.u8("the FU indicator");
        int header = in.u8("the FU header");
        boolean start = (header & 0x80) != 0;
        boolean end = (header & 0x40) != 0;
        // A unit in one fragment is not allowed (section 5.8).
        if (start == fragments.size() > 0 || start && end) {
            return false;
        }
        if (start) {
            fragments.write(indicator & 0xE0 | header & 0x1F);
        }
        var octets = in.octets(in.remaining(), "a fragment");
        while (octets.hasRemaining()) {
            fragments.write(octets.get());
        }
        if (end) {
            units.add(ByteBuffer.wrap(fragments.toByteArray()));
            fragments.reset();
        }
        return true;
    }

    @Override
    Optional<VideoFrame> frame() {
        return units.isEmpty() || fragments.size() > 0 ? Optional.empty() : Optional.of(new VideoFrame(units));
    }

    @Override
    void clear() {
        units.clear();
        fragments.reset();
    }
}

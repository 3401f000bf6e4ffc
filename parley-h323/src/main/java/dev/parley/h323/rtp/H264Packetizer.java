package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts an access unit of H.264 into RTP payloads (RFC 6184): small NAL units together in a STAP-A, large ones in FU-As.
public final class H264Packetizer {
    static final int STAP_A = 24;
    static final int FU_A = 28;
    private static final int SMALLEST_LIMIT = 16;
    private static final int LARGEST_DATAGRAM = 65_000;

    private final boolean nonInterleaved;
    private final int mostOctets;

    /// @param nonInterleaved packetization mode 1; mode 0 has single NAL units only
    /// @param mostOctets of a payload, so that a packet fits the path. Mode 0 must exceed it for larger NAL units
    public H264Packetizer(boolean nonInterleaved, int mostOctets) {
        if (mostOctets < SMALLEST_LIMIT || mostOctets > LARGEST_DATAGRAM) {
            throw new IllegalArgumentException("payloads of at most " + mostOctets + " octets: expected " + SMALLEST_LIMIT + ".." + LARGEST_DATAGRAM);
        }
        this.nonInterleaved = nonInterleaved;
        this.mostOctets = mostOctets;
    }

    /// @param units NAL units without start codes, none empty
    /// @return payloads in order; the last one's packet carries the marker
    /// @throws IllegalArgumentException when a NAL unit fits no datagram in mode 0
    public List<ByteBuffer> payloads(List<ByteBuffer> units) {
        var payloads = new ArrayList<ByteBuffer>();
        var together = new ArrayList<ByteBuffer>();
        int size = 1;
        for (var unit : units) {
            if (!unit.hasRemaining()) {
                throw new IllegalArgumentException("an empty NAL unit");
            }
            int length = unit.remaining();
            if (!nonInterleaved || size + 2 + length > mostOctets) {
                flush(together, payloads);
                size = 1;
            }
            if (nonInterleaved && length > mostOctets) {
                fragment(unit, payloads);
            } else {
                together.add(unit);
                size += 2 + length;
            }
        }
        flush(together, payloads);
        return payloads;
    }

    /// One unit alone needs no envelope; several share one whose NRI is the highest of them (section 5.7.1).
    private void flush(List<ByteBuffer> together, List<ByteBuffer> payloads) {
        if (together.size() == 1) {
            if (together.getFirst().remaining() > LARGEST_DATAGRAM) {
                throw new IllegalArgumentException("a NAL unit of " + together.getFirst().remaining() + " octets fits no datagram in mode 0");
            }
            payloads.add(together.getFirst().asReadOnlyBuffer());
        } else if (!together.isEmpty()) {
            int importance = together.stream().mapToInt(u -> u.get(u.position()) & 0x60).max().orElse(0);
            int forbidden = together.stream().mapToInt(u -> u.get(u.position()) & 0x80).max().orElse(0);
            var payload = ByteBuffer.allocate(1 + together.stream().mapToInt(u -> 2 + u.remaining()).sum());
            payload.put((byte) (forbidden | importance | STAP_A));
            together.forEach(u -> payload.putShort((short) u.remaining()).put(u.duplicate()));
            payloads.add(payload.flip());
        }
        together.clear();
    }

    /// The unit's header is taken apart: importance into the indicator, type into the FU header (section 5.8).
    private void fragment(ByteBuffer unit, List<ByteBuffer> payloads) {
        var rest = unit.duplicate();
        int header = rest.get() & 0xFF;
        for (boolean start = true; rest.hasRemaining(); start = false) {
            int length = Math.min(mostOctets - 2, rest.remaining());
            boolean end = length == rest.remaining();
            payloads.add(ByteBuffer.allocate(2 + length).put((byte) (header & 0xE0 | FU_A))
                    .put((byte) ((start ? 0x80 : 0) | (end ? 0x40 : 0) | header & 0x1F))
                    .put(rest.slice(rest.position(), length)).flip());
            rest.position(rest.position() + length);
        }
    }
}

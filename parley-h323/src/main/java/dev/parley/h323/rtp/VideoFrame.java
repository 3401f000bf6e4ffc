package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.List;

/// One picture as the coder made it: the NAL units of an H.264 access unit without start codes, or the whole of an H.263 picture in one unit.
///
/// @param units read only, none empty
public record VideoFrame(List<ByteBuffer> units) {
    public VideoFrame {
        units = units.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    public int octets() {
        return units.stream().mapToInt(ByteBuffer::remaining).sum();
    }
}

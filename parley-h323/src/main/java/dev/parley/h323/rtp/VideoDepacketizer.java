package dev.parley.h323.rtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts pictures together again from packets that come in order.
public abstract sealed class VideoDepacketizer permits H264Depacketizer, H263Depacketizer {
    /// No picture of a sane stream is larger; one that is, counts as damaged.
    public static final int LARGEST_PICTURE = 8 << 20;

    private boolean started;
    private int nextSequence;
    private int timestamp;
    private boolean open;
    private boolean whole;
    private int size;
    private long damaged;

    /// @param packet in order; gaps are seen by the numbers
    /// @return the pictures that end here, as far as all of them came
    public List<VideoFrame> received(RtpPacket packet) {
        boolean gap = started && packet.sequenceNumber() != nextSequence;
        var frames = new ArrayList<VideoFrame>(2);
        if (open && packet.timestamp() != timestamp) {
            // The last packet's marker never came: not sent, or lost.
            whole &= !gap;
            end().ifPresent(frames::add);
        }
        if (!open) {
            open = true;
            size = 0;
            // What was lost may have been the whole of another picture.
            whole = !gap || startsPicture(packet);
        } else if (gap) {
            whole = false;
        }
        started = true;
        nextSequence = packet.sequenceNumber() + 1 & 0xFFFF;
        timestamp = packet.timestamp();
        size += packet.payload().remaining();
        whole = whole && size <= LARGEST_PICTURE && add(packet);
        if (packet.marker()) {
            end().ifPresent(frames::add);
        }
        return frames;
    }

    private Optional<VideoFrame> end() {
        open = false;
        var frame = whole ? frame() : Optional.<VideoFrame>empty();
        damaged += frame.isEmpty() ? 1 : 0;
        clear();
        return frame;
    }

    /// Pictures of which something was missing or malformed.
    public long damaged() {
        return damaged;
    }

    /// Whether a picture begins with this packet, as far as its payload tells.
    abstract boolean startsPicture(RtpPacket packet);

    /// @return false when the payload does not fit what came before
    abstract boolean add(RtpPacket packet);

    /// @return nothing when the picture is not complete
    abstract Optional<VideoFrame> frame();

    abstract void clear();
}

package dev.parley.runtime.rfc1006;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into TPKTs (RFC 1006 section 6). At most one incomplete frame is kept, so memory is bounded by 64 KiB and what
/// arrives at once.
final class Frames {
    private static final int HEADER = 4;

    private ByteBuffer pending = ByteBuffer.allocate(0);

    void add(ByteBuffer bytes) {
        if (!pending.hasRemaining()) {
            pending = bytes;
            return;
        }
        pending = ByteBuffer.allocate(pending.remaining() + bytes.remaining()).put(pending).put(bytes).flip();
    }

    /// The TPDU of the next complete frame, or null.
    @Nullable ByteBuffer next() {
        if (pending.remaining() < HEADER) {
            return null;
        }
        int at = pending.position();
        int version = pending.get(at) & 0xFF;
        int length = pending.getShort(at + 2) & 0xFFFF;
        if (version != 3 || length < 7) {
            throw new SessionException.ProtocolViolation(
                    "expected a TPKT (version 3, at least 7 octets), but version " + version + " with " + length + " octets arrived");
        }
        if (pending.remaining() < length) {
            return null;
        }
        var tpdu = pending.slice(at + HEADER, length - HEADER);
        pending.position(at + length);
        return tpdu;
    }
}

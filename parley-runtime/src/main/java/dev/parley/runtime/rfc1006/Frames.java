package dev.parley.runtime.rfc1006;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into TPKTs (RFC 1006 section 6). Whole frames are slices of what arrived; only a frame that came in pieces is
/// copied together, so memory is bounded by 64 KiB and what arrives at once.
final class Frames {
    private static final int HEADER = 4;

    /// The frame that came in pieces so far: first a header's room, then, once its length is known, the room of all of it.
    private ByteBuffer begun = ByteBuffer.allocate(0);
    private ByteBuffer arrived = ByteBuffer.allocate(0);
    private boolean foundTls;

    /// Only after [#next] has said that there is nothing more.
    void add(ByteBuffer bytes) {
        arrived = bytes;
    }

    /// The TPDU of the next complete frame, or null.
    @Nullable ByteBuffer next() {
        if (begun.position() > 0) {
            return resume();
        }
        int length = arrived.remaining() < HEADER ? HEADER : length(arrived);
        if (arrived.remaining() < length) {
            if (arrived.hasRemaining()) {
                begun = ByteBuffer.allocate(length).put(arrived);
            }
            return null;
        }
        if (!arrived.hasRemaining()) {
            return null;
        }
        var tpdu = arrived.slice(arrived.position() + HEADER, length - HEADER);
        arrived.position(arrived.position() + length);
        return tpdu;
    }

    private @Nullable ByteBuffer resume() {
        fill();
        if (!begun.hasRemaining() && begun.capacity() == HEADER) {
            begun = ByteBuffer.allocate(length(begun.flip())).put(begun);
            fill();
        }
        if (begun.hasRemaining()) {
            return null;
        }
        var tpdu = begun.slice(HEADER, begun.capacity() - HEADER);
        begun = ByteBuffer.allocate(0);
        return tpdu;
    }

    private void fill() {
        int size = Math.min(begun.remaining(), arrived.remaining());
        begun.put(arrived.slice(arrived.position(), size));
        arrived.position(arrived.position() + size);
    }

    /// True when a TLS record stood where a TPKT should have begun.
    boolean foundTls() {
        return foundTls;
    }

    /// A TLS record begins with its type (20 to 23) and the version 3.x (RFC 8446 5.1).
    private static boolean isTls(ByteBuffer at) {
        int type = at.get(at.position());
        return type >= 20 && type <= 23 && at.get(at.position() + 1) == 3;
    }

    private int length(ByteBuffer at) {
        foundTls = isTls(at);
        if (foundTls) {
            throw new SessionException.ProtocolViolation("the peer speaks TLS, and this side does not");
        }
        int version = at.get(at.position()) & 0xFF;
        int length = at.getShort(at.position() + 2) & 0xFFFF;
        if (version != 3 || length < 7) {
            throw new SessionException.ProtocolViolation(
                    "expected a TPKT (version 3, at least 7 octets), but version " + version + " with " + length + " octets arrived");
        }
        return length;
    }
}

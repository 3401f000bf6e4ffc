package dev.parley.netbios.session;

import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Cuts a stream of octets into session packets. Holds at most one whole packet and what arrived with it; a header is judged before room for
/// its trailer is made.
final class PacketAssembler {
    private static final int SMALL = 8 * 1024;
    private static final int MOST = SessionPacketCodec.HEADER + SessionPacket.MOST_MESSAGE;

    private byte[] octets = new byte[SMALL];
    private int start;
    private int end;

    byte[] array() {
        return octets;
    }

    int end() {
        return end;
    }

    /// Octets that may be put at [#end] of [#array]; at least one after [#next] had nothing to give.
    int room() {
        return octets.length - end;
    }

    void added(int count) {
        end += count;
    }

    boolean isEmpty() {
        return start == end;
    }

    /// What was added and belongs to no packet yet.
    ByteBuffer rest() {
        return ByteBuffer.wrap(java.util.Arrays.copyOfRange(octets, start, end));
    }

    /// The next whole packet, or nothing until more octets are added.
    Optional<SessionPacket> next() {
        if (end - start < SessionPacketCodec.HEADER) {
            makeRoom(SMALL);
            return Optional.empty();
        }
        var header = SessionPacketCodec.header(ByteBuffer.wrap(octets, start, SessionPacketCodec.HEADER));
        int size = SessionPacketCodec.HEADER + header.length();
        if (end - start < size) {
            // Reading ahead of a big packet saves a call into the system for the next one's header.
            makeRoom(Math.min(MOST, Math.max(size, SMALL)));
            return Optional.empty();
        }
        var trailer = new byte[header.length()];
        System.arraycopy(octets, start + SessionPacketCodec.HEADER, trailer, 0, trailer.length);
        start += size;
        if (start == end) {
            start = 0;
            end = 0;
        }
        return Optional.of(SessionPacketCodec.trailer(header, ByteBuffer.wrap(trailer)));
    }

    private void makeRoom(int size) {
        if (start + size > octets.length || end == octets.length) {
            var target = size > octets.length ? new byte[size] : octets;
            System.arraycopy(octets, start, target, 0, end - start);
            end -= start;
            start = 0;
            octets = target;
        }
    }
}

package dev.parley.runtime.capture;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// One TCP connection in a capture: keeps the sequence numbers of both directions and makes up the packets around what is sent and received.
/// Safe to use from several threads.
public final class CapturedStream {
    private final Capture capture;
    private final InetSocketAddress local;
    private final InetSocketAddress peer;
    private int sent = 1_000;
    private int received = 2_000;
    private boolean over;

    CapturedStream(Capture capture, InetSocketAddress local, InetSocketAddress peer, boolean calling, String comment) {
        this.capture = capture;
        this.local = local;
        this.peer = peer;
        if (calling) {
            out(Frame.SYN, Capture.NOTHING, comment);
            in(Frame.SYN | Frame.ACK, Capture.NOTHING, "");
            out(Frame.ACK, Capture.NOTHING, "");
        } else {
            in(Frame.SYN, Capture.NOTHING, comment);
            out(Frame.SYN | Frame.ACK, Capture.NOTHING, "");
            in(Frame.ACK, Capture.NOTHING, "");
        }
    }

    /// Our octets; they are copied.
    public synchronized void sent(ByteBuffer octets) {
        for (int at = octets.position(); at < octets.limit() && !over; at += Frame.MOST_PAYLOAD) {
            out(Frame.PUSH | Frame.ACK, octets.slice(at, Math.min(Frame.MOST_PAYLOAD, octets.limit() - at)), "");
        }
    }

    /// The peer's octets; they are copied.
    public synchronized void received(ByteBuffer octets) {
        for (int at = octets.position(); at < octets.limit() && !over; at += Frame.MOST_PAYLOAD) {
            in(Frame.PUSH | Frame.ACK, octets.slice(at, Math.min(Frame.MOST_PAYLOAD, octets.limit() - at)), "");
        }
    }

    /// The end, once: in good order, or as a reset with the reason as the packet's comment.
    ///
    /// @param byUs who closed first
    /// @param reason empty for a good order
    public synchronized void closed(boolean byUs, String reason) {
        if (over) {
            return;
        }
        over = true;
        if (!reason.isEmpty()) {
            in(Frame.RST | Frame.ACK, Capture.NOTHING, reason);
        } else if (byUs) {
            out(Frame.FIN | Frame.ACK, Capture.NOTHING, "");
            in(Frame.FIN | Frame.ACK, Capture.NOTHING, "");
            out(Frame.ACK, Capture.NOTHING, "");
        } else {
            in(Frame.FIN | Frame.ACK, Capture.NOTHING, "");
            out(Frame.FIN | Frame.ACK, Capture.NOTHING, "");
            in(Frame.ACK, Capture.NOTHING, "");
        }
    }

    private void out(int flags, ByteBuffer payload, String comment) {
        capture.add(new Capture.Packet(local, peer, sent, received, flags, payload, comment));
        sent += advance(flags, payload);
    }

    private void in(int flags, ByteBuffer payload, String comment) {
        capture.add(new Capture.Packet(peer, local, received, sent, flags, payload, comment));
        received += advance(flags, payload);
    }

    /// SYN and FIN count as one octet.
    private static int advance(int flags, ByteBuffer payload) {
        return payload.remaining() + ((flags & (Frame.SYN | Frame.FIN)) == 0 ? 0 : 1);
    }
}

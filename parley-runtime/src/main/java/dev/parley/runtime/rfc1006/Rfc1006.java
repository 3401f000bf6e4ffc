package dev.parley.runtime.rfc1006;

import dev.parley.api.SessionException;
import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One transport connection of RFC 1006: TPKT frames around COTP class 0 TPDUs (X.224). No expedited data, no reuse of the class options,
/// closing the link is the disconnect. A malformed frame closes the link with a reason.
public final class Rfc1006 implements Link.Handler, Transport {
    /// The largest TPDU that fits a TPKT of 65 535 octets; RFC 1006 has it when no size is negotiated.
    static final int MOST_TPDU = 65_531;

    private static final int DT_HEADER = 3;
    private static final int CR = 0xE0;
    private static final int CC = 0xD0;
    private static final int DR = 0x80;
    private static final int DT = 0xF0;
    private static final int ER = 0x70;

    private final boolean initiator;
    private final int mostTsdu;
    private final Transport.User user;
    private final Frames frames = new Frames();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private int partsOctets;
    private int peerReference;
    private int mostSent = MOST_TPDU;
    private boolean connected;
    private boolean over;
    private @Nullable Link link;

    private Rfc1006(boolean initiator, int mostTsdu, Transport.User user) {
        this.initiator = initiator;
        this.mostTsdu = mostTsdu;
        this.user = user;
    }

    /// @param mostTsdu octets of the largest TSDU that is accepted; a longer one closes the link
    public static Rfc1006 initiator(int mostTsdu, Transport.User user) {
        return new Rfc1006(true, mostTsdu, user);
    }

    public static Rfc1006 responder(int mostTsdu, Transport.User user) {
        return new Rfc1006(false, mostTsdu, user);
    }

    @Override
    public void opened(Link opened) {
        link = opened;
        user.ready(this);
    }

    @Override
    public void received(ByteBuffer bytes) {
        try {
            frames.add(bytes);
            for (var tpdu = frames.next(); tpdu != null && !over; tpdu = frames.next()) {
                tpdu(tpdu);
            }
        } catch (SessionException.ProtocolViolation e) {
            end(e.getMessage() == null ? "malformed transport data" : e.getMessage());
        }
    }

    @Override
    public void writable() {
        if (!over) {
            user.writable();
        }
    }

    @Override
    public void closed(String reason) {
        if (!over) {
            over = true;
            user.disconnected(reason.isEmpty() ? "the peer closed the connection" : reason);
        }
    }

    @Override
    public void connect() {
        // Length 17, CR, no destination, source 1, class 0; TPDU size 2^13 is the largest that X.224 can say, so RFC 1006's default is used.
        link().write(ByteBuffer.wrap(new byte[] {3, 0, 0, 11, 6, (byte) CR, 0, 0, 0, 1, 0}));
        link().flush();
    }

    @Override
    public void accept() {
        connected = true;
        var size = mostSent == MOST_TPDU ? new byte[0] : new byte[] {(byte) 0xC0, 1, (byte) (31 - Integer.numberOfLeadingZeros(mostSent))};
        var cc = ByteBuffer.allocate(11 + size.length);
        cc.put((byte) 3).put((byte) 0).putShort((short) cc.capacity()).put((byte) (6 + size.length)).put((byte) CC);
        cc.putShort((short) peerReference).putShort((short) 1).put((byte) 0).put(size).flip();
        link().write(cc);
        link().flush();
    }

    @Override
    public void send(ByteBuffer... tsdu) {
        long left = 0;
        for (var part : tsdu) {
            left += part.remaining();
        }
        var out = new ArrayList<ByteBuffer>(4 + tsdu.length);
        int room = mostSent - DT_HEADER;
        int index = 0;
        do {
            int size = (int) Math.min(left, room);
            left -= size;
            out.add(header(size, left == 0));
            while (size > 0) {
                var part = tsdu[index];
                int take = Math.min(size, part.remaining());
                out.add(part.slice(part.position(), take));
                part.position(part.position() + take);
                size -= take;
                index += part.hasRemaining() ? 0 : 1;
            }
        } while (left > 0);
        link().write(out.toArray(ByteBuffer[]::new));
    }

    private static ByteBuffer header(int size, boolean last) {
        return ByteBuffer.allocate(7).put((byte) 3).put((byte) 0).putShort((short) (size + 7)).put((byte) 2).put((byte) DT)
                .put((byte) (last ? 0x80 : 0)).flip();
    }

    @Override
    public void flush() {
        if (!over) {
            link().flush();
        }
    }

    @Override
    public boolean isWritable() {
        return !over && link().isWritable();
    }

    @Override
    public void setReading(boolean reading) {
        if (!over) {
            link().setReading(reading);
        }
    }

    @Override
    public void disconnect() {
        link().close();
    }

    @Override
    public void abort() {
        link().abort();
    }

    @Override
    public String peer() {
        return link().peer();
    }

    @Override
    public Security security() {
        return link().security();
    }

    private void tpdu(ByteBuffer tpdu) {
        int length = tpdu.remaining() < 2 ? -1 : tpdu.get(tpdu.position()) & 0xFF;
        if (length < 1 || length == 0xFF || length >= tpdu.remaining()) {
            throw new SessionException.ProtocolViolation("a TPDU of " + tpdu.remaining() + " octets says that its header has " + length);
        }
        int start = tpdu.position();
        int code = tpdu.get(start + 1) & 0xFF;
        if (code == DT && connected) {
            if (length != 2) {
                throw new SessionException.ProtocolViolation("a DT TPDU of class 0 has a header of 2 octets, not " + length);
            }
            boolean last = (tpdu.get(start + 2) & 0x80) != 0;
            data(tpdu.slice(start + 3, tpdu.remaining() - 3), last);
        } else if ((code & 0xF0) == CR && !initiator && !connected) {
            connectRequest(tpdu, start, length);
            user.connectIndication();
        } else if ((code & 0xF0) == CC && initiator && !connected) {
            size(tpdu, start, length);
            connected = true;
            user.connectConfirm();
        } else if (code == DR) {
            end("the peer refused or released the transport connection");
        } else if (code == ER) {
            end("the peer reports a malformed TPDU");
        } else {
            throw new SessionException.ProtocolViolation("a TPDU with code " + Integer.toHexString(code) + " was not expected "
                    + (connected ? "in an open connection" : "before the connection is open"));
        }
    }

    private void connectRequest(ByteBuffer tpdu, int start, int length) {
        if (length < 6) {
            throw new SessionException.ProtocolViolation("a CR TPDU has a header of at least 6 octets, not " + length);
        }
        peerReference = tpdu.getShort(start + 4) & 0xFFFF;
        size(tpdu, start, length);
    }

    /// The TPDU size (parameter C0) of a CR or CC: 2^7 to 2^13, header included.
    private void size(ByteBuffer tpdu, int start, int length) {
        int at = start + 7;
        int end = start + 1 + length;
        while (at + 2 <= end) {
            int parameter = tpdu.get(at) & 0xFF;
            int octets = tpdu.get(at + 1) & 0xFF;
            if (at + 2 + octets > end) {
                throw new SessionException.ProtocolViolation("a parameter of a CR or CC TPDU runs past its header");
            }
            if (parameter == 0xC0 && octets == 1) {
                int power = tpdu.get(at + 2);
                if (power < 7 || power > 13) {
                    throw new SessionException.ProtocolViolation("the TPDU size is 2^7 to 2^13, not 2^" + power);
                }
                mostSent = 1 << power;
            }
            at += 2 + octets;
        }
    }

    private void data(ByteBuffer octets, boolean last) {
        if (partsOctets + octets.remaining() > mostTsdu) {
            throw new SessionException.ProtocolViolation("a TSDU is longer than the limit of " + mostTsdu + " octets");
        }
        if (last && parts.isEmpty()) {
            user.tsdu(octets);
            return;
        }
        partsOctets += octets.remaining();
        parts.add(octets);
        if (last) {
            var whole = ByteBuffer.allocate(partsOctets);
            parts.forEach(whole::put);
            parts.clear();
            partsOctets = 0;
            user.tsdu(whole.flip());
        }
    }

    private void end(String reason) {
        over = true;
        link().close();
        user.disconnected(reason);
    }

    private Link link() {
        if (link == null) {
            throw new IllegalStateException("the link is not open yet");
        }
        return link;
    }
}

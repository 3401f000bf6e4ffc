package dev.parley.runtime.rfc1006;

import dev.parley.api.SessionException;
import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One transport connection of RFC 1006: TPKT frames around COTP class 0 TPDUs (X.224), with RFC 1006's expedited flow when both sides want
/// it. Closing the link is the disconnect. A malformed TPDU is answered by an ER TPDU and ends the connection with a reason.
public final class Rfc1006 implements Link.Handler, Transport {
    /// What a server that has no room says to a peer: DR with reason 1, congestion at the TSAP (X.224 13.5.3).
    public static final byte[] BUSY = {3, 0, 0, 11, 6, (byte) 0x80, 0, 1, 0, 0, 1};
    /// The largest TPDU that fits a TPKT of 65 535 octets; RFC 1006 has it when no size is negotiated.
    static final int MOST_TPDU = 65_531;

    private static final int MOST_NEGOTIATED = 8_192;
    private static final int DT_HEADER = 3;
    private static final int CR = 0xE0;
    private static final int CC = 0xD0;
    private static final int DR = 0x80;
    private static final int DT = 0xF0;
    private static final int ER = 0x70;
    private static final int ED = 0x10;
    private static final int MOST_EXPEDITED = 16;
    private static final int MOST_REJECTED = 32;
    /// A page of 64 KiB with its header is a little longer than the largest TPDU: room for what follows the first one.
    private static final int TAIL = 64;

    private final boolean initiator;
    private final TransportOptions options;
    private final Transport.User user;
    private final Frames frames = new Frames();
    private int mostTsdu;
    /// The TSDU of which the last part has not come yet.
    private @Nullable ByteBuffer begun;
    private int peerReference;
    private int mostSent = MOST_TPDU;
    private boolean connected;
    private boolean expedited;
    private boolean over;
    private @Nullable ConnectTpdu request;
    private @Nullable Link link;

    private Rfc1006(boolean initiator, TransportOptions options, Transport.User user) {
        this.initiator = initiator;
        this.options = options;
        mostTsdu = options.mostTsdu();
        this.user = user;
    }

    /// @param mostTsdu octets of the largest TSDU that is accepted; a longer one closes the link
    public static Rfc1006 initiator(int mostTsdu, Transport.User user) {
        return initiator(TransportOptions.ofTsdu(mostTsdu), user);
    }

    public static Rfc1006 responder(int mostTsdu, Transport.User user) {
        return responder(TransportOptions.ofTsdu(mostTsdu), user);
    }

    public static Rfc1006 initiator(TransportOptions options, Transport.User user) {
        return new Rfc1006(true, options, user);
    }

    public static Rfc1006 responder(TransportOptions options, Transport.User user) {
        return new Rfc1006(false, options, user);
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
            if (frames.foundTls() && !initiator && request == null) {
                // A caller who expects TLS learns from any TPKT that there is none.
                disconnectRequest(0, Reasons.PROTOCOL_ERROR);
            }
            var words = e.getMessage() == null ? "malformed transport data" : e.getMessage();
            user.malformed(words);
            end(words);
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
        // 2^13 is the largest TPDU size that X.224 can say, so RFC 1006's larger default is taken by saying none.
        var size = options.tpduSize() == 0 ? Optional.<Integer>empty() : Optional.of(options.tpduSize());
        request = new ConnectTpdu(0, 1, size, options.callingSelector(), options.calledSelector(), options.expedited());
        link().write(request.tpkt(CR));
        link().flush();
    }

    @Override
    public void accept() {
        connected = true;
        var asked = Objects.requireNonNull(request, "no connection was asked for");
        var size = mostSent > MOST_NEGOTIATED ? Optional.<Integer>empty() : Optional.of(mostSent);
        link().write(new ConnectTpdu(asked.reference(), 1, size, asked.callingSelector(), asked.calledSelector(), expedited).tpkt(CC));
        link().flush();
    }

    @Override
    public boolean expedited() {
        return expedited;
    }

    @Override
    public void sendExpedited(ByteBuffer octets) {
        if (!expedited) {
            throw new IllegalStateException("the transport connection has no expedited flow");
        }
        if (!octets.hasRemaining() || octets.remaining() > MOST_EXPEDITED) {
            throw new IllegalArgumentException("expedited data has 1 to " + MOST_EXPEDITED + " octets, not " + octets.remaining());
        }
        // RFC 1006: as a DT TPDU, but for its code.
        var header = header(octets.remaining(), true).put(5, (byte) ED);
        link().write(header, octets);
    }

    @Override
    public ByteBuffer callingSelector() {
        return request == null ? ByteBuffer.allocate(0) : request.callingSelector().duplicate();
    }

    @Override
    public ByteBuffer calledSelector() {
        return request == null ? ByteBuffer.allocate(0) : request.calledSelector().duplicate();
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
    public void limit(int octets) {
        mostTsdu = octets;
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
        try {
            tpdu(tpdu, tpdu.slice(tpdu.position(), length + 1), length);
        } catch (SessionException.ProtocolViolation e) {
            reject(tpdu);
            throw e;
        }
    }

    private void tpdu(ByteBuffer tpdu, ByteBuffer header, int length) {
        int code = header.get(1) & 0xFF;
        if ((code == DT || code == ED && expedited) && connected) {
            if (length != 2) {
                throw new SessionException.ProtocolViolation("a DT TPDU of class 0 has a header of 2 octets, not " + length);
            }
            boolean last = (header.get(2) & 0x80) != 0;
            var octets = tpdu.slice(tpdu.position() + 3, tpdu.remaining() - 3);
            if (code == DT) {
                data(octets, last);
            } else {
                expedited(octets);
            }
        } else if ((code & 0xF0) == CR && !initiator && !connected && request == null) {
            connectRequest(ConnectTpdu.read(header, "CR"));
        } else if ((code & 0xF0) == CC && initiator && !connected) {
            connectConfirm(ConnectTpdu.read(header, "CC"));
        } else if (code == DR) {
            end(connected ? "the peer released the transport connection" : "the peer refused the transport connection: "
                    + Reasons.disconnect(length < 6 ? Reasons.NOT_SPECIFIED : header.get(6) & 0xFF));
        } else if (code == ER) {
            end("the peer reports a malformed TPDU: " + Reasons.error(length < 4 ? 0 : header.get(4) & 0xFF));
        } else {
            throw new SessionException.ProtocolViolation("a TPDU with code " + Integer.toHexString(code) + " was not expected "
                    + (connected ? "in an open connection" : "before the connection is open"));
        }
    }

    private void connectRequest(ConnectTpdu asked) {
        request = asked;
        peerReference = asked.reference();
        if (options.calledSelector().hasRemaining() && asked.calledSelector().hasRemaining()
                && !options.calledSelector().equals(asked.calledSelector())) {
            refuse();
            return;
        }
        // Only a size that the caller proposes may be taken down (X.224 6.5.4).
        asked.size().ifPresent(size -> mostSent = options.tpduSize() == 0 ? size : Math.min(size, options.tpduSize()));
        expedited = asked.expedited() && options.expedited();
        user.connectIndication();
    }

    private void connectConfirm(ConnectTpdu answer) {
        answer.size().ifPresent(size -> mostSent = size);
        if (options.tpduSize() != 0) {
            mostSent = Math.min(mostSent, options.tpduSize());
        }
        peerReference = answer.reference();
        expedited = answer.expedited() && options.expedited();
        connected = true;
        user.connectConfirm();
    }

    private void refuse() {
        disconnectRequest(peerReference, Reasons.ADDRESS_UNKNOWN);
        end("the caller asked for another T-selector than ours, and was refused");
    }

    private void disconnectRequest(int reference, int reason) {
        var dr = ByteBuffer.allocate(11).put((byte) 3).put((byte) 0).putShort((short) 11).put((byte) 6).put((byte) DR);
        link().write(dr.putShort((short) reference).putShort((short) 0).put((byte) reason).flip());
        link().flush();
    }

    /// ER: what of the TPDU was not understood goes back (X.224 13.12).
    private void reject(ByteBuffer tpdu) {
        int size = Math.min(tpdu.remaining(), MOST_REJECTED);
        var er = ByteBuffer.allocate(11 + size).put((byte) 3).put((byte) 0).putShort((short) (11 + size)).put((byte) (6 + size));
        er.put((byte) ER).putShort((short) peerReference).put((byte) 2).put((byte) 0xC1).put((byte) size);
        link().write(er.put(tpdu.slice(tpdu.position(), size)).flip());
        link().flush();
    }

    private void expedited(ByteBuffer octets) {
        if (!octets.hasRemaining() || octets.remaining() > MOST_EXPEDITED) {
            throw new SessionException.ProtocolViolation(
                    "expedited data has 1 to " + MOST_EXPEDITED + " octets, not " + octets.remaining());
        }
        user.expedited(ByteBuffer.allocate(octets.remaining()).put(octets).flip());
    }

    private void data(ByteBuffer octets, boolean last) {
        int size = (begun == null ? 0 : begun.position()) + octets.remaining();
        if (size > mostTsdu) {
            throw new SessionException.ProtocolViolation("a TSDU is longer than the limit of " + mostTsdu + " octets");
        }
        var whole = begun == null ? ByteBuffer.allocate(last ? size : size + TAIL) : begun;
        if (whole.remaining() < octets.remaining()) {
            whole = ByteBuffer.allocate(Math.min(mostTsdu, 2 * size)).put(whole.flip());
        }
        whole.put(octets);
        begun = last ? null : whole;
        if (last) {
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

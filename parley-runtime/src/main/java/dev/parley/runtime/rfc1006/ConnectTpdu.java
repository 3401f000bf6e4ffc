package dev.parley.runtime.rfc1006;

import dev.parley.api.SessionException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A CR or CC TPDU of class 0 (X.224 13.3 and 13.4) with the parameters that RFC 1006 uses; others are passed over.
///
/// @param reference the sender's own
/// @param size the TPDU size; empty when the parameter is absent
record ConnectTpdu(
        int destination, int reference, Optional<Integer> size, ByteBuffer callingSelector, ByteBuffer calledSelector, boolean expedited) {
    private static final int SIZE = 0xC0;
    private static final int CALLING = 0xC1;
    private static final int CALLED = 0xC2;
    private static final int OPTIONS = 0xC6;

    /// The whole TPKT.
    ByteBuffer tpkt(int code) {
        var header = new ByteArrayOutputStream(64);
        header.write(code);
        sixteen(header, destination);
        sixteen(header, reference);
        header.write(0);
        size.ifPresent(octets -> {
            header.write(SIZE);
            header.write(1);
            header.write(Integer.numberOfTrailingZeros(octets));
        });
        selector(header, CALLING, callingSelector);
        selector(header, CALLED, calledSelector);
        if (expedited) {
            header.write(OPTIONS);
            header.write(1);
            header.write(1);
        }
        var tpkt = ByteBuffer.allocate(5 + header.size());
        return tpkt.put((byte) 3).put((byte) 0).putShort((short) tpkt.capacity()).put((byte) header.size()).put(header.toByteArray()).flip();
    }

    private static void sixteen(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static void selector(ByteArrayOutputStream out, int code, ByteBuffer value) {
        if (value.hasRemaining()) {
            out.write(code);
            out.write(value.remaining());
            for (int i = value.position(); i < value.limit(); i++) {
                out.write(value.get(i));
            }
        }
    }

    /// @param header from the length indicator on
    /// @throws SessionException.ProtocolViolation when it is no CR or CC
    static ConnectTpdu read(ByteBuffer header, String name) {
        if (header.remaining() < 7) {
            throw new SessionException.ProtocolViolation(
                    "a " + name + " TPDU has a header of at least 6 octets, not " + (header.remaining() - 1));
        }
        var size = Optional.<Integer>empty();
        var calling = ByteBuffer.allocate(0);
        var called = ByteBuffer.allocate(0);
        boolean expedited = false;
        for (int at = 7; at + 2 <= header.limit(); ) {
            int octets = header.get(at + 1) & 0xFF;
            if (at + 2 + octets > header.limit()) {
                throw new SessionException.ProtocolViolation("a parameter of a CR or CC TPDU runs past its header");
            }
            var value = header.slice(at + 2, octets);
            switch (header.get(at) & 0xFF) {
                case SIZE -> size = octets == 1 ? Optional.of(size(value.get(0))) : size;
                case CALLING -> calling = copy(value);
                case CALLED -> called = copy(value);
                case OPTIONS -> expedited = octets == 1 && (value.get(0) & 1) != 0;
                default -> {
                    // X.224 13.2.3: what a class does not know is no error in a CR.
                }
            }
            at += 2 + octets;
        }
        return new ConnectTpdu(header.getShort(2) & 0xFFFF, header.getShort(4) & 0xFFFF, size, calling, called, expedited);
    }

    private static ByteBuffer copy(ByteBuffer value) {
        return ByteBuffer.allocate(value.remaining()).put(value).flip();
    }

    /// X.224 ends at 2^13; openiec61850 says 2^16, which RFC 1006 cuts to what a TPKT holds.
    private static int size(byte power) {
        if (power < 7 || power > 16) {
            throw new SessionException.ProtocolViolation("the TPDU size is 2^7 to 2^13, over TPKT up to 2^16, not 2^" + power);
        }
        return Math.min(1 << power, Rfc1006.MOST_TPDU);
    }
}

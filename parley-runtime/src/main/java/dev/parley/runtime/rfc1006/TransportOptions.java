package dev.parley.runtime.rfc1006;

import java.nio.ByteBuffer;

/// What one side wants of a transport connection.
///
/// @param mostTsdu octets of the largest TSDU that is accepted; a longer one ends the connection
/// @param tpduSize the largest TPDU, header included: a power of two from 128 to 8192, or 0 for RFC 1006's 65 531 without negotiation. The
///     calling side proposes it, the called side takes it down to this.
/// @param expedited whether the expedited flow is offered, or accepted when it is offered (RFC 1006 section 6)
/// @param callingSelector the calling T-selector, up to 32 octets; empty sends none
/// @param calledSelector the calling side's: whom it calls. The called side's: its own; empty accepts any
public record TransportOptions(int mostTsdu, int tpduSize, boolean expedited, ByteBuffer callingSelector, ByteBuffer calledSelector) {
    static final int MOST_SELECTOR = 32;

    public TransportOptions {
        if (tpduSize != 0 && (Integer.bitCount(tpduSize) != 1 || tpduSize < 128 || tpduSize > 8192)) {
            throw new IllegalArgumentException("a TPDU size is a power of two from 128 to 8192, or 0, not " + tpduSize);
        }
        if (callingSelector.remaining() > MOST_SELECTOR || calledSelector.remaining() > MOST_SELECTOR) {
            throw new IllegalArgumentException("a T-selector has at most " + MOST_SELECTOR + " octets");
        }
    }

    public static TransportOptions ofTsdu(int most) {
        return new TransportOptions(most, 0, false, ByteBuffer.allocate(0), ByteBuffer.allocate(0));
    }

    public TransportOptions tpduSize(int octets) {
        return new TransportOptions(mostTsdu, octets, expedited, callingSelector, calledSelector);
    }

    public TransportOptions withExpedited() {
        return new TransportOptions(mostTsdu, tpduSize, true, callingSelector, calledSelector);
    }

    public TransportOptions selectors(ByteBuffer calling, ByteBuffer called) {
        return new TransportOptions(mostTsdu, tpduSize, expedited, calling, called);
    }
}

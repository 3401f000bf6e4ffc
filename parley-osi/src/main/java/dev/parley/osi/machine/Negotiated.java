package dev.parley.osi.machine;

/// What both sides agreed on about the use of the transport connection (5.8, 6.3), from this side's point of view.
///
/// @param version the protocol version, 1 or 2; 0 while there is no session connection
/// @param mostSent octets of the largest TSDU that we may send; 0 is unlimited and means that DT and TD are not segmented (5.8.6)
/// @param mostReceived the same for what arrives
/// @param peerTakesExtended the peer can receive extended concatenated SPDUs
public record Negotiated(int version, int mostSent, int mostReceived, boolean peerTakesExtended) {
    public static final Negotiated NOTHING = new Negotiated(0, 0, 0, false);
}

package dev.parley.h323.rtp;

import java.util.Optional;

/// Makes one key of the several packets that tell of it, whichever of them arrive (RFC 4733 section 2.5.2).
public final class KeyReceiver {
    private boolean any;
    private int lastSource;
    private int lastTimestamp;

    /// @param packet of the payload type for telephone events
    /// @return the key, when this is its first packet to arrive
    /// @throws dev.parley.api.SessionException.ProtocolViolation when the payload is malformed
    public Optional<Character> received(RtpPacket packet) {
        var event = TelephoneEvent.decode(packet.payload());
        // Only newer timestamps are new events; packets may overtake each other.
        if (any && packet.ssrc() == lastSource && packet.timestamp() - lastTimestamp <= 0) {
            return Optional.empty();
        }
        any = true;
        lastSource = packet.ssrc();
        lastTimestamp = packet.timestamp();
        return TelephoneEvent.isKey(event.event()) ? Optional.of(TelephoneEvent.keyOf(event.event())) : Optional.empty();
    }
}

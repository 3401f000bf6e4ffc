package dev.parley.osi;

import java.nio.ByteBuffer;
import java.util.Optional;

/// The session connection identifier (PGI 1): opaque to the protocol. References up to 64 octets, additional information up to 4.
public record ConnectionIdentifier(
        Optional<ByteBuffer> userReference, Optional<ByteBuffer> commonReference, Optional<ByteBuffer> additionalInformation) {
    public static final ConnectionIdentifier NONE =
            new ConnectionIdentifier(Optional.empty(), Optional.empty(), Optional.empty());
}

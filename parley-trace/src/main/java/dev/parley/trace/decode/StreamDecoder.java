package dev.parley.trace.decode;

import java.nio.ByteBuffer;

/// Decodes the two directions of one TCP connection. Never throws on what arrives.
public interface StreamDecoder {
    void octets(boolean fromCaller, ByteBuffer octets);

    /// So many octets are not in the capture.
    void gap(boolean fromCaller, int octets);

    /// Nothing more comes in this direction.
    void end(boolean fromCaller);
}

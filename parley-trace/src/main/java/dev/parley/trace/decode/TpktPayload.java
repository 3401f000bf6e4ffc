package dev.parley.trace.decode;

import java.nio.ByteBuffer;

/// What the TPKTs of a connection carry. X.224 is one; H.225.0 call signalling and H.245 are others that travel without it.
public interface TpktPayload {
    /// One packet without its TPKT header: at least 1 octet.
    void packet(boolean fromCaller, ByteBuffer payload);

    /// Whether a TPKT without contents is none of its mistakes: some stacks of H.323 send them to keep a connection alive.
    default boolean takesEmpty() {
        return true;
    }

    /// Some packets of this direction are missing.
    void gap(boolean fromCaller);

    void end(boolean fromCaller);
}

package dev.parley.netbios.wire;

/// How a node resolves names (RFC 1001 section 10); in the order of their two bits on the wire.
public enum NodeType {
    /// Broadcast only.
    B,
    /// Point to point: the name server only.
    P,
    /// Mixed: broadcast, then the name server.
    M,
    /// Hybrid: the name server, then broadcast. The RFC has the bits reserved; everybody uses them so.
    H;

    static NodeType of(int bits) {
        return values()[bits & 3];
    }
}

package dev.parley.h323.gatekeeper;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// The ports of RAS, and addresses between Java's form and that of H.225.0.
public final class Addresses {
    public static final int RAS_PORT = 1719;
    public static final int DISCOVERY_PORT = 1718;
    public static final int SIGNALLING_PORT = 1720;
    public static final InetAddress DISCOVERY_GROUP = InetAddress.ofLiteral("224.0.1.41");

    private Addresses() {}

    public static TransportAddress of(InetSocketAddress address) {
        return new TransportAddress(Octets.of(address.getAddress().getAddress()), address.getPort());
    }

    public static InetSocketAddress of(TransportAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().toArray()), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }

    /// Our address on the way to somewhere; nothing is sent.
    public static InetAddress toward(InetSocketAddress peer) throws IOException {
        try (var socket = new java.net.DatagramSocket()) {
            socket.connect(peer);
            return socket.getLocalAddress();
        }
    }

    static Octets octets(ByteBuffer datagram) {
        var octets = new byte[datagram.remaining()];
        datagram.duplicate().get(octets);
        return Octets.of(octets);
    }
}

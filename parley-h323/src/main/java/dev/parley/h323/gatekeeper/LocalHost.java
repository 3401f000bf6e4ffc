package dev.parley.h323.gatekeeper;

import dev.parley.h323.ras.OwnHost;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/// This machine, as its routes and networks are when it is asked: they change while a gatekeeper runs.
final class LocalHost implements OwnHost {
    /// Of one without a route 0.0.0.0 or ::, which some take for where our answer came from; otherwise none of it would reach them.
    @Override
    public Octets toward(Octets peer) {
        try {
            return Octets.of(Addresses.toward(Addresses.of(new TransportAddress(peer, Addresses.RAS_PORT))).getAddress());
        } catch (IOException e) {
            return Octets.of(new byte[peer.size()]);
        }
    }

    @Override
    public boolean has(Octets address) {
        var known = inet(address);
        try {
            return known.isLoopbackAddress() || NetworkInterface.getByInetAddress(known) != null;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress inet(Octets address) {
        return Addresses.of(new TransportAddress(address, 0)).getAddress();
    }
}

package dev.parley.h323.machine;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.HashSet;
import java.util.Set;

/// The hosts that a peer has told of, a few of them: from there H.245 may be opened.
final class PeerHosts {
    static final int MOST = 16;

    private final Set<Octets> hosts = new HashSet<>();

    void told(TransportAddress address) {
        if (hosts.size() < MOST) {
            hosts.add(address.ip());
        }
    }

    boolean has(Octets host) {
        return hosts.contains(host);
    }
}

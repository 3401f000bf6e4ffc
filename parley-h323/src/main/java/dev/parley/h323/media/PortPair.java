package dev.parley.h323.media;

import dev.parley.api.AddressText;
import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// The two sockets of an RTP session: an even port for RTP and the odd one above it for RTCP (RFC 3550 section 11).
record PortPair(Datagrams rtp, Datagrams rtcp) {
    /// Opens a pair for two handlers.
    interface Opener {
        PortPair open(Datagrams.Handler rtp, Datagrams.Handler rtcp) throws IOException;
    }

    /// @param range even ports are tried one after the other, from a start by chance, so that calls do not follow each other on one port
    /// @throws IOException when no pair is free
    static PortPair open(Datagrams.Network network, InetAddress local, PortRange range, int chance, Loop loop, Datagrams.Handler rtp,
            Datagrams.Handler rtcp) throws IOException {
        IOException last = null;
        for (int i = 0; i < range.pairs(); i++) {
            int port = range.first() + 2 * Math.floorMod(chance + i, range.pairs());
            Datagrams even;
            try {
                even = network.open(new InetSocketAddress(local, port), loop, rtp);
            } catch (IOException taken) {
                last = taken;
                continue;
            }
            try {
                return new PortPair(even, network.open(new InetSocketAddress(local, port + 1), loop, rtcp));
            } catch (IOException taken) {
                even.close();
                last = taken;
            }
        }
        throw new IOException("no free pair of ports in " + range + " on " + AddressText.of(local), last);
    }

    void close() {
        rtp.close();
        rtcp.close();
    }
}

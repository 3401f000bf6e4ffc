package dev.parley.runtime.capture;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A network of datagrams that writes what its sockets send and receive.
///
/// @param service the port that tools know the protocol by, written in place of our own
record CapturedNetwork(Capture capture, Datagrams.Network network, int service) implements Datagrams.Network {
    @Override
    public Datagrams open(InetSocketAddress local, Optional<InetAddress> group, Loop loop, Datagrams.Handler handler) throws IOException {
        var shown = new InetSocketAddress(local.getAddress(), service);
        var socket = network.open(local, group, loop, (from, datagram) -> {
            capture.datagram(from, shown, datagram);
            handler.received(from, datagram);
        });
        return new Datagrams() {
            @Override
            public InetSocketAddress local() {
                return socket.local();
            }

            @Override
            public void send(InetSocketAddress to, ByteBuffer datagram) {
                capture.datagram(shown, to, datagram);
                socket.send(to, datagram);
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }
}

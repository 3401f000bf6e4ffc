package dev.parley.runtime.capture;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/// A network of datagrams that writes what its sockets send and receive.
///
/// @param service the port that tools know the protocol by, written in place of our own; without one our own stands there
record CapturedNetwork(Capture capture, Datagrams.Network network, OptionalInt service) implements Datagrams.Network {
    @Override
    public Datagrams open(InetSocketAddress local, Optional<InetAddress> group, Loop loop, Datagrams.Handler handler) throws IOException {
        var shown = new AtomicReference<>(local);
        var socket = network.open(local, group, loop, (from, datagram) -> {
            capture.datagram(from, shown.get(), datagram);
            handler.received(from, datagram);
        });
        shown.set(service.isPresent() ? new InetSocketAddress(local.getAddress(), service.getAsInt()) : socket.local());
        return new Datagrams() {
            @Override
            public InetSocketAddress local() {
                return socket.local();
            }

            @Override
            public void send(InetSocketAddress to, ByteBuffer datagram) {
                capture.datagram(shown.get(), to, datagram);
                socket.send(to, datagram);
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }
}

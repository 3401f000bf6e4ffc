package dev.parley.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A socket for datagrams. What it sends may be lost, doubled and overtaken; nobody is told.
public interface Datagrams extends AutoCloseable {
    InetSocketAddress local();

    /// Sends a copy, or loses it when the network has no room. Never waits and never throws.
    void send(InetSocketAddress to, ByteBuffer datagram);

    /// Nothing is delivered afterwards. Closing twice is harmless.
    @Override
    void close();

    /// Takes what arrives, on the loop that the socket was opened with.
    interface Handler {
        /// @param datagram the handler's own
        void received(InetSocketAddress from, ByteBuffer datagram);
    }

    /// Opens sockets: of the machine, or of a simulation.
    interface Network {
        /// @param local port 0 for any free one
        /// @param group a multicast group to join, if any
        /// @throws IOException when the port is taken or the address is not ours
        Datagrams open(InetSocketAddress local, Optional<InetAddress> group, Loop loop, Handler handler) throws IOException;

        default Datagrams open(InetSocketAddress local, Loop loop, Handler handler) throws IOException {
            return open(local, Optional.empty(), loop, handler);
        }
    }
}

package dev.parley.netbios.capture;

import dev.parley.runtime.capture.Capture;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;

/// Writes what the services send and receive into a capture, where one is wanted. The services' ports are written as those that tools know
/// them by (137, 138, 139), whatever they really are, so that Wireshark decodes without being told. Safe to use from several threads.
///
/// @param capture belongs to the caller, who closes it after the services
public record Recorder(Optional<Capture> capture) {
    public static final Recorder NONE = new Recorder(Optional.empty());

    /// A socket that is not bound yet.
    ///
    /// @param own where our datagrams come from; what a broadcast brings back from there was written when it was sent
    /// @param port of the service in this network
    /// @param service the port that is written in its place
    public DatagramSocket datagrams(InetSocketAddress own, int port, int service) throws SocketException {
        return capture.isPresent() ? new RecordedDatagrams(capture.get(), own, port, service) : new DatagramSocket(null);
    }

    /// Begins a connection.
    ///
    /// @param calling whether our side opened it
    /// @param service the port that is written in place of the called side's
    public Line line(Socket connected, boolean calling, int service) {
        return new Line(capture.map(c -> {
            var local = new InetSocketAddress(connected.getLocalAddress(), calling ? connected.getLocalPort() : service);
            var peer = new InetSocketAddress(connected.getInetAddress(), calling ? service : connected.getPort());
            int real = calling ? connected.getPort() : connected.getLocalPort();
            return c.stream(local, peer, calling,
                    "written by Parley" + (real == service ? "" : "; the called side's port is really " + real));
        }));
    }
}

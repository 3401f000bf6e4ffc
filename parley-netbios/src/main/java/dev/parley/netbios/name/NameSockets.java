package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.Optional;

/// The datagram sockets of a name service.
///
/// @param own on the node's address
/// @param broadcasts for what comes to everybody; not with a mere client
record NameSockets(DatagramSocket own, Optional<DatagramSocket> broadcasts) implements AutoCloseable {
    static NameSockets open(Ipv4 address, NameService.Ports ports) throws IOException {
        var at = new Endpoint(address, ports.localPort());
        var own = bound(at, at, ports);
        if (ports.localPort() == 0) {
            return new NameSockets(own, Optional.empty());
        }
        try {
            return new NameSockets(own, Optional.of(bound(new Endpoint(ports.broadcast(), ports.localPort()), at, ports)));
        } catch (IOException e) {
            own.close();
            throw e;
        }
    }

    private static DatagramSocket bound(Endpoint at, Endpoint own, NameService.Ports ports) throws IOException {
        return LocalNetwork.bound(at, ports.recorder().datagrams(LocalNetwork.socketAddress(own), ports.peerPort(), NameService.Ports.STANDARD));
    }

    @Override
    public void close() {
        own.close();
        broadcasts.ifPresent(DatagramSocket::close);
    }
}

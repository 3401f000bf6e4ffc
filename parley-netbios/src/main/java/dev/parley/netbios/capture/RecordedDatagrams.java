package dev.parley.netbios.capture;

import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/// A datagram socket whose datagrams are written down.
final class RecordedDatagrams extends DatagramSocket {
    private final Capture capture;
    private final InetSocketAddress own;
    private final int port;
    private final int service;

    RecordedDatagrams(Capture capture, InetSocketAddress own, int port, int service) throws SocketException {
        super((SocketAddress) null);
        this.capture = capture;
        this.own = own;
        this.port = port;
        this.service = service;
    }

    /// Written first: the answer may be there before this returns.
    @Override
    public void send(DatagramPacket packet) throws IOException {
        capture.datagram(written(getLocalAddress(), getLocalPort()), written(packet.getAddress(), packet.getPort()), octets(packet));
        super.send(packet);
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        super.receive(packet);
        if (!packet.getSocketAddress().equals(own)) {
            capture.datagram(written(packet.getAddress(), packet.getPort()), written(getLocalAddress(), getLocalPort()), octets(packet));
        }
    }

    private InetSocketAddress written(InetAddress address, int real) {
        return new InetSocketAddress(address, real == port ? service : real);
    }

    private static ByteBuffer octets(DatagramPacket packet) {
        return ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
    }
}

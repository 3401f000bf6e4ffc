package dev.parley.runtime.capture;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Ethernet frames with IP and TCP or UDP in them, made up around octets that we see without their packets. Pure.
final class Frame {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PUSH = 0x08;
    static final int ACK = 0x10;

    /// What fits one IP packet of 65 535 octets with the headers of IPv4 and TCP.
    static final int MOST_PAYLOAD = 65_495;

    private static final int ETHERNET_HEADER = 14;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private Frame() {}

    static ByteBuffer tcp(InetSocketAddress from, InetSocketAddress to, int sequence, int acknowledged, int flags, ByteBuffer payload) {
        var segment = ByteBuffer.allocate(20 + payload.remaining());
        segment.putShort((short) from.getPort()).putShort((short) to.getPort()).putInt(sequence).putInt(acknowledged);
        segment.put((byte) 0x50).put((byte) flags).putShort((short) 0xFFFF).putShort((short) 0).putShort((short) 0);
        return inIp(from, to, TCP, 16, segment.put(payload.duplicate()).flip());
    }

    static ByteBuffer udp(InetSocketAddress from, InetSocketAddress to, ByteBuffer payload) {
        var datagram = ByteBuffer.allocate(8 + payload.remaining());
        datagram.putShort((short) from.getPort()).putShort((short) to.getPort()).putShort((short) datagram.capacity()).putShort((short) 0);
        return inIp(from, to, UDP, 6, datagram.put(payload.duplicate()).flip());
    }

    private static ByteBuffer inIp(InetSocketAddress from, InetSocketAddress to, int protocol, int checksumAt, ByteBuffer segment) {
        boolean four = from.getAddress() instanceof Inet4Address && to.getAddress() instanceof Inet4Address;
        var source = address(from, four);
        var target = address(to, four);
        var pseudo = ByteBuffer.allocate(source.length * 2 + 4).put(source).put(target).putShort((short) protocol)
                .putShort((short) segment.remaining()).flip();
        int sum = checksum(pseudo, segment);
        segment.putShort(checksumAt, (short) (sum == 0 && protocol == UDP ? 0xFFFF : sum));
        var frame = ByteBuffer.allocate(ETHERNET_HEADER + (four ? 20 : 40) + segment.remaining());
        hardware(frame, to).putShort((short) 0);
        hardware(frame, from).putShort((short) 0);
        if (four) {
            frame.putShort((short) 0x0800).putShort((short) 0x4500).putShort((short) (20 + segment.remaining())).putInt(0x4000);
            frame.put((byte) 64).put((byte) protocol).putShort((short) 0).put(source).put(target);
            frame.putShort(ETHERNET_HEADER + 10, (short) checksum(frame.slice(ETHERNET_HEADER, 20)));
        } else {
            frame.putShort((short) 0x86DD).putInt(0x60000000).putShort((short) segment.remaining()).put((byte) protocol).put((byte) 64);
            frame.put(source).put(target);
        }
        return frame.put(segment).flip();
    }

    /// A locally administered address: 02-00, the port twice where it fits, so that both ends differ also on loopback.
    private static ByteBuffer hardware(ByteBuffer frame, InetSocketAddress of) {
        return frame.putShort((short) 0x0200).putShort((short) of.getPort());
    }

    private static byte[] address(InetSocketAddress of, boolean four) {
        var octets = of.getAddress().getAddress();
        if (four || octets.length == 16) {
            return octets;
        }
        return ByteBuffer.allocate(16).putLong(0).putInt(0xFFFF).put(octets).array();
    }

    /// The Internet checksum (RFC 1071); each buffer but the last has an even length.
    private static int checksum(ByteBuffer... buffers) {
        long sum = 0;
        for (var buffer : buffers) {
            int at = buffer.position();
            for (; at + 1 < buffer.limit(); at += 2) {
                sum += buffer.getShort(at) & 0xFFFF;
            }
            if (at < buffer.limit()) {
                sum += (buffer.get(at) & 0xFF) << 8;
            }
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) ~sum & 0xFFFF;
    }
}

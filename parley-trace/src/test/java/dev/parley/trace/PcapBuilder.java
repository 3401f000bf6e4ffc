package dev.parley.trace;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// Makes captures octet by octet, as other tools would write them: any byte order and link type, and TCP segments as the test says.
final class PcapBuilder {
    static final int SYN = 2;
    static final int ACK = 16;
    static final int FIN = 1;
    static final int RST = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteOrder order;
    private final int linkType;
    private final boolean six;
    private int seconds = 1_700_000_000;

    PcapBuilder(ByteOrder order, int linkType, boolean six) {
        this.order = order;
        this.linkType = linkType;
        this.six = six;
        var header = ByteBuffer.allocate(24).order(order);
        header.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65_535).putInt(linkType);
        out.writeBytes(header.array());
    }

    PcapBuilder() {
        this(ByteOrder.LITTLE_ENDIAN, 1, false);
    }

    /// One segment between the caller (port 40000) and the called side (port 102).
    PcapBuilder tcp(boolean fromCaller, long sequence, long acknowledged, int flags, String hex) {
        var payload = HexFormat.of().parseHex(hex.replace(" ", ""));
        var segment = ByteBuffer.allocate(20 + payload.length);
        segment.putShort((short) (fromCaller ? 40_000 : 102)).putShort((short) (fromCaller ? 102 : 40_000));
        segment.putInt((int) sequence).putInt((int) acknowledged).put((byte) 0x50).put((byte) flags).putShort((short) 1000).putInt(0);
        segment.put(payload);
        return packet(framed(ip(fromCaller, segment.array(), 6)));
    }

    /// One datagram between the two.
    PcapBuilder udp(boolean fromCaller, int from, int to, byte[] payload) {
        var datagram = ByteBuffer.allocate(8 + payload.length).putShort((short) from).putShort((short) to)
                .putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        return packet(framed(ip(fromCaller, datagram.array(), 17)));
    }

    PcapBuilder packet(byte[] octets) {
        var header = ByteBuffer.allocate(16).order(order).putInt(seconds++).putInt(500_000).putInt(octets.length).putInt(octets.length);
        out.writeBytes(header.array());
        out.writeBytes(octets);
        return this;
    }

    byte[] ip(boolean fromCaller, byte[] segment, int protocol) {
        if (six) {
            // With a destination options header before TCP.
            var packet = ByteBuffer.allocate(48 + segment.length).putInt(0x60000000).putShort((short) (8 + segment.length)).put((byte) 60)
                    .put((byte) 64);
            packet.putLong(0x20010db800000000L).putLong(fromCaller ? 1 : 2).putLong(0x20010db800000000L).putLong(fromCaller ? 2 : 1);
            return packet.put((byte) protocol).put((byte) 0).putShort((short) 0x0104).putInt(0).put(segment).array();
        }
        var packet = ByteBuffer.allocate(20 + segment.length).put((byte) 0x45).put((byte) 0).putShort((short) (20 + segment.length));
        packet.putInt(0).put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.putInt(0x0A000000 | (fromCaller ? 1 : 2)).putInt(0x0A000000 | (fromCaller ? 2 : 1)).put(segment);
        return packet.array();
    }

    byte[] framed(byte[] ip) {
        int type = six ? 0x86DD : 0x0800;
        var head = switch (linkType) {
            // Ethernet with two VLAN tags.
            case 1 -> ByteBuffer.allocate(22).putLong(0).putInt(0).putShort((short) 0x88A8).putShort((short) 7).putShort((short) 0x8100)
                    .putShort((short) 8).putShort((short) type);
            case 113 -> ByteBuffer.allocate(16).putLong(0).putInt(0).putShort((short) 0).putShort((short) type);
            case 276 -> ByteBuffer.allocate(20).putShort((short) type);
            case 0 -> ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(six ? 30 : 2);
            case 108 -> ByteBuffer.allocate(4).putInt(six ? 30 : 2);
            default -> ByteBuffer.allocate(0);
        };
        return ByteBuffer.allocate(head.capacity() + ip.length).put(head.array()).put(ip).array();
    }

    byte[] octets() {
        return out.toByteArray();
    }
}

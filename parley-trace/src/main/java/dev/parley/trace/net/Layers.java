package dev.parley.trace.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// Takes the link layer, VLAN tags and IP away from a packet. Never fails: what is too short or unknown becomes [Content.Other].
public final class Layers {
    private static final int MOST_TAGS = 8;
    private static final int MOST_EXTENSIONS = 16;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private Layers() {}

    /// @param linkType a LINKTYPE number: 0 and 108 BSD loopback, 1 Ethernet, 12, 14, 101, 228, 229 raw IP, 113 and 276 Linux cooked
    public static Content decode(int linkType, ByteBuffer octets) {
        return switch (linkType) {
            case 0, 108 -> ip(octets, 4);
            case 1 -> tagged(octets, 12);
            case 12, 14, 101, 228, 229 -> ip(octets, 0);
            case 113 -> tagged(octets, 14);
            case 276 -> octets.remaining() < 20 ? tooShort("Linux cooked") : network(octets, octets.getShort(octets.position()), 20);
            default -> new Content.Other("link type " + linkType + ", which is not known here");
        };
    }

    /// From an EtherType on; VLAN tags (802.1Q, 802.1ad) are passed over.
    private static Content tagged(ByteBuffer octets, int typeAt) {
        int at = typeAt;
        for (int tags = 0; tags <= MOST_TAGS; tags++) {
            if (octets.remaining() < at + 2) {
                return tooShort("Ethernet");
            }
            int type = octets.getShort(octets.position() + at) & 0xFFFF;
            if (type != 0x8100 && type != 0x88A8 && type != 0x9100) {
                return network(octets, type, at + 2);
            }
            at += 4;
        }
        return new Content.Other("more than " + MOST_TAGS + " VLAN tags");
    }

    private static Content network(ByteBuffer octets, int type, int at) {
        return switch (type & 0xFFFF) {
            case 0x0800, 0x86DD -> ip(octets, at);
            case 0x0806 -> new Content.Other("ARP");
            default -> new Content.Other("EtherType %04x".formatted(type & 0xFFFF));
        };
    }

    private static Content ip(ByteBuffer octets, int at) {
        if (octets.remaining() < at + 20) {
            return tooShort("IP");
        }
        var packet = octets.slice(octets.position() + at, octets.remaining() - at);
        return switch (packet.get(0) >> 4 & 0x0F) {
            case 4 -> four(packet);
            case 6 -> six(packet);
            default -> new Content.Other("IP version " + (packet.get(0) >> 4 & 0x0F));
        };
    }

    private static Content four(ByteBuffer packet) {
        int header = (packet.get(0) & 0x0F) * 4;
        int total = packet.getShort(2) & 0xFFFF;
        if (header < 20 || header > packet.remaining()) {
            return tooShort("IPv4");
        }
        // More fragments follow, or this one is not the first.
        if ((packet.getShort(6) & 0x3FFF) != 0) {
            return new Content.Other("a fragment of an IPv4 packet");
        }
        // A length of 0 comes from network cards that cut segments themselves.
        int size = total == 0 ? packet.remaining() : Math.max(total, header);
        return transport(packet.get(9) & 0xFF, address(packet, 12, 4), address(packet, 16, 4), packet, header, size - header);
    }

    private static Content six(ByteBuffer packet) {
        if (packet.remaining() < 40) {
            return tooShort("IPv6");
        }
        int payload = packet.getShort(4) & 0xFFFF;
        int end = 40 + (payload == 0 ? packet.remaining() - 40 : payload);
        int next = packet.get(6) & 0xFF;
        int at = 40;
        for (int i = 0; i < MOST_EXTENSIONS; i++) {
            if (next != 0 && next != 43 && next != 44 && next != 51 && next != 60) {
                return transport(next, address(packet, 8, 16), address(packet, 24, 16), packet, at, Math.max(end - at, 0));
            }
            if (packet.remaining() < at + 8) {
                return tooShort("IPv6");
            }
            if (next == 44 && (packet.getShort(at + 2) & 0xFFF9) != 0) {
                return new Content.Other("a fragment of an IPv6 packet");
            }
            int units = packet.get(at + 1) & 0xFF;
            int size = next == 44 ? 8 : next == 51 ? (units + 2) * 4 : (units + 1) * 8;
            next = packet.get(at) & 0xFF;
            at += size;
        }
        return new Content.Other("more than " + MOST_EXTENSIONS + " IPv6 extension headers");
    }

    /// @param size octets of the IP payload on the line; fewer may have been captured, and more when the link layer padded
    private static Content transport(int protocol, InetAddress from, InetAddress to, ByteBuffer packet, int at, int size) {
        int captured = Math.clamp((long) packet.remaining() - at, 0, size);
        var body = packet.slice(Math.min(at, packet.remaining()), captured);
        if (protocol == UDP && captured >= 8) {
            int length = Math.max((body.getShort(4) & 0xFFFF) - 8, 0);
            int whole = Math.min(length, captured - 8);
            return new Content.Datagram(end(from, body, 0), end(to, body, 2), body.slice(8, whole), length - whole);
        }
        if (protocol == TCP && captured >= 20) {
            int header = (body.get(12) >> 4 & 0x0F) * 4;
            if (header < 20 || header > captured) {
                return tooShort("TCP");
            }
            return new Content.Segment(
                    end(from, body, 0), end(to, body, 2), body.getInt(4), body.getInt(8), body.get(13) & 0xFF,
                    body.slice(header, captured - header), size - captured);
        }
        return protocol == TCP || protocol == UDP ? tooShort("TCP or UDP") : new Content.Other("IP protocol " + protocol);
    }

    private static InetSocketAddress end(InetAddress address, ByteBuffer body, int at) {
        return new InetSocketAddress(address, body.getShort(at) & 0xFFFF);
    }

    private static InetAddress address(ByteBuffer packet, int at, int size) {
        var octets = new byte[size];
        packet.get(at, octets);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 octets are addresses", e);
        }
    }

    private static Content tooShort(String what) {
        return new Content.Other("a packet that is too short for " + what);
    }
}

package dev.parley.netbios.wire;

import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// An IPv4 address as a value; NetBIOS over TCP/IP knows no other kind. Here so that the protocol cores need no sockets.
public record Ipv4(int bits) implements Comparable<Ipv4> {
    public static final Ipv4 NONE = new Ipv4(0);
    public static final Ipv4 EVERYBODY = new Ipv4(-1);
    private static final Pattern DOTTED = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    public static boolean isDotted(String text) {
        var match = DOTTED.matcher(text);
        return match.matches() && IntStream.rangeClosed(1, 4).allMatch(i -> Integer.parseInt(match.group(i)) <= 255);
    }

    public static Ipv4 of(String dotted) {
        var match = DOTTED.matcher(dotted);
        if (!match.matches()) {
            throw new IllegalArgumentException("expected an IPv4 address such as 192.0.2.1, not '" + dotted + "'");
        }
        int bits = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(match.group(i));
            if (octet > 255) {
                throw new IllegalArgumentException("expected octets of at most 255 in '" + dotted + "'");
            }
            bits = bits << 8 | octet;
        }
        return new Ipv4(bits);
    }

    public static Ipv4 of(byte[] octets) {
        if (octets.length != 4) {
            throw new IllegalArgumentException("an IPv4 address has 4 octets, not " + octets.length);
        }
        return new Ipv4((octets[0] & 0xFF) << 24 | (octets[1] & 0xFF) << 16 | (octets[2] & 0xFF) << 8 | octets[3] & 0xFF);
    }

    public byte[] octets() {
        return new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
    }

    /// True for an address that a host can have: not 0.0.0.0, no multicast, not 255.255.255.255.
    public boolean isHost() {
        int first = bits >>> 24;
        return first != 0 && first < 224;
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >> 16 & 0xFF) + "." + (bits >> 8 & 0xFF) + "." + (bits & 0xFF);
    }
}

package dev.parley.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;

/// Addresses as people and command lines write them: `192.0.2.7:7225`, `[2001:db8::1]:7225`.
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /// An address and its port; a name that is not resolved stays one.
    public static String of(InetSocketAddress address) {
        return withPort(address.isUnresolved() ? address.getHostString() : of(address.getAddress()), address.getPort());
    }

    /// An address and its port.
    ///
    /// @param ip 4 octets, or 16
    public static String of(byte[] ip, int port) {
        return withPort(of(ip), port);
    }

    private static String withPort(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /// An address alone, of IPv6 with its zone when it has one.
    public static String of(InetAddress address) {
        int zone = address instanceof Inet6Address ? address.getHostAddress().indexOf('%') : -1;
        return of(address.getAddress()) + (zone < 0 ? "" : address.getHostAddress().substring(zone));
    }

    /// An address alone; of IPv6 the text of RFC 5952 section 4.
    ///
    /// @param ip 4 octets, or 16
    public static String of(byte[] ip) {
        if (ip.length == 4) {
            return (ip[0] & 0xFF) + "." + (ip[1] & 0xFF) + "." + (ip[2] & 0xFF) + "." + (ip[3] & 0xFF);
        }
        if (ip.length != 2 * GROUPS) {
            throw new IllegalArgumentException("an address has 4 octets or 16, not " + ip.length);
        }
        int from = 0;
        int most = 0;
        for (int at = 0; at < GROUPS; at++) {
            int zeros = zeros(ip, at);
            if (zeros > most) {
                from = at;
                most = zeros;
            }
        }
        var groups = new ArrayList<String>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString(group(ip, i)));
        }
        return most < 2
                ? String.join(":", groups)
                : String.join(":", groups.subList(0, from)) + "::" + String.join(":", groups.subList(from + most, GROUPS));
    }

    /// How many groups are zero from here on.
    private static int zeros(byte[] octets, int at) {
        int end = at;
        while (end < GROUPS && group(octets, end) == 0) {
            end++;
        }
        return end - at;
    }

    private static int group(byte[] octets, int i) {
        return (octets[2 * i] & 0xFF) << 8 | octets[2 * i + 1] & 0xFF;
    }
}

package dev.parley.cli.term;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;

/// Addresses as they stand in a command line: `192.0.2.7:7225`, `[2001:db8::1]:7225`.
public final class Addresses {
    private static final int GROUPS = 8;

    private Addresses() {}

    /// An address and its port; a name that is not resolved stays one.
    public static String text(InetSocketAddress address) {
        var host = address.isUnresolved() ? address.getHostString() : text(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /// An address alone; of IPv6 the text of RFC 5952 section 4, with its zone when it has one.
    public static String text(InetAddress address) {
        if (!(address instanceof Inet6Address six)) {
            return address.getHostAddress();
        }
        var octets = six.getAddress();
        int from = 0;
        int most = 0;
        for (int at = 0; at < GROUPS; at++) {
            int zeros = zeros(octets, at);
            if (zeros > most) {
                from = at;
                most = zeros;
            }
        }
        var groups = new ArrayList<String>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString(group(octets, i)));
        }
        var words = most < 2
                ? String.join(":", groups)
                : String.join(":", groups.subList(0, from)) + "::" + String.join(":", groups.subList(from + most, GROUPS));
        int zone = six.getHostAddress().indexOf('%');
        return zone < 0 ? words : words + six.getHostAddress().substring(zone);
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

package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.Optional;
import java.util.regex.Pattern;

/// An IP address and a port, as H.225.0 (`TransportAddress`) and H.245 (`unicastAddress`) write them.
///
/// @param ip 4 or 16 octets
/// @param port 0..65535
public record TransportAddress(Octets ip, int port) implements Comparable<TransportAddress> {
    private static final Pattern FOUR = Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3}):(\\d{1,5})");
    private static final Pattern SIX = Pattern.compile("\\[((?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4})]:(\\d{1,5})");

    public TransportAddress {
        if (ip.size() != 4 && ip.size() != 16 || port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("an address of " + ip.size() + " octets with port " + port);
        }
    }

    /// Octet by octet from the left, first the address, then the port, as clause 8.2.3/H.323 compares those of H.245. One of IPv4 is smaller
    /// than one of IPv6.
    @Override
    public int compareTo(TransportAddress other) {
        int size = Integer.compare(ip.size(), other.ip.size());
        int address = size != 0 ? size : ip.hex().compareTo(other.ip.hex());
        return address != 0 ? address : Integer.compare(port, other.port);
    }

    /// For call signalling, RAS and `h245Address`.
    public Value forH225() {
        var address = Value.struct().with("ip", ip).with("port", port);
        return Value.choice(ip.size() == 4 ? "ipAddress" : "ip6Address", address);
    }

    /// For channels of media.
    public Value forH245() {
        var address = Value.struct().with("network", ip).with("tsapIdentifier", port);
        return Value.choice("unicastAddress", Value.choice(ip.size() == 4 ? "iPAddress" : "iP6Address", address));
    }

    /// Empty when it is an address of another kind (IPX, NetBIOS, NSAP, source route).
    public static Optional<TransportAddress> fromH225(Value value) {
        return value.structAt("ipAddress").or(() -> value.structAt("ip6Address")).flatMap(a -> of(a, "ip", "port"));
    }

    public static Optional<TransportAddress> fromH245(Value value) {
        return value.structAt("unicastAddress/iPAddress").or(() -> value.structAt("unicastAddress/iP6Address"))
                .flatMap(a -> of(a, "network", "tsapIdentifier"));
    }

    private static Optional<TransportAddress> of(Value address, String ip, String port) {
        return address.octetsAt(ip).flatMap(i -> address.numberAt(port).map(p -> new TransportAddress(i, p.intValue())));
    }

    /// An address as [#toString] writes it; groups of IPv6 may lack their leading zeros, and none may be left out.
    public static Optional<TransportAddress> parse(String text) {
        var form = text.startsWith("[") ? SIX.matcher(text) : FOUR.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        boolean six = text.startsWith("[");
        var hex = new StringBuilder();
        for (var part : form.group(1).split("[:.]")) {
            int value = Integer.parseInt(part, six ? 16 : 10);
            if (!six && value > 255) {
                return Optional.empty();
            }
            hex.append(String.format(six ? "%04x" : "%02x", value));
        }
        int port = Integer.parseInt(form.group(2));
        return port > 0xffff ? Optional.empty() : Optional.of(new TransportAddress(Octets.ofHex(hex.toString()), port));
    }

    @Override
    public String toString() {
        if (ip.size() == 16) {
            return "[" + ip.hex().replaceAll("(....)(?!$)", "$1:") + "]:" + port;
        }
        return ip.at(0) + "." + ip.at(1) + "." + ip.at(2) + "." + ip.at(3) + ":" + port;
    }
}

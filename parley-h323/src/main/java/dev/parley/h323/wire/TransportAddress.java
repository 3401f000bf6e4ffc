package dev.parley.h323.wire;

import dev.parley.api.AddressText;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An IP address and a port, as H.225.0 (`TransportAddress`) and H.245 (`unicastAddress`) write them.
///
/// @param ip 4 or 16 octets
/// @param port 0..65535
public record TransportAddress(Octets ip, int port) implements Comparable<TransportAddress> {
    private static final Pattern FOUR = Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3}):(\\d{1,5})");
    /// Groups of IPv6 beside each other, none for nothing.
    private static final String GROUPS = "((?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?)";
    private static final Pattern SIX = Pattern.compile("\\[" + GROUPS + "(::" + GROUPS + ")?]:(\\d{1,5})");

    public TransportAddress {
        if (ip.size() != 4 && ip.size() != 16 || port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("an address of " + ip.size() + " octets with port " + port);
        }
    }

    /// 0.0.0.0 or ::, for all addresses of a machine: a place to listen, not one to send to.
    public boolean isOfAll() {
        return ip.hex().matches("0+");
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

    /// An address as [#toString] writes it, of IPv6 in any text of RFC 4291 section 2.2 without an IPv4 address in it.
    public static Optional<TransportAddress> parse(String text) {
        var six = SIX.matcher(text);
        var four = FOUR.matcher(text);
        if (six.matches()) {
            return sixteen(hex(six.group(1), ":", 16), six.group(2) != null, six.group(3) == null ? "" : hex(six.group(3), ":", 16))
                    .flatMap(ip -> of(ip, six.group(4)));
        }
        return four.matches() && Stream.of(four.group(1).split("\\.")).allMatch(part -> Integer.parseInt(part) <= 255)
                ? of(hex(four.group(1), "\\.", 10), four.group(2)) : Optional.empty();
    }

    /// Numbers in hexadecimal digits: a group of IPv6 has four, an octet of IPv4 has two.
    private static String hex(String numbers, String between, int radix) {
        return Stream.of(numbers.split(between)).filter(part -> !part.isEmpty())
                .map(part -> String.format(radix == 16 ? "%04x" : "%02x", Integer.parseInt(part, radix))).collect(Collectors.joining());
    }

    /// @param gap whether `::` stands between them, for a group of zeros or more
    private static Optional<String> sixteen(String left, boolean gap, String right) {
        int missing = 32 - left.length() - right.length();
        return gap ? missing > 0 ? Optional.of(left + "0".repeat(missing) + right) : Optional.empty()
                : Optional.of(left).filter(_ -> missing == 0);
    }

    private static Optional<TransportAddress> of(String hex, String port) {
        int number = Integer.parseInt(port);
        return number > 0xffff ? Optional.empty() : Optional.of(new TransportAddress(Octets.ofHex(hex), number));
    }

    /// `192.0.2.7:1720`, `[2001:db8::1]:1720`.
    @Override
    public String toString() {
        return AddressText.of(ip.toArray(), port);
    }
}

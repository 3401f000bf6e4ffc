package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.Optional;

/// An IP address and a port, as H.225.0 (`TransportAddress`) and H.245 (`unicastAddress`) write them.
///
/// @param ip 4 or 16 octets
/// @param port 0..65535
public record TransportAddress(Octets ip, int port) {
    public TransportAddress {
        if (ip.size() != 4 && ip.size() != 16 || port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("an address of " + ip.size() + " octets with port " + port);
        }
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

    @Override
    public String toString() {
        if (ip.size() == 16) {
            return "[" + ip.hex().replaceAll("(....)(?!$)", "$1:") + "]:" + port;
        }
        return ip.at(0) + "." + ip.at(1) + "." + ip.at(2) + "." + ip.at(3) + ":" + port;
    }
}

package dev.parley.netbios.wire;

/// An address and a port.
public record Endpoint(Ipv4 address, int port) {
    public Endpoint {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("a port has 16 bits, not " + port);
        }
    }

    @Override
    public String toString() {
        return address + ":" + port;
    }
}

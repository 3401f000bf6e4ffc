package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NodeType;
import java.util.Optional;

/// How a node lives in its network.
///
/// @param prefix bits of the network's mask: what is outside is not on the link, and neither its broadcasts nor its answers to ours count
/// @param nameServer needed by all but B nodes
/// @param ttlSeconds asked for when registering with the name server
public record NodeConfig(NodeType type, Ipv4 address, int prefix, Optional<Endpoint> nameServer, long ttlSeconds, Timers timers) {
    public NodeConfig {
        if (type != NodeType.B && nameServer.isEmpty()) {
            throw new IllegalArgumentException("a " + type + " node needs a name server");
        }
        if (prefix < 0 || prefix > 32 || ttlSeconds < 0 || ttlSeconds > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("a prefix has 0 to 32 bits and a time to live 32");
        }
    }

    public static NodeConfig broadcast(Ipv4 address, int prefix) {
        return new NodeConfig(NodeType.B, address, prefix, Optional.empty(), 0, Timers.RFC);
    }

    public static NodeConfig with(NodeType type, Ipv4 address, int prefix, Endpoint nameServer) {
        return new NodeConfig(type, address, prefix, Optional.of(nameServer), 259_200, Timers.RFC);
    }

    boolean broadcastsFirst() {
        return type == NodeType.B || type == NodeType.M;
    }

    /// Whether there is no second way to ask: by broadcast only, or the server only.
    boolean hasOneWay() {
        return type == NodeType.B || type == NodeType.P;
    }

    boolean onLink(Ipv4 other) {
        return prefix == 0 || (address.bits() ^ other.bits()) >>> (32 - prefix) == 0;
    }
}

package dev.parley.netbios.fuzz;

import static dev.parley.netbios.fuzz.Shots.check;

import dev.parley.api.SessionException;
import dev.parley.netbios.name.NameNode;
import dev.parley.netbios.name.NameServer;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.name.Registry;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.util.List;

/// A fuzz target: datagrams to port 137 of a node that has names and waits for answers, and of a name server. Nothing may be thrown but what is
/// declared, what is read is written and read as the same, and no packet calls forth many or large ones.
public final class NamesTarget {
    private static final int PORT = 137;
    /// A challenge goes to each address of a unique name, and the claimant is told to wait.
    private static final int MOST_ANSWERS = Registry.MOST_INTERNET_GROUP + 2;

    private NamesTarget() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        var type = NodeType.values()[octets.length & 3];
        var config = type == NodeType.B
                ? NodeConfig.broadcast(Shots.OURS, 24) : NodeConfig.with(type, Shots.OURS, 24, new Endpoint(Shots.SERVER, PORT));
        var node = new NameNode(config, Shots.counting());
        var server = new NameServer(NameServer.Config.DEFAULT, Shots.counting(), new Registry(Registry.Journal.NONE, PORT));
        node.register(NetbiosName.of("ALPHA", 0x20), false, 0);
        node.register(NetbiosName.of("BETA", 0x1E), true, 0);
        node.query(NetbiosName.of("GAMMA", 0x20), 0);
        node.status(new Endpoint(Shots.SERVER, PORT), NetbiosName.WILDCARD, 0);
        sent(node.drain());
        Shots.each(octets, shot -> {
            node.tick(shot.now());
            server.tick(shot.now());
            sent(node.drain());
            sent(server.drain());
            try {
                var packet = NamePacketCodec.decode(shot.octets());
                check(NamePacketCodec.decode(NamePacketCodec.encode(packet)).equals(packet), "another packet is read than was written");
                if (shot.toServer()) {
                    server.receive(shot.from(PORT), packet, shot.now());
                } else {
                    node.receive(shot.from(PORT), packet, shot.now());
                }
            } catch (SessionException.ProtocolViolation expected) {
                // The only one that is declared.
            }
            check(sent(node.drain()) <= 3, "a packet calls forth many");
            check(sent(server.drain()) <= MOST_ANSWERS, "a packet calls forth many");
        });
        check(node.owned().size() <= 2 && server.names(Long.MAX_VALUE - 1).isEmpty(), "names out of nothing, or for ever");
    }

    private static long sent(List<Output> outputs) {
        for (var output : outputs) {
            if (output instanceof Output.Send send) {
                check(NamePacketCodec.encodeForUdp(send.packet()).remaining() <= NamePacketCodec.MOST_UDP, "a packet too long for a datagram");
            }
        }
        return outputs.stream().filter(Output.Send.class::isInstance).count();
    }
}

package dev.parley.netbios.fuzz;

import static dev.parley.netbios.fuzz.Shots.check;

import dev.parley.api.SessionException;
import dev.parley.netbios.datagram.DatagramNode;
import dev.parley.netbios.datagram.Distributor;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.util.List;
import java.util.Set;

/// A fuzz target: datagrams to port 138 of a host, whole and in fragments, and of a distribution server.
public final class DatagramsTarget {
    private static final int PORT = 138;
    private static final Endpoint LOCAL = new Endpoint(Shots.OURS, PORT);

    private DatagramsTarget() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        var node = new DatagramNode(NodeType.M, LOCAL, 0);
        node.add(NetbiosName.of("ALPHA", 0x20), false);
        node.add(NetbiosName.of("BETA", 0x1E), true);
        node.add(new NetbiosName("GAMMA", 0x20, "a.scope"), false);
        var distributor = new Distributor(new Distributor.Members() {
            @Override
            public List<Ipv4> of(NetbiosName name) {
                return name.suffix() == 0x1E ? List.of(Shots.SERVER, Ipv4.of("10.0.0.66"), Ipv4.of("10.0.0.67")) : List.of(Ipv4.of("10.0.0.66"));
            }

            @Override
            public Set<Ipv4> hosts(String scope) {
                return Set.of(Shots.SERVER, Ipv4.of("10.0.0.67"));
            }
        }, LOCAL);
        Shots.each(octets, shot -> {
            try {
                var packet = DatagramCodec.decode(shot.octets());
                check(DatagramCodec.decode(DatagramCodec.encode(packet)).equals(packet), "another packet is read than was written");
                var result = node.receive(shot.from(PORT), !shot.toServer(), packet, shot.now());
                if (result instanceof DatagramNode.Result.Deliver deliver) {
                    check(deliver.datagram().data().remaining() <= Datagram.Message.MOST_DATA, "a datagram too long");
                } else if (result instanceof DatagramNode.Result.Reply reply) {
                    check(!shot.toServer() && DatagramCodec.encode(reply.packet()).remaining() <= 15, "an answer to a broadcast, or a long one");
                }
                check(distributor.receive(shot.from(PORT), packet, shot.now()).size() <= 3, "more copies than members");
            } catch (SessionException.ProtocolViolation expected) {
                // The only one that is declared.
            }
        });
    }
}

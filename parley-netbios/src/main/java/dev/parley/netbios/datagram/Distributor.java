package dev.parley.netbios.datagram;

import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The datagram distribution server (NBDD, RFC 1002 section 5.4.3): hosts that cannot broadcast send it a datagram for a group, and it passes
/// it on to every member that the name server knows, as it came: source, identifier and fragments unchanged. Pure.
///
/// Nobody but a host that has the source name in the registry is served, and only so often: otherwise one forged datagram would make many.
public final class Distributor {
    /// Datagrams from one source in a second.
    public static final int MOST_PER_SECOND = 50;
    /// Copies of one datagram.
    public static final int MOST_MEMBERS = 512;
    private static final int MOST_SOURCES = 1_024;

    private final Members members;
    private final Endpoint local;
    private final Map<Ipv4, Integer> counts = new HashMap<>();
    private long windowEnds;
    private long refused;

    /// What the name server knows.
    public interface Members {
        /// The hosts that hold a name.
        List<Ipv4> of(NetbiosName name);

        /// Every host that has a name in the scope: to whom a broadcast goes.
        Set<Ipv4> hosts(String scope);
    }

    /// A packet to be sent on.
    public record Copy(Endpoint to, Datagram packet) {}

    public Distributor(Members members, Endpoint local) {
        this.members = members;
        this.local = local;
    }

    /// Datagrams that were not passed on: from hosts that do not have the source name, or too many.
    public long refused() {
        return refused;
    }

    /// What follows from a packet that came to us from there.
    public List<Copy> receive(Endpoint from, Datagram packet, long now) {
        return switch (packet) {
            case Datagram.Message m when m.kind() != Datagram.Kind.DIRECT_UNIQUE && m.header().nodeType() != NodeType.B -> distribute(from, m, now);
            case Datagram.Query q -> List.of(new Copy(from, new Datagram.Answer(!members.of(q.destination()).isEmpty(),
                    new Datagram.Header(false, true, NodeType.H, q.header().id(), local), q.destination())));
            case Datagram.Message _, Datagram.Failure _, Datagram.Answer _ -> List.of();
        };
    }

    private List<Copy> distribute(Endpoint from, Datagram.Message message, long now) {
        boolean known = from.address().equals(message.header().source().address()) && members.of(message.source()).contains(from.address());
        if (!known || !allows(from.address(), now)) {
            refused++;
            return List.of();
        }
        var copies = new ArrayList<Copy>();
        var to = message.kind() == Datagram.Kind.BROADCAST
                ? members.hosts(message.destination().scope())
                : members.of(message.destination());
        for (var member : to) {
            if (!member.equals(from.address()) && !member.equals(local.address()) && copies.size() < MOST_MEMBERS) {
                copies.add(new Copy(new Endpoint(member, local.port()), message));
            }
        }
        return copies;
    }

    private boolean allows(Ipv4 source, long now) {
        if (now >= windowEnds) {
            counts.clear();
            windowEnds = now + 1_000;
        }
        return (counts.containsKey(source) || counts.size() < MOST_SOURCES) && counts.merge(source, 1, Integer::sum) <= MOST_PER_SECOND;
    }
}

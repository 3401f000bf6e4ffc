package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a node answers the requests of others: defends its names, tells its address and its status. Speaks for nobody else.
final class Answers {
    private static final int POSITIVE = 0x8500;
    private static final int NEGATIVE = 0x8583;
    private static final int STATUS = 0x8400;
    private static final int DEFENCE = 0xAD86;
    private static final int STATISTICS = 46;

    private final NodeConfig config;
    private final Map<NetbiosName, OwnName> names;
    /// A status answer is up to six times as long as its request: one that forges a victim's address gets no more than this.
    private final RateLimit statusAnswers = new RateLimit(10, 1_000, 1_024);
    private long ignored;

    Answers(NodeConfig config, Map<NetbiosName, OwnName> names) {
        this.config = config;
        this.names = names;
    }

    long ignored() {
        return ignored;
    }

    Resource.Address mine(OwnName own) {
        return new Resource.Address(own.group, config.type(), config.address());
    }

    void request(Endpoint from, NamePacket packet, long now, List<Output> outputs) {
        var question = packet.question();
        if (question.isEmpty() || (packet.isBroadcast() && !config.onLink(from.address()))) {
            ignored++;
            return;
        }
        // A P node lives without broadcasts (RFC 1001 section 10.2). Some scanners set the broadcast bit in the status request that they
        // send to one host, so there the bit tells nothing.
        boolean status = question.get().type() == Resource.TYPE_NBSTAT;
        if (packet.isBroadcast() && config.type() == NodeType.P && !status) {
            return;
        }
        var name = question.get().name();
        switch (packet.opcode()) {
            case NamePacket.OP_QUERY -> {
                if (status) {
                    status(from, packet, name, now, outputs);
                } else if (question.get().type() == Resource.TYPE_NB) {
                    query(from, packet, name, outputs);
                }
            }
            case NamePacket.OP_REGISTRATION, NamePacket.OP_MULTIHOMED -> registration(from, packet, name, outputs);
            // Somebody else's release or refresh changes nothing here; one of a name of ours is a forgery.
            default -> ignored += names.containsKey(name) ? 1 : 0;
        }
    }

    private void query(Endpoint from, NamePacket packet, NetbiosName name, List<Output> outputs) {
        var own = names.get(name);
        if (own != null && own.state == OwnName.State.OWNED) {
            reply(from, NamePacket.response(packet.id(), POSITIVE, new Resource(name, 0, new Resource.Addresses(List.of(mine(own))))), outputs);
        } else if (!packet.isBroadcast()) {
            reply(from, NamePacket.response(packet.id(), NEGATIVE, new Resource(name, 0, new Resource.Nothing())), outputs);
        }
    }

    private void registration(Endpoint from, NamePacket packet, NetbiosName name, List<Output> outputs) {
        var own = names.get(name);
        var claim = packet.claim();
        if (own == null || claim.isEmpty() || !packet.isBroadcast() || (own.group && claim.get().group())) {
            return;
        }
        // Two that claim at the same time would both hear silence or both be refused: the lower address wins. Not in the RFC.
        boolean first = own.state == OwnName.State.CLAIMING && config.address().compareTo(claim.get().address()) < 0;
        if ((own.state == OwnName.State.OWNED || first) && !claim.get().address().equals(config.address())) {
            reply(from, NamePacket.response(packet.id(), DEFENCE, new Resource(name, 0, new Resource.Addresses(List.of(mine(own))))), outputs);
        }
    }

    private void status(Endpoint from, NamePacket packet, NetbiosName name, long now, List<Output> outputs) {
        var answer = status(packet, name);
        if (answer.isPresent() && !statusAnswers.allows(from.address(), now)) {
            ignored++;
        } else {
            answer.ifPresent(a -> reply(from, a, outputs));
        }
    }

    /// The whole answer to a status request; nothing when another is asked for.
    Optional<NamePacket> status(NamePacket packet, NetbiosName name) {
        var own = names.get(name);
        if (!(name.isWildcard() || (own != null && own.state == OwnName.State.OWNED))) {
            return Optional.empty();
        }
        var list = new ArrayList<Resource.StatusName>();
        names.forEach((n, o) -> {
            if (o.state != OwnName.State.CLAIMING && n.scope().equals(name.scope())) {
                int state = o.state == OwnName.State.OWNED ? Resource.StatusName.ACTIVE : Resource.StatusName.ACTIVE | Resource.StatusName.CONFLICT;
                list.add(new Resource.StatusName(n, mine(o).flags() | state));
            }
        });
        var statistics = ByteBuffer.allocate(STATISTICS);
        return Optional.of(NamePacket.response(packet.id(), STATUS, new Resource(name, 0, new Resource.Status(list, statistics))));
    }

    private static void reply(Endpoint to, NamePacket packet, List<Output> outputs) {
        outputs.add(new Output.Send(Optional.of(to), packet));
    }
}

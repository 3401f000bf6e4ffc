package dev.parley.netbios.name;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// An end node of the name service: claims, defends, finds and gives up names (RFC 1002 section 5.1.1 to 5.1.3). Pure: every call carries the
/// time in milliseconds, what is to be done is taken with [#drain], and [#nextDeadline] says when to [#tick].
public final class NameNode {
    /// As the NetBIOS interface has them.
    public static final int MOST_NAMES = 254;
    public static final int MOST_EXCHANGES = Requests.MOST;

    private final NodeConfig config;
    private final RandomGenerator random;
    private final Requests requests;
    private final Finding finding;
    private final Map<NetbiosName, OwnName> names = new LinkedHashMap<>();
    private final Answers answers;
    private final List<Output> outputs = new ArrayList<>();
    private long tickets;
    private long ignored;

    public NameNode(NodeConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.answers = new Answers(config, names);
        this.requests = new Requests(config, random, outputs);
        this.finding = new Finding(config, requests, outputs);
    }

    /// Claims a name. The outcome is `Registered`, `Denied` or `NoAnswer` (from the name server).
    public long register(NetbiosName name, boolean group, long now) {
        if (!name.isOwnable()) {
            throw new SessionException.Refused(name + " cannot be owned: it begins with an asterisk");
        }
        if (names.containsKey(name)) {
            throw new SessionException.OutOfSequence(name + " is in the local name table already");
        }
        if (names.size() >= MOST_NAMES) {
            throw new SessionException.LimitReached("the name table holds " + MOST_NAMES + " names");
        }
        requests.needRoom();
        names.put(name, new OwnName(group));
        return claim(++tickets, name, group, now);
    }

    /// Gives a name up. It is out of the table at once; the outcome tells when the network was told.
    public long release(NetbiosName name, long now) {
        var own = names.remove(name);
        if (own == null) {
            throw new SessionException.OutOfSequence(name + " is not in the local name table");
        }
        requests.removeIf(e -> e.name.equals(name) && e.kind != Exchange.Kind.QUERY && e.kind != Exchange.Kind.STATUS);
        boolean broadcast = config.type() == NodeType.B || (config.type() != NodeType.P && !own.atServer);
        requests.start(Exchange.Kind.RELEASE, ++tickets, name, own.group, broadcast, broadcast, now);
        return tickets;
    }

    /// Finds the holders of a name: `Found`, `Unknown` or `NoAnswer`.
    public long query(NetbiosName name, long now) {
        requests.needRoom();
        long ticket = ++tickets;
        var own = names.get(name);
        if (own != null && own.state == OwnName.State.OWNED && !own.group) {
            outputs.add(new Output.Done(ticket, new Output.Outcome.Found(List.of(answers.mine(own)), config.address(), false)));
            return ticket;
        }
        requests.start(Exchange.Kind.QUERY, ticket, name, false, config.broadcastsFirst(), config.hasOneWay(), now);
        return ticket;
    }

    /// Asks a host for its names: `StatusOf` or `NoAnswer`.
    public long status(Endpoint host, NetbiosName name, long now) {
        requests.needRoom();
        var packet = NamePacket.statusRequest(requests.newId(), name);
        requests.send(new Exchange(Exchange.Kind.STATUS, ++tickets, name, false, Optional.of(host), packet, true), now,
                config.timers().broadcastCount());
        return tickets;
    }

    /// Whether the name is in the table, be it claimed, owned or in conflict.
    boolean has(NetbiosName name) {
        return names.containsKey(name);
    }

    public boolean owns(NetbiosName name) {
        var own = names.get(name);
        return own != null && own.state == OwnName.State.OWNED;
    }

    public List<NetbiosName> owned() {
        return names.entrySet().stream().filter(e -> e.getValue().state == OwnName.State.OWNED).map(Map.Entry::getKey).toList();
    }

    /// The whole answer to a question that came over a connection, whose far end is proven; nothing when a node has none to give.
    Optional<NamePacket> answer(NamePacket packet) {
        return packet.question().filter(q -> packet.opcode() == NamePacket.OP_QUERY && q.type() == Resource.TYPE_NBSTAT)
                .flatMap(q -> answers.status(packet, q.name()));
    }

    /// Packets that were ignored: unsolicited answers, forged demands, foreign sources.
    public long ignored() {
        return ignored + answers.ignored();
    }

    public List<Output> drain() {
        var taken = List.copyOf(outputs);
        outputs.clear();
        return taken;
    }

    /// When [#tick] is due; `Long.MAX_VALUE` for never.
    public long nextDeadline() {
        long next = requests.nextDeadline();
        for (var own : names.values()) {
            next = Math.min(next, own.nextDeadline());
        }
        return next;
    }

    public void tick(long now) {
        requests.due(now).forEach(e -> gaveUp(e, now));
        for (var entry : List.copyOf(names.entrySet())) {
            due(entry.getKey(), entry.getValue(), now);
        }
    }

    public void receive(Endpoint from, NamePacket packet, long now) {
        if (!packet.isResponse()) {
            answers.request(from, packet, now, outputs);
            return;
        }
        var exchange = requests.find(packet.id());
        if (exchange == null || !matches(exchange, from, packet)) {
            unsolicited(from, packet, now);
            return;
        }
        answered(exchange, from, packet, now);
    }

    private boolean matches(Exchange exchange, Endpoint from, NamePacket packet) {
        var answer = packet.answer();
        boolean source = exchange.to.map(from::equals).orElseGet(() -> config.onLink(from.address()));
        // Only a name server has others to ask first: whoever makes a broadcast claim wait would make it wait for ever.
        boolean mayWait = packet.opcode() != NamePacket.OP_WACK || exchange.to.isPresent() && exchange.to.equals(config.nameServer());
        return source && mayWait && answer.isPresent() && answer.get().name().equals(exchange.name)
                && exchange.kind.answeredBy(packet.opcode(), answer.get().data());
    }

    /// CVE-2000-0673: a conflict that answers none of our requests must not take a name from us. It only makes us ask the network ourselves.
    private void unsolicited(Endpoint from, NamePacket packet, long now) {
        ignored++;
        var own = packet.answer().map(a -> names.get(a.name())).orElse(null);
        if (own != null && packet.rcode() == NamePacket.CONFLICT && own.verifyAt != OwnName.NEVER && config.onLink(from.address())) {
            own.verifyAt = Math.min(own.verifyAt, now + config.timers().conflict());
        }
    }

    private void answered(Exchange exchange, Endpoint from, NamePacket packet, long now) {
        if (packet.opcode() == NamePacket.OP_WACK) {
            long wait = packet.answer().map(Resource::ttlSeconds).orElse(0L) * 1_000;
            exchange.waitsUntil = Math.min(exchange.waitsUntil, now + config.timers().mostWack());
            exchange.deadline = Math.min(now + wait, exchange.waitsUntil);
            return;
        }
        switch (exchange.kind) {
            case QUERY -> finding.found(exchange, from, packet, now);
            case WATCH -> finding.watched(exchange, from, packet);
            case STATUS -> {
                if (packet.answer().orElseThrow().data() instanceof Resource.Status status) {
                    requests.finish(exchange, new Output.Outcome.StatusOf(status, from.address(), packet.isTruncated()));
                }
            }
            case REGISTER, OVERWRITE -> registrationAnswered(exchange, from, packet, now);
            case DEMAND, VERIFY -> {
                if (defends(packet)) {
                    lose(exchange, "defended by " + from.address());
                } else {
                    ignored++;
                }
            }
            case CHALLENGE -> {
                if (packet.rcode() == NamePacket.OK) {
                    denied(exchange, from, NamePacket.ACTIVE);
                } else {
                    gaveUp(exchange, now);
                }
            }
            case REFRESH -> {
                if (packet.rcode() == NamePacket.OK) {
                    requests.remove(exchange);
                    granted(exchange.name, packet, now);
                } else if (packet.rcode() == NamePacket.SERVER_FAILURE) {
                    // That the server cannot write says nothing about the name.
                    gaveUp(exchange, now);
                } else {
                    lose(exchange, "the name server refuses the refresh");
                }
            }
            case RELEASE -> requests.finish(exchange, new Output.Outcome.Released());
        }
    }

    private void registrationAnswered(Exchange exchange, Endpoint from, NamePacket packet, long now) {
        var data = packet.answer().orElseThrow().data();
        if (exchange.broadcast() && !defends(packet)) {
            // A positive answer to a broadcast claim means nothing, nor does another's trouble; only silence does.
            ignored++;
        } else if (packet.rcode() == NamePacket.SERVER_FAILURE && exchange.ticket == 0) {
            gaveUp(exchange, now);
        } else if (packet.rcode() != NamePacket.OK) {
            denied(exchange, from, packet.rcode());
        } else if ((packet.flags() & NamePacket.RECURSION_AVAILABLE) == 0 && exchange.kind == Exchange.Kind.REGISTER
                && data instanceof Resource.Addresses owners && !owners.addresses().isEmpty()) {
            requests.remove(exchange);
            var owner = new Endpoint(owners.addresses().getFirst().address(), from.port());
            requests.send(new Exchange(Exchange.Kind.CHALLENGE, exchange.ticket, exchange.name, exchange.group, Optional.of(owner),
                    NamePacket.query(requests.newId(), exchange.name, false), true), now, config.timers().broadcastCount());
        } else {
            granted(exchange.name, packet, now);
            requests.finish(exchange, new Output.Outcome.Registered());
        }
    }

    private static boolean defends(NamePacket packet) {
        return packet.rcode() == NamePacket.REFUSED || packet.rcode() == NamePacket.ACTIVE || packet.rcode() == NamePacket.CONFLICT;
    }

    /// A claim of our user is off; a name that we had before stays listed, in conflict.
    private void denied(Exchange exchange, Endpoint by, int rcode) {
        if (exchange.ticket == 0) {
            lose(exchange, "claimed again, but " + by.address() + " refuses");
        } else {
            names.remove(exchange.name);
            requests.finish(exchange, new Output.Outcome.Denied(by.address(), rcode));
        }
    }

    private void granted(NetbiosName name, NamePacket packet, long now) {
        var own = names.get(name);
        if (own != null) {
            long ttl = packet.answer().orElseThrow().ttlSeconds() * 1_000;
            own.state = OwnName.State.OWNED;
            own.ttlMillis = ttl;
            own.refreshAt = ttl == 0 ? OwnName.NEVER : now + ttl / 2;
            own.expiresAt = ttl == 0 ? OwnName.NEVER : now + ttl;
            own.atServer = true;
            own.verifyAt = OwnName.NEVER;
        }
    }

    /// No answer, or in a challenge none that holds.
    private void gaveUp(Exchange exchange, long now) {
        requests.remove(exchange);
        switch (exchange.kind) {
            case REGISTER, OVERWRITE -> silent(exchange, now);
            case CHALLENGE -> requests.start(Exchange.Kind.OVERWRITE, exchange.ticket, exchange.name, exchange.group, false, true, now);
            case QUERY -> finding.otherWay(exchange, new Output.Outcome.NoAnswer(), now);
            case STATUS -> outputs.add(new Output.Done(exchange.ticket, new Output.Outcome.NoAnswer()));
            case RELEASE -> outputs.add(new Output.Done(exchange.ticket, new Output.Outcome.Released()));
            case REFRESH -> {
                var own = names.get(exchange.name);
                if (own != null) {
                    own.refreshAt = now + Math.max(1_000, own.ttlMillis / 8);
                }
            }
            case DEMAND, VERIFY, WATCH -> { }
        }
    }

    /// Nobody answered a claim.
    private void silent(Exchange exchange, long now) {
        var own = names.get(exchange.name);
        if (own == null) {
            return;
        }
        if (exchange.broadcast()) {
            if (config.type() == NodeType.M && !exchange.second) {
                requests.start(Exchange.Kind.REGISTER, exchange.ticket, exchange.name, exchange.group, false, true, now);
                return;
            }
            own.state = OwnName.State.OWNED;
            boolean checks = !exchange.group || config.type() == NodeType.H;
            own.verifyAt = checks ? now + config.timers().verify() / 2 + random.nextLong(config.timers().verify()) : OwnName.NEVER;
            requests.start(Exchange.Kind.DEMAND, 0, exchange.name, exchange.group, true, true, now);
            outputs.add(new Output.Done(exchange.ticket, new Output.Outcome.Registered()));
        } else if (config.type() == NodeType.H && !exchange.second) {
            requests.start(Exchange.Kind.REGISTER, exchange.ticket, exchange.name, exchange.group, true, true, now);
        } else if (exchange.ticket == 0) {
            own.claimAt = now + config.timers().verify();
        } else {
            names.remove(exchange.name);
            outputs.add(new Output.Done(exchange.ticket, new Output.Outcome.NoAnswer()));
        }
    }

    private void due(NetbiosName name, OwnName own, long now) {
        if (own.nextDeadline() > now) {
            return;
        }
        if (own.state == OwnName.State.CLAIMING) {
            own.claimAt = OwnName.NEVER;
            claim(0, name, own.group, now);
        } else if (own.expiresAt <= now) {
            // The server has forgotten us: somebody else may own the name by now.
            own.state = OwnName.State.CLAIMING;
            own.expiresAt = OwnName.NEVER;
            own.atServer = false;
            requests.removeIf(e -> e.name.equals(name) && e.kind == Exchange.Kind.REFRESH);
            outputs.add(new Output.Lost(name, "the name server did not answer a refresh in time; claiming again"));
            claim(0, name, own.group, now);
        } else if (own.refreshAt <= now) {
            own.refreshAt = OwnName.NEVER;
            requests.start(Exchange.Kind.REFRESH, 0, name, own.group, false, true, now);
        } else if (own.verifyAt <= now) {
            own.verifyAt = now + config.timers().verify() / 2 + random.nextLong(config.timers().verify());
            if (config.type() == NodeType.H) {
                // The name server was silent when the name was claimed. Those that ask nobody else must learn of it, and it may know another owner.
                claim(0, name, own.group, now);
            } else {
                requests.start(Exchange.Kind.VERIFY, 0, name, own.group, true, true, now);
            }
        }
    }

    private void lose(Exchange exchange, String why) {
        requests.remove(exchange);
        var own = names.get(exchange.name);
        if (own != null) {
            // A name in conflict stays listed, but is neither answered for nor defended.
            own.state = OwnName.State.CONFLICT;
            outputs.add(new Output.Lost(exchange.name, why));
        }
    }

    private long claim(long ticket, NetbiosName name, boolean group, long now) {
        requests.start(Exchange.Kind.REGISTER, ticket, name, group, config.broadcastsFirst(), config.hasOneWay(), now);
        return ticket;
    }
}

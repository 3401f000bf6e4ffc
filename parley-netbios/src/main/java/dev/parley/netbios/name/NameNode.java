package dev.parley.netbios.name;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
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
    public static final int MOST_EXCHANGES = 1_024;

    private static final int REQUEST_BROADCAST = 0x2910;
    private static final int REQUEST_SERVER = 0x2900;
    private static final int DEMAND_BROADCAST = 0x2810;
    private static final int OVERWRITE_SERVER = 0x2800;
    private static final int REFRESH_SERVER = 0x4000;
    private static final int RELEASE_BROADCAST = 0x3010;
    private static final int RELEASE_SERVER = 0x3000;
    private static final int CONFLICT_DEMAND = 0xAD87;

    private final NodeConfig config;
    private final RandomGenerator random;
    private final Map<NetbiosName, OwnName> names = new LinkedHashMap<>();
    private final Map<Integer, Exchange> exchanges = new LinkedHashMap<>();
    private final Answers answers;
    private List<Output> outputs = new ArrayList<>();
    private long tickets;
    private long ignored;

    public NameNode(NodeConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.answers = new Answers(config, names);
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
        names.put(name, new OwnName(group));
        return claim(++tickets, name, group, now);
    }

    /// Gives a name up. It is out of the table at once; the outcome tells when the network was told.
    public long release(NetbiosName name, long now) {
        var own = names.remove(name);
        if (own == null) {
            throw new SessionException.OutOfSequence(name + " is not in the local name table");
        }
        exchanges.values().removeIf(e -> e.name.equals(name) && e.kind != Exchange.Kind.QUERY && e.kind != Exchange.Kind.STATUS);
        boolean broadcast = config.type() == NodeType.B || (config.type() != NodeType.P && !own.atServer);
        start(Exchange.Kind.RELEASE, ++tickets, name, own.group, broadcast, broadcast, now);
        return tickets;
    }

    /// Finds the holders of a name: `Found`, `Unknown` or `NoAnswer`.
    public long query(NetbiosName name, long now) {
        long ticket = ++tickets;
        var own = names.get(name);
        if (own != null && own.state == OwnName.State.OWNED && !own.group) {
            outputs.add(new Output.Done(ticket, new Output.Outcome.Found(List.of(answers.mine(own)), config.address())));
            return ticket;
        }
        start(Exchange.Kind.QUERY, ticket, name, false, broadcastFirst(), config.type() == NodeType.B || config.type() == NodeType.P, now);
        return ticket;
    }

    /// Asks a host for its names: `StatusOf` or `NoAnswer`.
    public long status(Endpoint host, NetbiosName name, long now) {
        send(new Exchange(Exchange.Kind.STATUS, ++tickets, name, false, Optional.of(host), NamePacket.statusRequest(newId(), name), true), now,
                config.timers().broadcastCount());
        return tickets;
    }

    public List<NetbiosName> owned() {
        return names.entrySet().stream().filter(e -> e.getValue().state == OwnName.State.OWNED).map(Map.Entry::getKey).toList();
    }

    /// Packets that were ignored: unsolicited answers, forged demands, foreign sources.
    public long ignored() {
        return ignored + answers.ignored();
    }

    public List<Output> drain() {
        var taken = outputs;
        outputs = new ArrayList<>();
        return taken;
    }

    /// When [#tick] is due; `Long.MAX_VALUE` for never.
    public long nextDeadline() {
        long next = OwnName.NEVER;
        for (var exchange : exchanges.values()) {
            next = Math.min(next, exchange.deadline);
        }
        for (var own : names.values()) {
            next = Math.min(next, own.nextDeadline());
        }
        return next;
    }

    public void tick(long now) {
        for (var exchange : List.copyOf(exchanges.values())) {
            if (exchange.deadline <= now && exchanges.containsKey(exchange.packet.id())) {
                expired(exchange, now);
            }
        }
        for (var entry : List.copyOf(names.entrySet())) {
            due(entry.getKey(), entry.getValue(), now);
        }
    }

    public void receive(Endpoint from, NamePacket packet, long now) {
        if (from.address().equals(config.address()) && packet.isBroadcast()) {
            return;
        }
        if (!packet.isResponse()) {
            answers.request(from, packet, now, outputs);
            return;
        }
        var exchange = exchanges.get(packet.id());
        if (exchange == null || !matches(exchange, from, packet)) {
            unsolicited(from, packet, now);
            return;
        }
        answered(exchange, from, packet, now);
    }

    private boolean matches(Exchange exchange, Endpoint from, NamePacket packet) {
        var answer = packet.answer();
        boolean source = exchange.to.map(from::equals).orElseGet(() -> config.onLink(from.address()));
        return source && answer.isPresent() && answer.get().name().equals(exchange.name);
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
            exchange.deadline = now + Math.min(wait, config.timers().mostWack());
            return;
        }
        switch (exchange.kind) {
            case QUERY -> found(exchange, from, packet, now);
            case WATCH -> watched(exchange, from, packet);
            case STATUS -> {
                if (packet.answer().orElseThrow().data() instanceof Resource.Status status) {
                    finish(exchange, new Output.Outcome.StatusOf(status, from.address()));
                }
            }
            case REGISTER, OVERWRITE -> registrationAnswered(exchange, from, packet, now);
            case DEMAND, VERIFY -> {
                if (packet.rcode() != NamePacket.OK) {
                    lose(exchange, "defended by " + from.address());
                }
            }
            case CHALLENGE -> {
                if (packet.rcode() == NamePacket.OK) {
                    names.remove(exchange.name);
                    finish(exchange, new Output.Outcome.Denied(from.address(), NamePacket.ACTIVE));
                } else {
                    gaveUp(exchange, now);
                }
            }
            case REFRESH -> {
                if (packet.rcode() == NamePacket.OK) {
                    exchanges.remove(exchange.packet.id());
                    granted(exchange.name, packet, now);
                } else {
                    lose(exchange, "the name server refuses the refresh");
                }
            }
            case RELEASE -> finish(exchange, new Output.Outcome.Released());
        }
    }

    private void registrationAnswered(Exchange exchange, Endpoint from, NamePacket packet, long now) {
        var data = packet.answer().orElseThrow().data();
        if (packet.rcode() != NamePacket.OK) {
            names.remove(exchange.name);
            finish(exchange, new Output.Outcome.Denied(from.address(), packet.rcode()));
        } else if (exchange.broadcast()) {
            // A positive answer to a broadcast claim means nothing; only silence does.
            ignored++;
        } else if ((packet.flags() & NamePacket.RECURSION_AVAILABLE) == 0 && exchange.kind == Exchange.Kind.REGISTER
                && data instanceof Resource.Addresses owners && !owners.addresses().isEmpty()) {
            exchanges.remove(exchange.packet.id());
            var owner = new Endpoint(owners.addresses().getFirst().address(), from.port());
            send(new Exchange(Exchange.Kind.CHALLENGE, exchange.ticket, exchange.name, exchange.group, Optional.of(owner),
                    NamePacket.query(newId(), exchange.name, false), true), now, config.timers().broadcastCount());
        } else {
            granted(exchange.name, packet, now);
            finish(exchange, new Output.Outcome.Registered());
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

    private void found(Exchange exchange, Endpoint from, NamePacket packet, long now) {
        if (packet.rcode() != NamePacket.OK || !(packet.answer().orElseThrow().data() instanceof Resource.Addresses holders)
                || holders.addresses().isEmpty()) {
            if (!exchange.broadcast()) {
                exchanges.remove(exchange.packet.id());
                otherWay(exchange, new Output.Outcome.Unknown(), now);
            }
            return;
        }
        finish(exchange, new Output.Outcome.Found(holders.addresses(), from.address()));
        if (exchange.broadcast() && !holders.addresses().getFirst().group()) {
            var watch = new Exchange(Exchange.Kind.WATCH, 0, exchange.name, false, Optional.empty(), exchange.packet, true);
            watch.first = holders.addresses().getFirst().address();
            watch.deadline = now + config.timers().conflict();
            exchanges.put(watch.packet.id(), watch);
        }
    }

    /// Two owners of a unique name: the later one is told (RFC 1002 section 5.1.1.4). Answers doubled by the network, and a multihomed
    /// owner's from his other address, name the same holder.
    private void watched(Exchange watch, Endpoint from, NamePacket packet) {
        if (packet.answer().orElseThrow().data() instanceof Resource.Addresses holders && !holders.addresses().isEmpty()
                && holders.addresses().stream().noneMatch(h -> h.group() || h.address().equals(watch.first))) {
            exchanges.remove(watch.packet.id());
            outputs.add(new Output.Send(Optional.of(from), NamePacket.response(newId(), CONFLICT_DEMAND,
                    new Resource(watch.name, 0, new Resource.Addresses(List.of(holders.addresses().getFirst()))))));
        }
    }

    private void expired(Exchange exchange, long now) {
        exchange.tries--;
        if (exchange.tries > 0) {
            outputs.add(new Output.Send(exchange.to, exchange.packet));
            exchange.deadline = now + retry(exchange);
            return;
        }
        gaveUp(exchange, now);
    }

    /// No answer, or in a challenge none that holds.
    private void gaveUp(Exchange exchange, long now) {
        exchanges.remove(exchange.packet.id());
        switch (exchange.kind) {
            case REGISTER, OVERWRITE -> silent(exchange, now);
            case CHALLENGE -> start(Exchange.Kind.OVERWRITE, exchange.ticket, exchange.name, exchange.group, false, true, now);
            case QUERY -> otherWay(exchange, new Output.Outcome.NoAnswer(), now);
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
                start(Exchange.Kind.REGISTER, exchange.ticket, exchange.name, exchange.group, false, true, now);
                return;
            }
            own.state = OwnName.State.OWNED;
            own.verifyAt = exchange.group ? OwnName.NEVER : now + config.timers().verify() / 2 + random.nextLong(config.timers().verify());
            start(Exchange.Kind.DEMAND, 0, exchange.name, exchange.group, true, true, now);
            outputs.add(new Output.Done(exchange.ticket, new Output.Outcome.Registered()));
        } else if (config.type() == NodeType.H && !exchange.second) {
            start(Exchange.Kind.REGISTER, exchange.ticket, exchange.name, exchange.group, true, true, now);
        } else {
            names.remove(exchange.name);
            outputs.add(new Output.Done(exchange.ticket, new Output.Outcome.NoAnswer()));
        }
    }

    private void otherWay(Exchange exchange, Output.Outcome otherwise, long now) {
        if (exchange.second) {
            outputs.add(new Output.Done(exchange.ticket, otherwise));
        } else {
            start(Exchange.Kind.QUERY, exchange.ticket, exchange.name, false, !exchange.broadcast(), true, now);
        }
    }

    private void due(NetbiosName name, OwnName own, long now) {
        if (own.nextDeadline() > now) {
            return;
        }
        if (own.expiresAt <= now) {
            // The server has forgotten us: somebody else may own the name by now.
            own.state = OwnName.State.CLAIMING;
            own.expiresAt = OwnName.NEVER;
            own.atServer = false;
            exchanges.values().removeIf(e -> e.name.equals(name) && e.kind == Exchange.Kind.REFRESH);
            outputs.add(new Output.Lost(name, "the name server did not answer a refresh in time; claiming again"));
            claim(0, name, own.group, now);
        } else if (own.refreshAt <= now) {
            own.refreshAt = OwnName.NEVER;
            start(Exchange.Kind.REFRESH, 0, name, own.group, false, true, now);
        } else if (own.verifyAt <= now) {
            own.verifyAt = now + config.timers().verify() / 2 + random.nextLong(config.timers().verify());
            start(Exchange.Kind.VERIFY, 0, name, own.group, true, true, now);
        }
    }

    private void lose(Exchange exchange, String why) {
        exchanges.remove(exchange.packet.id());
        var own = names.get(exchange.name);
        if (own != null) {
            // A name in conflict stays listed, but is neither answered for nor defended.
            own.state = OwnName.State.CONFLICT;
            outputs.add(new Output.Lost(exchange.name, why));
        }
    }

    private void finish(Exchange exchange, Output.Outcome outcome) {
        exchanges.remove(exchange.packet.id());
        outputs.add(new Output.Done(exchange.ticket, outcome));
    }

    private long claim(long ticket, NetbiosName name, boolean group, long now) {
        start(Exchange.Kind.REGISTER, ticket, name, group, broadcastFirst(), config.type() == NodeType.B || config.type() == NodeType.P, now);
        return ticket;
    }

    private boolean broadcastFirst() {
        return config.type() == NodeType.B || config.type() == NodeType.M;
    }

    private void start(Exchange.Kind kind, long ticket, NetbiosName name, boolean group, boolean broadcast, boolean second, long now) {
        int flags = switch (kind) {
            case REGISTER, VERIFY -> broadcast ? REQUEST_BROADCAST : REQUEST_SERVER;
            case DEMAND -> DEMAND_BROADCAST;
            case OVERWRITE -> OVERWRITE_SERVER;
            case REFRESH -> REFRESH_SERVER;
            case RELEASE -> broadcast ? RELEASE_BROADCAST : RELEASE_SERVER;
            case QUERY, CHALLENGE, WATCH, STATUS -> 0;
        };
        long ttl = broadcast || kind == Exchange.Kind.RELEASE ? 0 : config.ttlSeconds();
        var packet = flags == 0
                ? NamePacket.query(newId(), name, broadcast)
                : NamePacket.claim(newId(), flags, name, ttl, new Resource.Address(group, config.type(), config.address()));
        Optional<Endpoint> to = broadcast ? Optional.empty() : config.nameServer();
        int tries = kind == Exchange.Kind.DEMAND || kind == Exchange.Kind.VERIFY
                ? 1
                : broadcast ? config.timers().broadcastCount() : config.timers().unicastCount();
        send(new Exchange(kind, ticket, name, group, to, packet, second), now, tries);
    }

    private void send(Exchange exchange, long now, int tries) {
        if (exchanges.size() >= MOST_EXCHANGES) {
            throw new SessionException.LimitReached("at most " + MOST_EXCHANGES + " requests of the name service at a time");
        }
        exchange.tries = tries;
        exchange.deadline = now + (tries == 1 ? config.timers().conflict() : retry(exchange));
        exchanges.put(exchange.packet.id(), exchange);
        outputs.add(new Output.Send(exchange.to, exchange.packet));
    }

    private long retry(Exchange exchange) {
        boolean server = exchange.to.isPresent() && exchange.to.equals(config.nameServer());
        return server ? config.timers().unicastRetry() : config.timers().broadcastRetry() * (exchange.broadcast() ? 1 : 4);
    }

    /// Random, so that an answer cannot be forged without seeing the question; never one that is in use.
    private int newId() {
        int id;
        do {
            id = random.nextInt(0x1_0000);
        } while (exchanges.containsKey(id));
        return id;
    }
}

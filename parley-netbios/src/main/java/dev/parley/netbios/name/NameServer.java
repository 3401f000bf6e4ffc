package dev.parley.netbios.name;

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

/// A NetBIOS name server (RFC 1002 section 5.1.4), the secured kind: a claim on a name that another host has makes it ask that host first,
/// while the claimant is told to wait. Pure like [NameNode]. What changes goes to the journal before it is answered.
public final class NameServer {
    /// What the server allows.
    ///
    /// @param challengeMillis between the queries to an old owner, of which there are three
    public record Config(long leastTtlSeconds, long mostTtlSeconds, int mostNames, int mostNamesPerHost, int mostChallenges, long challengeMillis) {
        public static final Config DEFAULT = new Config(60, 518_400, 65_536, 256, 1_024, 500);
    }

    private static final int POSITIVE = 0x8580;
    private static final int NEGATIVE = 0x8583;
    private static final int REGISTERED = 0xAD80;
    private static final int RELEASED = 0xB400;
    private static final int WACK = 0xBC00;
    private static final int CHALLENGES = 3;

    private final Config config;
    private final RandomGenerator random;
    private final Registry registry;
    private final Map<Integer, Challenge> challenges = new LinkedHashMap<>();
    private List<Output> outputs = new ArrayList<>();
    private long ignored;

    public NameServer(Config config, RandomGenerator random, Registry registry) {
        this.config = config;
        this.random = random;
        this.registry = registry;
    }

    private static final class Challenge {
        final int id;
        final NetbiosName name;
        final Ipv4 owner;
        final Endpoint claimant;
        final NamePacket request;
        int tries = CHALLENGES;
        long deadline;

        Challenge(int id, NetbiosName name, Ipv4 owner, Endpoint claimant, NamePacket request) {
            this.id = id;
            this.name = name;
            this.owner = owner;
            this.claimant = claimant;
            this.request = request;
        }
    }

    public long ignored() {
        return ignored;
    }

    public List<Output> drain() {
        var taken = outputs;
        outputs = new ArrayList<>();
        return taken;
    }

    public long nextDeadline() {
        return challenges.values().stream().mapToLong(c -> c.deadline).min().orElse(Long.MAX_VALUE);
    }

    public void tick(long now) {
        for (var challenge : List.copyOf(challenges.values())) {
            if (challenge.deadline <= now) {
                if (--challenge.tries > 0) {
                    ask(challenge, now);
                } else {
                    challenges.remove(challenge.id);
                    registry.removeOwner(challenge.name, challenge.owner);
                    registration(challenge.claimant, challenge.request, now);
                }
            }
        }
    }

    public void receive(Endpoint from, NamePacket packet, long now) {
        if (packet.isResponse()) {
            challengeAnswered(from, packet, now);
            return;
        }
        if (packet.isBroadcast() || packet.question().isEmpty()) {
            ignored++;
            return;
        }
        switch (packet.opcode()) {
            case NamePacket.OP_QUERY -> query(from, packet, now);
            case NamePacket.OP_REGISTRATION, NamePacket.OP_MULTIHOMED, NamePacket.OP_REFRESH, NamePacket.OP_REFRESH_ALSO ->
                registration(from, packet, now);
            case NamePacket.OP_RELEASE -> release(from, packet, now);
            default -> ignored++;
        }
    }

    private void query(Endpoint from, NamePacket packet, long now) {
        var question = packet.question().orElseThrow();
        var entry = registry.find(question.name(), now);
        if (question.type() != Resource.TYPE_NB) {
            ignored++;
        } else if (entry.isEmpty()) {
            send(from, NamePacket.response(packet.id(), NEGATIVE, new Resource(question.name(), 0, new Resource.Nothing())));
        } else {
            long ttl = entry.get().longestSeconds(now);
            send(from, NamePacket.response(packet.id(), POSITIVE,
                    new Resource(question.name(), ttl, new Resource.Addresses(entry.get().addresses()))));
        }
    }

    private void registration(Endpoint from, NamePacket packet, long now) {
        var name = packet.question().orElseThrow().name();
        var claim = packet.claim();
        if (claim.isEmpty() || !claim.get().address().isHost() || !name.isOwnable()) {
            answer(from, packet, NamePacket.FORMAT_ERROR, 0, claim);
            return;
        }
        var address = claim.get().address();
        var entry = registry.find(name, now);
        boolean known = entry.isPresent() && entry.get().has(from.address());
        if (!address.equals(from.address()) && !(packet.opcode() == NamePacket.OP_MULTIHOMED && known)) {
            // Nobody registers for another host.
            ignored++;
            answer(from, packet, NamePacket.REFUSED, 0, claim);
        } else if (entry.isEmpty() || entry.get().has(address) && entry.get().group() == claim.get().group()
                || entry.get().group() && claim.get().group() || known && !entry.get().group() && !claim.get().group()) {
            grant(from, packet, claim.get(), now);
        } else if (entry.get().group() || claim.get().group()) {
            answer(from, packet, NamePacket.ACTIVE, 0, claim);
        } else {
            challenge(from, packet, entry.get(), now);
        }
    }

    private void grant(Endpoint from, NamePacket packet, Resource.Address claim, long now) {
        var name = packet.question().orElseThrow().name();
        boolean room = registry.contains(name, claim.address())
                || registry.size() < config.mostNames() && registry.namesOf(claim.address()) < config.mostNamesPerHost();
        if (!room) {
            answer(from, packet, NamePacket.SERVER_FAILURE, 0, Optional.of(claim));
            return;
        }
        long asked = packet.additionals().getFirst().ttlSeconds();
        long ttl = asked == 0 ? config.mostTtlSeconds() : Math.clamp(asked, config.leastTtlSeconds(), config.mostTtlSeconds());
        registry.put(name, claim, now + ttl * 1_000, now);
        answer(from, packet, NamePacket.OK, ttl, Optional.of(claim));
    }

    private void challenge(Endpoint from, NamePacket packet, Registry.Entry entry, long now) {
        var name = packet.question().orElseThrow().name();
        var pending = challenges.values().stream().filter(c -> c.name.equals(name)).findFirst();
        if (pending.isEmpty() && challenges.size() >= config.mostChallenges()) {
            answer(from, packet, NamePacket.SERVER_FAILURE, 0, packet.claim());
        } else if (pending.isPresent() && !pending.get().claimant.equals(from)) {
            answer(from, packet, NamePacket.ACTIVE, 0, packet.claim());
        } else {
            long seconds = 1 + CHALLENGES * entry.addresses().size() * config.challengeMillis() / 1_000;
            send(from, NamePacket.response(packet.id(), WACK, new Resource(name, seconds, new Resource.Waiting(packet.flags()))));
            if (pending.isEmpty()) {
                var challenge = new Challenge(newId(), name, entry.addresses().getFirst().address(), from, packet);
                challenges.put(challenge.id, challenge);
                ask(challenge, now);
            }
        }
    }

    private void ask(Challenge challenge, long now) {
        challenge.deadline = now + config.challengeMillis();
        send(new Endpoint(challenge.owner, registry.port()), NamePacket.query(challenge.id, challenge.name, false));
    }

    private void challengeAnswered(Endpoint from, NamePacket packet, long now) {
        var challenge = challenges.get(packet.id());
        var answer = packet.answer();
        if (challenge == null || !from.address().equals(challenge.owner) || answer.isEmpty() || !answer.get().name().equals(challenge.name)) {
            ignored++;
            return;
        }
        challenges.remove(challenge.id);
        boolean holds = packet.rcode() == NamePacket.OK && answer.get().data() instanceof Resource.Addresses;
        if (holds && answer.get().data() instanceof Resource.Addresses a
                && a.addresses().stream().anyMatch(h -> h.address().equals(challenge.claimant.address()))) {
            // A multihomed host: the owner itself says that the claimant's address is one of its own.
            grant(challenge.claimant, challenge.request, challenge.request.claim().orElseThrow(), now);
        } else if (holds) {
            answer(challenge.claimant, challenge.request, NamePacket.ACTIVE, 0, challenge.request.claim());
        } else {
            registry.removeOwner(challenge.name, challenge.owner);
            registration(challenge.claimant, challenge.request, now);
        }
    }

    private void release(Endpoint from, NamePacket packet, long now) {
        var name = packet.question().orElseThrow().name();
        var claim = packet.claim();
        boolean owner = claim.isPresent() && claim.get().address().equals(from.address())
                && registry.find(name, now).filter(e -> e.has(from.address())).isPresent();
        if (owner) {
            registry.removeOwner(name, from.address());
        } else {
            ignored++;
        }
        var holder = claim.orElse(new Resource.Address(false, NodeType.B, from.address()));
        send(from, NamePacket.response(packet.id(), RELEASED | (owner ? NamePacket.OK : NamePacket.NO_SUCH_NAME),
                new Resource(name, 0, new Resource.Addresses(List.of(holder)))));
    }

    private void answer(Endpoint to, NamePacket packet, int rcode, long ttl, Optional<Resource.Address> claim) {
        var holder = claim.map(List::of).orElse(List.of());
        send(to, NamePacket.response(packet.id(), REGISTERED | rcode,
                new Resource(packet.question().orElseThrow().name(), ttl, new Resource.Addresses(holder))));
    }

    private void send(Endpoint to, NamePacket packet) {
        outputs.add(new Output.Send(Optional.of(to), packet));
    }

    private int newId() {
        int id;
        do {
            id = random.nextInt(0x1_0000);
        } while (challenges.containsKey(id));
        return id;
    }
}

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A NetBIOS name server (RFC 1002 section 5.1.4), the secured kind: a claim on a name that another host has makes it ask that host first,
/// while the claimant is told to wait. Pure like [NameNode]. What changes goes to the journal before it is answered.
public final class NameServer {
    /// What the server allows.
    ///
    /// @param challengeMillis between the queries to an old owner, of which there are three
    /// @param mostLongAnswers to one source in a second: an answer that is several times as long as its question could be aimed at a victim.
    ///        Whoever asks more gets one address, marked truncated, and the rest over TCP
    public record Config(
            long leastTtlSeconds, long mostTtlSeconds, int mostNames, int mostNamesPerHost, int mostChallenges, long challengeMillis,
            int mostLongAnswers) {
        public static final Config DEFAULT = new Config(60, 518_400, 65_536, 256, 1_024, 500, 20);
    }

    private static final int POSITIVE = 0x8580;
    private static final int NEGATIVE = 0x8583;
    private static final int REGISTERED = 0xAD80;
    private static final int RELEASED = 0xB400;
    private static final int WACK = 0xBC00;
    private static final int CHALLENGES = 3;
    /// Of one claimant at a time: each makes packets to others.
    static final int MOST_CHALLENGES_PER_HOST = 16;
    /// Addresses in an answer that is at most twice as long as the question.
    private static final int FEW = 7;

    private final Config config;
    private final RandomGenerator random;
    private final Registry registry;
    private final Map<Integer, Challenge> challenges = new LinkedHashMap<>();
    private final RateLimit longAnswers;
    private List<Output> outputs = new ArrayList<>();
    private long ignored;

    public NameServer(Config config, RandomGenerator random, Registry registry) {
        this.config = config;
        this.random = random;
        this.registry = registry;
        this.longAnswers = new RateLimit(config.mostLongAnswers(), 1_000, 1_024);
    }

    private static final class Challenge {
        final int id;
        final NetbiosName name;
        /// The addresses of the old owner that have not answered yet.
        final Set<Ipv4> owners;
        final Endpoint claimant;
        final NamePacket request;
        int tries = CHALLENGES;
        long deadline;

        Challenge(int id, NetbiosName name, List<Ipv4> owners, Endpoint claimant, NamePacket request) {
            this.id = id;
            this.name = name;
            this.owners = new LinkedHashSet<>(owners);
            this.claimant = claimant;
            this.request = request;
        }
    }

    /// Packets that were no request to a name server, forged, or for the names of others.
    public long ignored() {
        return ignored;
    }

    List<Ipv4> holders(NetbiosName name, long now) {
        return registry.find(name, now).stream().flatMap(e -> e.addresses().stream()).map(Resource.Address::address).toList();
    }

    /// Every name and its holders, for people.
    public Map<NetbiosName, Registry.Entry> names(long now) {
        return registry.all(now);
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
                    if (removed(challenge.name, List.copyOf(challenge.owners))) {
                        registration(challenge.claimant, challenge.request, now);
                    } else {
                        answer(challenge.claimant, challenge.request, NamePacket.SERVER_FAILURE, 0, challenge.request.claim());
                    }
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
        var whole = answer(packet, now);
        if (whole.isEmpty()) {
            ignored++;
            return;
        }
        var answer = whole.get();
        boolean brief = answer.answer().orElseThrow().data() instanceof Resource.Addresses a && a.addresses().size() > FEW
                && !longAnswers.allows(from.address(), now);
        send(from, brief ? answer.truncated(1) : answer);
    }

    /// The whole answer to a query; nothing when it is not for a name server.
    Optional<NamePacket> answer(NamePacket packet, long now) {
        var question = packet.question().filter(q -> packet.opcode() == NamePacket.OP_QUERY && q.type() == Resource.TYPE_NB);
        return question.map(q -> registry.find(q.name(), now)
                .map(e -> NamePacket.response(packet.id(), POSITIVE,
                        new Resource(q.name(), e.longestSeconds(now), new Resource.Addresses(e.addresses()))))
                .orElseGet(() -> NamePacket.response(packet.id(), NEGATIVE, new Resource(q.name(), 0, new Resource.Nothing()))));
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
        boolean known = registry.contains(name, claim.address());
        if (!known && !room(name, from.address())) {
            registry.purge(now);
            if (!room(name, from.address())) {
                answer(from, packet, NamePacket.SERVER_FAILURE, 0, Optional.of(claim));
                return;
            }
        }
        long asked = packet.additionals().getFirst().ttlSeconds();
        long ttl = asked == 0 ? config.mostTtlSeconds() : Math.clamp(asked, config.leastTtlSeconds(), config.mostTtlSeconds());
        try {
            registry.put(name, claim, from.address(), now + ttl * 1_000, now);
        } catch (SessionException.StorageFailure e) {
            answer(from, packet, NamePacket.SERVER_FAILURE, 0, Optional.of(claim));
            return;
        }
        answer(from, packet, NamePacket.OK, ttl, Optional.of(claim));
        if (known) {
            stillThere(name, claim.address());
        }
    }

    private boolean room(NetbiosName name, Ipv4 registrar) {
        return (registry.size() < config.mostNames() || registry.contains(name)) && registry.entriesOf(registrar) < config.mostNamesPerHost();
    }

    /// An owner that refreshes its name while it is asked whether it still has it has answered that.
    private void stillThere(NetbiosName name, Ipv4 owner) {
        challenges.values().stream().filter(c -> c.name.equals(name) && c.owners.contains(owner)).findFirst().ifPresent(c -> {
            challenges.remove(c.id);
            answer(c.claimant, c.request, NamePacket.ACTIVE, 0, c.request.claim());
        });
    }

    /// Whether the journal took it.
    private boolean removed(NetbiosName name, List<Ipv4> owners) {
        try {
            owners.forEach(o -> registry.removeOwner(name, o));
            return true;
        } catch (SessionException.StorageFailure e) {
            return false;
        }
    }

    private void challenge(Endpoint from, NamePacket packet, Registry.Entry entry, long now) {
        var name = packet.question().orElseThrow().name();
        var pending = challenges.values().stream().filter(c -> c.name.equals(name)).findFirst();
        long others = challenges.values().stream().filter(c -> c.claimant.address().equals(from.address())).count();
        if (pending.isEmpty() && (challenges.size() >= config.mostChallenges() || others >= MOST_CHALLENGES_PER_HOST)) {
            answer(from, packet, NamePacket.SERVER_FAILURE, 0, packet.claim());
        } else if (pending.isPresent() && !pending.get().claimant.equals(from)) {
            answer(from, packet, NamePacket.ACTIVE, 0, packet.claim());
        } else {
            long seconds = 1 + CHALLENGES * config.challengeMillis() / 1_000;
            send(from, NamePacket.response(packet.id(), WACK, new Resource(name, seconds, new Resource.Waiting(packet.flags()))));
            if (pending.isEmpty()) {
                var challenge = new Challenge(newId(), name, entry.addresses().stream().map(Resource.Address::address).toList(), from, packet);
                challenges.put(challenge.id, challenge);
                ask(challenge, now);
            }
        }
    }

    private void ask(Challenge challenge, long now) {
        challenge.deadline = now + config.challengeMillis();
        challenge.owners.forEach(o -> send(new Endpoint(o, registry.port()), NamePacket.query(challenge.id, challenge.name, false)));
    }

    /// Whether this answers a question of the server's own.
    boolean awaits(Endpoint from, NamePacket packet) {
        var challenge = challenges.get(packet.id());
        return challenge != null && challenge.owners.contains(from.address()) && packet.opcode() == NamePacket.OP_QUERY
                && packet.answer().filter(a -> a.name().equals(challenge.name)).isPresent();
    }

    private void challengeAnswered(Endpoint from, NamePacket packet, long now) {
        if (!awaits(from, packet)) {
            ignored++;
            return;
        }
        var challenge = Objects.requireNonNull(challenges.get(packet.id()));
        if (packet.rcode() == NamePacket.OK && packet.answer().orElseThrow().data() instanceof Resource.Addresses holders) {
            challenges.remove(challenge.id);
            // A multihomed host says itself that the claimant's address is one of its own.
            if (holders.addresses().stream().anyMatch(h -> h.address().equals(challenge.claimant.address()))) {
                grant(challenge.claimant, challenge.request, challenge.request.claim().orElseThrow(), now);
            } else {
                answer(challenge.claimant, challenge.request, NamePacket.ACTIVE, 0, challenge.request.claim());
            }
            return;
        }
        if (!removed(challenge.name, List.of(from.address()))) {
            challenges.remove(challenge.id);
            answer(challenge.claimant, challenge.request, NamePacket.SERVER_FAILURE, 0, challenge.request.claim());
            return;
        }
        challenge.owners.remove(from.address());
        if (challenge.owners.isEmpty()) {
            challenges.remove(challenge.id);
            registration(challenge.claimant, challenge.request, now);
        }
    }

    private void release(Endpoint from, NamePacket packet, long now) {
        var name = packet.question().orElseThrow().name();
        var claim = packet.claim();
        boolean owner = claim.isPresent() && claim.get().address().equals(from.address())
                && registry.find(name, now).filter(e -> e.has(from.address())).isPresent();
        int rcode = !owner ? NamePacket.NO_SUCH_NAME : removed(name, List.of(from.address())) ? NamePacket.OK : NamePacket.SERVER_FAILURE;
        ignored += owner ? 0 : 1;
        var holder = claim.orElse(new Resource.Address(false, NodeType.B, from.address()));
        send(from, NamePacket.response(packet.id(), RELEASED | rcode,
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

package dev.parley.netbios.name;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The requests of a node that wait for an answer: makes their packets and repeats them.
final class Requests {
    /// That our user may have under way at a time. What a node does by itself comes on top: at most some for each of its names.
    static final int MOST = 1_024;
    private static final int MOST_KEPT = MOST / 2;

    // The second words of the header, RFC 1002 section 4.2.
    private static final int REQUEST_BROADCAST = 0x2910;
    private static final int REQUEST_SERVER = 0x2900;
    private static final int DEMAND_BROADCAST = 0x2810;
    private static final int OVERWRITE_SERVER = 0x2800;
    private static final int REFRESH_SERVER = 0x4000;
    private static final int RELEASE_BROADCAST = 0x3010;
    private static final int RELEASE_SERVER = 0x3000;

    private final NodeConfig config;
    private final RandomGenerator random;
    private final List<Output> outputs;
    private final Map<Integer, Exchange> exchanges = new LinkedHashMap<>();

    Requests(NodeConfig config, RandomGenerator random, List<Output> outputs) {
        this.config = config;
        this.random = random;
        this.outputs = outputs;
    }

    @Nullable Exchange find(int id) {
        return exchanges.get(id);
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange.packet.id());
    }

    void removeIf(Predicate<Exchange> condition) {
        exchanges.values().removeIf(condition);
    }

    long nextDeadline() {
        return exchanges.values().stream().mapToLong(e -> e.deadline).min().orElse(OwnName.NEVER);
    }

    /// Repeats what is due and returns those that were repeated often enough.
    List<Exchange> due(long now) {
        var silent = new ArrayList<Exchange>();
        for (var exchange : exchanges.values()) {
            if (exchange.deadline <= now) {
                exchange.tries--;
                if (exchange.tries > 0) {
                    outputs.add(new Output.Send(exchange.to, exchange.packet));
                    exchange.deadline = now + retry(exchange);
                } else {
                    silent.add(exchange);
                }
            }
        }
        return silent;
    }

    /// Waits for further answers to a request that is done, unless there is much else to wait for.
    void keep(Exchange exchange, long until) {
        if (exchanges.size() < MOST_KEPT) {
            exchange.deadline = until;
            exchanges.put(exchange.packet.id(), exchange);
        }
    }

    /// @throws SessionException.LimitReached when our user has as many requests under way as he may
    void needRoom() {
        if (exchanges.size() >= MOST) {
            throw new SessionException.LimitReached("at most " + MOST + " requests of the name service at a time");
        }
    }

    void finish(Exchange exchange, Output.Outcome outcome) {
        remove(exchange);
        outputs.add(new Output.Done(exchange.ticket, outcome));
    }

    void start(Exchange.Kind kind, long ticket, NetbiosName name, boolean group, boolean broadcast, boolean second, long now) {
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

    void send(Exchange exchange, long now, int tries) {
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
    int newId() {
        int id;
        do {
            id = random.nextInt(0x1_0000);
        } while (exchanges.containsKey(id));
        return id;
    }
}

package dev.parley.session.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.flow.FlowScheduler.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Flows come, work, give, die, return and finish by chance. At any time: never more holders than the capacity, the scheduler and the flows
/// agree on who holds, a token never lies idle while somebody waits, and in the end everybody was served.
class FlowSimulationTest {
    private static final long STEP = 1_000_000_000L;

    /// One flow as its owner sees it.
    private static final class Client {
        final FlowRequest request;
        long id = -1;
        int work;
        boolean holds;
        boolean asked;
        boolean connected;
        boolean over;
        long waitedSince;
        long longestWait;

        Client(FlowRequest request, int work) {
            this.request = request;
            this.work = work;
        }
    }

    @Test
    void noSeedBreaksTheRules() {
        for (long seed = 0; seed < 400; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        var random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
        var capacities = Map.of("bulk", 1 + random.nextInt(3), "video", 1 + random.nextInt(2));
        var scheduler = new FlowScheduler(new FlowRules(
                capacities, 0, Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(15), 100));
        var clients = new ArrayList<Client>();
        for (int i = 0; i < 20; i++) {
            var flowClass = random.nextBoolean() ? "bulk" : "video";
            clients.add(new Client(new FlowRequest(flowClass, random.nextInt(10), 100, true, i, "client " + i), 1 + random.nextInt(12)));
        }
        var byId = new HashMap<Long, Client>();
        long now = 0;
        for (int step = 0; step < 4000 && clients.stream().anyMatch(c -> !c.over); step++, now += STEP) {
            tell(scheduler.tick(now), byId, now);
            for (var client : clients) {
                act(scheduler, client, byId, random, step, now);
                check(seed, scheduler, clients, capacities, now);
            }
        }
        assertThat(clients).as("seed " + seed).allMatch(c -> c.over);
        // 20 flows with at most 12 s of work each, with deaths and evictions: who waits is as urgent as can be after 200 s.
        assertThat(clients).as("seed " + seed).allMatch(c -> c.longestWait < 800 * STEP);
        assertThat(scheduler.snapshot(now).classes()).as("seed " + seed).allMatch(c -> c.holders().isEmpty());
    }

    private static void act(FlowScheduler scheduler, Client client, Map<Long, Client> byId, Random random, int step, long now) {
        if (client.over) {
            return;
        }
        if (!client.connected) {
            if (random.nextInt(8) == 0) {
                var asked = scheduler.ask(client.request, now);
                client.connected = true;
                client.id = asked.id();
                client.holds = false;
                client.waitedSince = now;
                byId.put(asked.id(), client);
                tell(asked.effects(), byId, now);
            }
            return;
        }
        int chance = random.nextInt(100);
        if (chance < 2) {
            // Half of the deaths are noticed, the others are half-open: the new connection comes first.
            client.connected = false;
            client.asked = false;
            long id = client.id;
            if (random.nextBoolean()) {
                client.holds = false;
                byId.remove(id);
                tell(scheduler.lost(id, now), byId, now);
            }
        } else if (client.holds && client.asked && chance < 50) {
            client.holds = false;
            client.asked = false;
            client.waitedSince = now;
            tell(scheduler.yielded(client.id, now), byId, now);
        } else if (client.holds && --client.work <= 0) {
            client.over = true;
            client.holds = false;
            tell(scheduler.done(client.id, now), byId, now);
        }
    }

    private static void tell(List<Effect> effects, Map<Long, Client> byId, long now) {
        for (var effect : effects) {
            var client = java.util.Objects.requireNonNull(byId.get(effect.flow()), () -> "nobody is there for " + effect);
            switch (effect) {
                case Effect.Grant _ -> {
                    client.holds = true;
                    client.longestWait = Math.max(client.longestWait, now - client.waitedSince);
                }
                case Effect.Please _ -> client.asked = true;
                case Effect.Evict _ -> {
                    client.holds = false;
                    client.asked = false;
                    client.connected = false;
                }
            }
        }
    }

    private static void check(long seed, FlowScheduler scheduler, List<Client> clients, Map<String, Integer> capacities, long now) {
        for (var flowClass : scheduler.snapshot(now).classes()) {
            var what = "seed " + seed + " class " + flowClass.name() + " at " + now / STEP + " s: " + flowClass;
            assertThat(flowClass.holders().size()).as(what).isLessThanOrEqualTo(capacities.get(flowClass.name()));
            var mine = clients.stream().filter(c -> c.holds && c.request.flowClass().equals(flowClass.name())).map(c -> c.request.session());
            assertThat(flowClass.holders().stream().map(FlowSnapshot.Holder::session)).as(what).containsExactlyInAnyOrderElementsOf(mine.toList());
            if (flowClass.holders().size() < flowClass.capacity()) {
                assertThat(flowClass.waiters()).as(what + ": a token lies idle").allMatch(FlowSnapshot.Waiter::absent);
            }
        }
    }
}

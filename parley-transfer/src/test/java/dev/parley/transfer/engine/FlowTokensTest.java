package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Identity;
import dev.parley.transfer.engine.TransferEvent.Token.State;
import dev.parley.transfer.file.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Heavy flows share a server: whole transfers in virtual time, and the times of their data SPDUs on the wire.
class FlowTokensTest {
    private static final Settings SETTINGS = new Settings(512, 2, 3, Duration.ofSeconds(5));
    private static final FlowRules ALL_HEAVY = FlowRules.DEFAULT.withHeavy(0);
    private static final int SIZE = 30_000;
    private static final Duration SOON = Duration.ofMillis(150);

    @TempDir
    static Path folder;

    private static Identity identity;

    @BeforeAll
    static void prepare() {
        identity = Identity.in(folder.resolve("identity"));
    }

    private static SimCrowd crowd(long seed, FlowRules rules) throws IOException {
        var crowd = new SimCrowd(seed, folder, identity, SETTINGS, rules);
        crowd.net.slowest(Duration.ofMillis(10));
        return crowd;
    }

    private static FlowOptions priority(int priority) {
        return new FlowOptions("bulk", priority, true);
    }

    @Test
    void twoBulkFlowsNeverTransmitAtOnceWhateverHappens() throws IOException {
        seeds(60);
    }

    @Tag("slow")
    @Test
    void twoBulkFlowsNeverTransmitAtOnceForManySeeds() throws IOException {
        seeds(Integer.getInteger("parley.seeds", 300));
    }

    private static void seeds(int count) throws IOException {
        var only = Long.getLong("parley.seed");
        long lost = 0;
        for (long seed = only == null ? 0 : only; seed < (only == null ? count : only + 1); seed++) {
            lost += faults(seed);
        }
        assertThat(lost).as("faults that hit").isGreaterThan(only == null ? count : -1);
    }

    /// Five flows, both ways, with priorities, cuts, silent lines and deaths by chance.
    ///
    /// @return how many connections were lost
    private static long faults(long seed) throws IOException {
        var what = "seed " + seed;
        var crowd = crowd(seed, ALL_HEAVY);
        var random = crowd.world.random();
        crowd.net.slowest(Duration.ofMillis(1 + random.nextInt(20)));
        for (int i = 0; i < 5; i++) {
            crowd.member("flow" + i, 5_000 + random.nextInt(SIZE), random.nextBoolean(), priority(random.nextInt(10)))
                    .startAfter(Duration.ofMillis(random.nextInt(1000)));
        }
        for (int i = 0; i < 4; i++) {
            var victim = crowd.members.get(random.nextInt(5));
            int how = random.nextInt(4);
            strike(crowd, victim, random.nextInt(80), how);
        }

        crowd.run(what);

        crowd.members.forEach(m -> m.verify(what));
        assertThat(crowd.tap.overlap()).as(() -> what + "\n" + crowd.world.trace()).isEmpty();
        assertThat(crowd.tap.spans().stream().map(WireTap.Span::flow).distinct()).as(what).hasSize(5);
        return crowd.net.cables().size() - 5;
    }

    /// A fault once the victim has come so far.
    private static void strike(SimCrowd crowd, SimCrowd.Member victim, int events, int how) {
        if (victim.result != null) {
            return;
        }
        if (victim.cable == null || victim.events.size() < events) {
            crowd.world.after(Duration.ofMillis(2), () -> strike(crowd, victim, events, how));
            return;
        }
        switch (how) {
            case 0 -> victim.cable.cut();
            case 1 -> victim.cable.silence();
            case 2 -> victim.killAndRestart(Duration.ofMillis(500));
            default -> victim.process.freeze(Duration.ofSeconds(2));
        }
    }

    /// The control: the same watch does see two flows at once where two may be.
    @Test
    void withTwoTokensTwoFlowsDoTransmitAtOnce() throws IOException {
        var crowd = crowd(1, ALL_HEAVY.withCapacities(Map.of("bulk", 2)));
        crowd.member("one", SIZE, false, FlowOptions.DEFAULT).start();
        crowd.member("two", SIZE, false, FlowOptions.DEFAULT).start();

        crowd.run("capacity 2");

        assertThat(crowd.tap.overlap()).isNotEmpty();
    }

    @Test
    void theSecondFlowIsToldWhoHoldsItsPlaceAndHowLongItTakes() throws IOException {
        var crowd = crowd(2, ALL_HEAVY);
        var first = crowd.member("first", 300_000, false, FlowOptions.DEFAULT);
        var second = crowd.member("second", SIZE, false, FlowOptions.DEFAULT);
        first.start();
        second.startAfter(SOON);

        crowd.run("two");

        second.verify("two");
        assertThat(first.tokenStates()).as("it never waited").isEmpty();
        assertThat(second.tokenStates()).containsExactly(State.WAITING, State.GRANTED);
        assertThat(second.events).filteredOn(TransferEvent.Token.class::isInstance).first().satisfies(event -> {
            var token = (TransferEvent.Token) event;
            assertThat(token.place()).isEqualTo(1);
            assertThat(token.holders()).singleElement().asString().startsWith("alice, session ");
        });
        assertThat(second.events).as("an estimate comes once the rate is known")
                .anyMatch(e -> e instanceof TransferEvent.Token t && t.estimate().isPresent());
        assertThat(crowd.tap.turns()).containsExactly("first", "second");
    }

    @Test
    void aMoreUrgentFlowPassesAtACheckpointAndTheOtherContinuesWithNothingSentTwice() throws IOException {
        for (boolean get : new boolean[] {false, true}) {
            var crowd = crowd(3, ALL_HEAVY);
            var slow = crowd.member("slow", 200_000, get, priority(2));
            var urgent = crowd.member("urgent", SIZE, false, priority(7));
            slow.start();
            urgent.startAfter(Duration.ofMillis(400));

            crowd.run("urgent");

            crowd.members.forEach(m -> m.verify("urgent"));
            assertThat(crowd.tap.turns()).containsExactly("slow", "urgent", "slow");
            assertThat(slow.tokenStates()).containsExactly(State.ASKED, State.WAITING, State.GRANTED);
            assertThat(slow.events).filteredOn(TransferEvent.Lost.class::isInstance).isEmpty();
            assertThat(java.util.Objects.requireNonNull(slow.result).sent()).isEqualTo(200_000);
        }
    }

    @Test
    void whoWouldNotWaitEndsAtOnceAndLeavesNothingBehind() throws IOException {
        var crowd = crowd(4, ALL_HEAVY);
        var first = crowd.member("first", 100_000, false, FlowOptions.DEFAULT);
        var second = crowd.member("second", SIZE, false, new FlowOptions("bulk", 9, false));
        first.start();
        second.startAfter(SOON);

        crowd.run("no wait");

        first.verify("no wait");
        var result = java.util.Objects.requireNonNull(second.result);
        assertThat(result.failure()).contains(Failure.LATER);
        assertThat(Failure.LATER.code()).isEqualTo(75);
        assertThat(Failure.LATER.resumable()).isTrue();
        assertThat(result.words()).contains("is held by alice, session ", "try later");
        assertThat(second.endedAt).isLessThan(first.endedAt);
        assertThat(crowd.store().sessions("")).as("only the first one's session").hasSize(1);
    }

    @Test
    void smallTransfersDoNotQueue() throws IOException {
        var crowd = crowd(5, FlowRules.DEFAULT.withHeavy(50_000));
        var heavy = crowd.member("heavy", 300_000, false, FlowOptions.DEFAULT);
        var small = crowd.member("small", 49_999, false, FlowOptions.DEFAULT);
        var next = crowd.member("next", 50_000, false, FlowOptions.DEFAULT);
        heavy.start();
        small.startAfter(SOON);
        next.startAfter(SOON);

        crowd.run("small");

        crowd.members.forEach(m -> m.verify("small"));
        assertThat(small.endedAt).isLessThan(heavy.endedAt);
        assertThat(small.tokenStates()).isEmpty();
        assertThat(next.endedAt).isGreaterThan(heavy.endedAt);
    }

    @Test
    void aTransferThatSaidItIsSmallAndIsNotHasToQueueLikeAnyOther() throws IOException {
        var crowd = crowd(6, FlowRules.DEFAULT.withHeavy(20_000));
        var honest = crowd.member("honest", 200_000, false, FlowOptions.DEFAULT);
        var liar = crowd.member("liar", 100_000, false, FlowOptions.DEFAULT);
        honest.start();
        var states = new java.util.ArrayList<State>();
        crowd.world.after(SOON, () -> {
            var loop = liar.process.loop();
            var plan = new ClientPlan(
                    "alice", SimCrowd.PASSWORD, "send", "", "fail", _ -> 0, SETTINGS, FlowOptions.DEFAULT, 1,
                    FileOptions.DEFAULT, SimTransfer.ITERATIONS);
            var session = new ClientSession(loop, plan, (client, number, settings) -> {
                try {
                    var outbox = Outboxes.client(java.util.Optional.empty(), number);
                    return new Sending(client, loop, liar.disk.seenBy(liar.process), settings, outbox,
                            Parcels.of(Source.below(folder.resolve("liar")), settings, outbox, FileOptions.DEFAULT));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }, e -> {
                if (e instanceof TransferEvent.Token t) {
                    states.add(t.state());
                }
            });
            session.outcome().thenAccept(outcome -> liar.result = new TransferClient.Result(
                    outcome instanceof Outcome.Done ? Optional.empty() : Optional.of(Failure.OTHER), outcome.toString(), 1, 1, 0, 0));
            var wire = crowd.tap.new Connection("liar");
            crowd.net.connect(loop, wire.client(session.handler()), crowd.serverProcess, l -> wire.server(crowd.server.connection(l)));
        });

        crowd.run("liar");

        crowd.members.forEach(m -> m.verify("liar"));
        assertThat(states.stream().distinct()).containsExactly(State.ASKED, State.WAITING, State.GRANTED);
        assertThat(crowd.tap.turns()).endsWith("honest", "liar");
    }

    @Test
    void waitingForLongIsNoLossAndTheQueueMovesAtTheEnd() throws IOException {
        var crowd = crowd(7, ALL_HEAVY);
        crowd.net.slowest(Duration.ofMillis(400));
        var first = crowd.member("first", 300_000, false, FlowOptions.DEFAULT);
        var second = crowd.member("second", SIZE, true, FlowOptions.DEFAULT);
        var third = crowd.member("third", SIZE, false, FlowOptions.DEFAULT);
        first.start();
        second.startAfter(Duration.ofSeconds(5));
        third.startAfter(Duration.ofSeconds(10));

        crowd.run("long");

        crowd.members.forEach(m -> m.verify("long"));
        assertThat(first.endedAt).as("many times the keepalive").isGreaterThan(Duration.ofSeconds(40).toNanos());
        assertThat(crowd.members).allSatisfy(m -> assertThat(m.events).noneMatch(TransferEvent.Lost.class::isInstance));
        assertThat(crowd.tap.turns()).containsExactly("first", "second", "third");
    }

    @Test
    void theTokenOfADeadHolderComesBack() throws IOException {
        for (boolean halfOpen : new boolean[] {false, true}) {
            var crowd = crowd(8, ALL_HEAVY);
            var dead = crowd.member("dead", 300_000, false, FlowOptions.DEFAULT);
            var next = crowd.member("next", SIZE, false, FlowOptions.DEFAULT);
            dead.start();
            next.startAfter(SOON);
            crowd.world.after(Duration.ofMillis(600), () -> {
                if (halfOpen) {
                    java.util.Objects.requireNonNull(dead.cable).silence();
                }
                dead.process.kill();
                dead.result = new TransferClient.Result(Optional.of(Failure.LOST), "", 0, 0, 0, 0);
            });

            crowd.run("dead holder");

            next.verify("dead holder");
            assertThat(next.endedAt).as("half open costs the keepalive and no more").isLessThan(Duration.ofSeconds(halfOpen ? 15 : 5).toNanos());
        }
    }

    @Test
    void whoLosesTheConnectionWhileWaitingKeepsItsPlace() throws IOException {
        var crowd = crowd(9, ALL_HEAVY);
        var first = crowd.member("first", 200_000, false, FlowOptions.DEFAULT);
        var second = crowd.member("second", SIZE, false, FlowOptions.DEFAULT);
        var third = crowd.member("third", SIZE, false, FlowOptions.DEFAULT);
        first.start();
        second.startAfter(SOON);
        third.startAfter(SOON.multipliedBy(2));
        crowd.world.after(Duration.ofMillis(600), () -> java.util.Objects.requireNonNull(second.cable).cut());

        crowd.run("reconnect");

        crowd.members.forEach(m -> m.verify("reconnect"));
        assertThat(second.events).anyMatch(TransferEvent.Lost.class::isInstance);
        assertThat(crowd.tap.turns()).containsExactly("first", "second", "third");
    }

    /// The holder's line dies silently and the client comes back before the server noticed: the new connection has the token at once.
    @Test
    void aSessionThatIsTakenOverTakesItsTokenWithIt() throws IOException {
        var crowd = crowd(10, ALL_HEAVY);
        var holder = crowd.member("holder", 200_000, false, FlowOptions.DEFAULT);
        var other = crowd.member("other", SIZE, false, FlowOptions.DEFAULT);
        holder.start();
        other.startAfter(SOON);
        crowd.world.after(Duration.ofMillis(700), () -> {
            java.util.Objects.requireNonNull(holder.cable).silence();
            holder.killAndRestart(Duration.ofMillis(100));
        });

        crowd.run("take-over");

        crowd.members.forEach(m -> m.verify("take-over"));
        assertThat(holder.events).anyMatch(TransferEvent.Resumed.class::isInstance);
        assertThat(crowd.tap.turns()).containsExactly("holder", "other");
        assertThat(crowd.log).contains("a newer connection has taken over the session");
    }

    @Test
    void anImpossibleClassIsRefusedWithWords() throws IOException {
        var crowd = crowd(11, ALL_HEAVY);
        assertThat(List.of("Bulk", "", "a b")).allSatisfy(name -> org.assertj.core.api.Assertions
                .assertThatThrownBy(() -> new FlowOptions(name, 4, true)).hasMessageContaining("class of flows"));
        assertThat(crowd.members).isEmpty();
    }
}

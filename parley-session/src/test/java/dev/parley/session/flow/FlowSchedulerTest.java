package dev.parley.session.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.flow.FlowScheduler.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlowSchedulerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final FlowScheduler scheduler = new FlowScheduler(FlowRules.DEFAULT);

    private FlowScheduler.Asked ask(long session, int priority, long now) {
        return scheduler.ask(request("bulk", session, priority, true), now);
    }

    private static FlowRequest request(String flowClass, long session, int priority, boolean wait) {
        return new FlowRequest(flowClass, priority, 1000, wait, session, "user" + session);
    }

    @Test
    void theFirstFlowIsGrantedAndTheSecondWaitsUntilItIsDone() {
        var first = ask(1, 4, 0);
        var second = ask(2, 4, SECOND);

        assertThat(first.effects()).containsExactly(new Effect.Grant(first.id()));
        assertThat(second.effects()).isEmpty();
        assertThat(scheduler.place(second.id(), SECOND)).hasValueSatisfying(place -> {
            assertThat(place.place()).isEqualTo(1);
            assertThat(place.holders()).containsExactly("user1");
            assertThat(place.estimate()).isEmpty();
        });
        assertThat(scheduler.done(first.id(), 2 * SECOND)).containsExactly(new Effect.Grant(second.id()));
        assertThat(scheduler.place(second.id(), 2 * SECOND)).isEmpty();
    }

    @Test
    void classesDoNotHinderEachOtherAndHaveTheirCapacity() {
        var two = new FlowScheduler(FlowRules.DEFAULT.withCapacities(FlowRules.capacities("bulk=2, video=4")));

        assertThat(two.ask(request("bulk", 1, 4, true), 0).effects()).hasSize(1);
        assertThat(two.ask(request("bulk", 2, 4, true), 0).effects()).hasSize(1);
        assertThat(two.ask(request("bulk", 3, 4, true), 0).effects()).isEmpty();
        assertThat(two.ask(request("video", 4, 4, true), 0).effects()).hasSize(1);
        assertThat(two.ask(request("other", 5, 4, true), 0).effects()).hasSize(1);
        assertThat(two.ask(request("other", 6, 4, true), 0).effects()).isEmpty();
    }

    @Test
    void equalsAreServedInTheOrderOfTheirArrival() {
        var first = ask(1, 4, 0);
        var second = ask(2, 4, 1);
        var third = ask(3, 4, 2);

        assertThat(scheduler.done(first.id(), 3)).containsExactly(new Effect.Grant(second.id()));
        assertThat(scheduler.done(second.id(), 4)).containsExactly(new Effect.Grant(third.id()));
    }

    @Test
    void aMoreUrgentFlowGetsTheTokenWhenTheHolderGivesItAndTheHolderContinuesLater() {
        var holder = ask(1, 4, 0);

        var urgent = ask(2, 5, SECOND);

        assertThat(urgent.effects()).containsExactly(new Effect.Please(holder.id()));
        assertThat(scheduler.holds(urgent.id())).as("not before the holder's next checkpoint").isFalse();
        assertThat(scheduler.yielded(holder.id(), 2 * SECOND)).containsExactly(new Effect.Grant(urgent.id()));
        assertThat(scheduler.done(urgent.id(), 3 * SECOND)).containsExactly(new Effect.Grant(holder.id()));
    }

    @Test
    void anEqualOrLessUrgentFlowNeverPreempts() {
        ask(1, 4, 0);

        assertThat(ask(2, 4, 0).effects()).isEmpty();
        assertThat(ask(3, 0, 0).effects()).isEmpty();
        assertThat(scheduler.tick(600 * MINUTE)).isEmpty();
    }

    @Test
    void asManyHoldersAreAskedAsUrgentFlowsNeedAndTheLeastUrgentFirst() {
        var three = new FlowScheduler(FlowRules.DEFAULT.withCapacities(Map.of("bulk", 3)));
        var low = three.ask(request("bulk", 1, 1, true), 0);
        var middle = three.ask(request("bulk", 2, 2, true), 0);
        var high = three.ask(request("bulk", 3, 8, true), 0);

        assertThat(three.ask(request("bulk", 4, 5, true), 0).effects()).containsExactly(new Effect.Please(low.id()));
        assertThat(three.ask(request("bulk", 5, 5, true), 0).effects()).containsExactly(new Effect.Please(middle.id()));
        assertThat(three.ask(request("bulk", 6, 5, true), 0).effects()).as("nobody is less urgent any more").isEmpty();
        assertThat(three.holds(high.id())).isTrue();
    }

    @Test
    void waitingMakesUrgentSoThatNobodyStarves() {
        var rival = ask(1, 9, 0);
        var patient = ask(2, 0, 0);
        long now = 0;
        for (int i = 3; i < 8; i++) {
            now += 2 * MINUTE;
            var next = ask(i, 9, now);
            assertThat(scheduler.done(rival.id(), now + 1).getFirst().flow()).as("at " + now / MINUTE + " min").isIn(next.id(), patient.id());
            rival = scheduler.holds(next.id()) ? next : patient;
        }
        assertThat(scheduler.holds(patient.id())).as("after ten minutes it is as urgent as can be").isTrue();
        assertThat(scheduler.tick(now + MINUTE)).as("and is not pre-empted at once").isEmpty();
        assertThat(scheduler.tick(now + 2 * MINUTE)).as("but its credit is spent in the end").containsExactly(new Effect.Please(patient.id()));
    }

    @Test
    void whoWouldRatherNotWaitIsToldWhoHolds() {
        ask(1, 4, 0);

        var refused = scheduler.ask(request("bulk", 2, 9, false), 0);

        assertThat(refused.refused()).isTrue();
        assertThat(refused.words()).contains("user1", "try later");
        assertThat(refused.effects()).as("nobody is disturbed for it").isEmpty();
        assertThat(scheduler.snapshot(0).classes().getFirst().waiters()).isEmpty();
    }

    @Test
    void theQueueHasALimit() {
        var small = new FlowScheduler(new FlowRules(
                Map.of(), 0, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), 2));
        for (int i = 1; i <= 3; i++) {
            assertThat(small.ask(request("bulk", i, 4, true), 0).refused()).as("one holds, two wait").isFalse();
        }
        assertThat(small.ask(request("bulk", 4, 4, true), 0).refused()).isTrue();
    }

    @Test
    void thereIsALimitOfClassesAndAnUnusedOneIsForgotten() {
        var ids = new java.util.ArrayList<Long>();
        for (int i = 1; i < 64; i++) {
            ids.add(scheduler.ask(request("class-" + i, i, 4, true), 0).id());
        }
        assertThat(scheduler.ask(request("class-64", 64, 4, true), 0).refused()).isTrue();
        scheduler.done(ids.getFirst(), 0);
        assertThat(scheduler.ask(request("class-64", 64, 4, true), 0).refused()).isFalse();
    }

    @Test
    void theTokenOfADeadHolderComesBackAtOnceAndItsPlaceIsKeptForAWhile() {
        var dead = ask(1, 4, 0);
        var second = ask(2, 4, SECOND);
        var third = ask(3, 4, 2 * SECOND);

        assertThat(scheduler.lost(dead.id(), 3 * SECOND)).containsExactly(new Effect.Grant(second.id()));
        var back = ask(1, 4, 10 * SECOND);
        assertThat(scheduler.done(second.id(), 20 * SECOND)).as("it comes before the one that came later")
                .containsExactly(new Effect.Grant(back.id()));
        scheduler.lost(back.id(), 21 * SECOND);
        assertThat(scheduler.holds(third.id())).isTrue();
        scheduler.tick(21 * SECOND + 2 * MINUTE);
        assertThat(scheduler.snapshot(3 * MINUTE).classes().getFirst().waiters()).as("not for ever").isEmpty();
    }

    @Test
    void anAbsentFlowIsNotGranted() {
        var first = ask(1, 4, 0);
        var second = ask(2, 4, 0);
        var third = ask(3, 4, 0);
        scheduler.lost(second.id(), 1);

        assertThat(scheduler.done(first.id(), 2)).containsExactly(new Effect.Grant(third.id()));
    }

    @Test
    void aSessionThatComesBackOnANewConnectionTakesItsTokenWithIt() {
        var old = ask(1, 4, 0);
        var waiting = ask(2, 4, 0);

        var renewed = ask(1, 4, SECOND);

        assertThat(renewed.effects()).containsExactly(new Effect.Grant(renewed.id()));
        assertThat(scheduler.lost(old.id(), 2 * SECOND)).as("the old connection has no say any more").isEmpty();
        assertThat(scheduler.holds(renewed.id())).isTrue();
        assertThat(scheduler.holds(waiting.id())).isFalse();
    }

    @Test
    void aHolderThatDoesNotGiveWhenAskedLosesTheToken() {
        var holder = ask(1, 4, 0);
        var urgent = ask(2, 9, 0);

        assertThat(scheduler.tick(2 * MINUTE - 1)).isEmpty();
        assertThat(scheduler.tick(2 * MINUTE)).satisfiesExactly(
                evict -> assertThat(evict).isInstanceOf(Effect.Evict.class).extracting(Effect::flow).isEqualTo(holder.id()),
                grant -> assertThat(grant).isEqualTo(new Effect.Grant(urgent.id())));
    }

    @Test
    void theEstimateFollowsWhatIsLeftAndHowFastItGoes() {
        var holder = ask(1, 4, 0);
        var second = ask(2, 4, 0);
        var third = ask(3, 4, 0);

        scheduler.progress(holder.id(), 200, 2 * SECOND);

        assertThat(scheduler.place(second.id(), 2 * SECOND).flatMap(FlowSnapshot.Place::estimate)).isEqualTo(Optional.of(Duration.ofSeconds(8)));
        assertThat(scheduler.place(third.id(), 2 * SECOND).flatMap(FlowSnapshot.Place::estimate)).isEqualTo(Optional.of(Duration.ofSeconds(18)));
    }

    /// A holder that is slowed down (`--bwlimit`) after others were fast, and those that wait behind it.
    @Test
    void theEstimateGoesByTheHoldersOwnRate() {
        var fast = ask(1, 4, 0);
        scheduler.progress(fast.id(), 1_000_000_000, 10 * SECOND);
        scheduler.done(fast.id(), 10 * SECOND);
        var slow = ask(2, 4, 10 * SECOND);
        var second = ask(3, 4, 10 * SECOND);
        var third = ask(4, 4, 10 * SECOND);

        scheduler.progress(slow.id(), 50, SECOND / 2);
        assertThat(scheduler.place(second.id(), 11 * SECOND).flatMap(FlowSnapshot.Place::estimate))
                .as("half a second is too little to know").hasValueSatisfying(e -> assertThat(e).isLessThan(Duration.ofMillis(10)));
        scheduler.progress(slow.id(), 50, SECOND / 2);

        assertThat(scheduler.place(second.id(), 11 * SECOND).flatMap(FlowSnapshot.Place::estimate)).contains(Duration.ofSeconds(9));
        assertThat(scheduler.place(third.id(), 11 * SECOND).flatMap(FlowSnapshot.Place::estimate))
                .as("who waits before is taken for one like all").contains(Duration.ofMillis(9_000));
    }

    /// What it did in its first minutes is forgotten when it gets slower.
    @Test
    void theEstimateFollowsAHolderThatGetsSlower() {
        var holder = scheduler.ask(new FlowRequest("bulk", 4, 1_000_000, true, 1, "user1"), 0);
        var second = ask(2, 4, 0);
        for (int second1 = 0; second1 < 100; second1++) {
            scheduler.progress(holder.id(), 1_000, SECOND);
        }
        for (int slow = 0; slow < 600; slow++) {
            scheduler.progress(holder.id(), 10, SECOND);
        }

        var left = 1_000_000 - 106_000;
        assertThat(scheduler.place(second.id(), 700 * SECOND).flatMap(FlowSnapshot.Place::estimate))
                .hasValueSatisfying(e -> assertThat(e).isGreaterThan(Duration.ofSeconds(left / 12)));
    }

    @Test
    void theRulesSayWhatTheyTake() {
        assertThat(FlowRules.capacities("bulk=2,video=4")).isEqualTo(Map.of("bulk", 2, "video", 4));
        assertThat(FlowRules.capacities("")).isEmpty();
        for (var wrong : List.of("bulk", "bulk=x", "=1", "bulk=0", "bulk=1001", "Bulk=1", "bulk=1,,a=1")) {
            assertThatThrownBy(() -> FlowRules.DEFAULT.withCapacities(FlowRules.capacities(wrong)))
                    .as(wrong).isInstanceOf(SessionException.Refused.class);
        }
        assertThatThrownBy(() -> request("bulk", 1, 10, true)).isInstanceOf(SessionException.Refused.class);
        assertThat(FlowRules.DEFAULT.isHeavy((64 << 20) - 1)).isFalse();
        assertThat(FlowRules.DEFAULT.isHeavy(64 << 20)).isTrue();
        assertThat(FlowRules.DEFAULT.isHeavy(-1)).as("of unknown length").isTrue();
    }
}

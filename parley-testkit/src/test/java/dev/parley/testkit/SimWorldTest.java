package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimWorldTest {
    private final SimWorld world = new SimWorld(1);
    private final SimProcess process = world.process("p");
    private final List<Integer> done = new ArrayList<>();

    @Test
    void tasksAndWorkOfOneLoopKeepTheirOrder() {
        var loop = process.loop();
        IntStream.range(0, 50).forEach(i -> loop.execute(() -> done.add(i)));
        IntStream.range(50, 100).forEach(i -> loop.offload(() -> i, (result, _) -> done.add(result == null ? -1 : result)));

        assertThat(world.run(() -> done.size() == 100, Duration.ofSeconds(1))).isTrue();

        assertThat(done.subList(50, 100)).isSorted();
        assertThat(done).isSorted();
    }

    @Test
    void theSameSeedGivesTheSameTimes() {
        assertThat(timeOfTenTasks(7)).isEqualTo(timeOfTenTasks(7)).isNotEqualTo(timeOfTenTasks(8));
    }

    private static long timeOfTenTasks(long seed) {
        var world = new SimWorld(seed);
        var loop = world.process("p").loop();
        var count = new int[1];
        IntStream.range(0, 10).forEach(_ -> loop.execute(() -> count[0]++));
        world.run(() -> count[0] == 10, Duration.ofSeconds(1));
        return world.nanoTime();
    }

    @Test
    void aCancelledTimerDoesNotFireAndTheOthersFireInTime() {
        var loop = process.loop();
        loop.schedule(Duration.ofSeconds(1), () -> done.add(1)).cancel();
        loop.schedule(Duration.ofSeconds(2), () -> done.add(2));

        assertThat(world.run(() -> done.size() == 1, Duration.ofSeconds(3))).isTrue();

        assertThat(done).containsExactly(2);
        assertThat(world.nanoTime()).isBetween(2_000_000_000L, 2_001_000_000L);
    }

    @Test
    void aRunEndsWhenItsTimeIsOverOrNothingIsLeft() {
        assertThat(world.run(() -> false, Duration.ofSeconds(1))).isFalse();
        process.loop().schedule(Duration.ofSeconds(2), () -> done.add(1));
        assertThat(world.run(() -> !done.isEmpty(), Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void nothingOfAKilledProcessRuns() {
        process.loop().schedule(Duration.ofSeconds(1), () -> done.add(1));
        world.after(Duration.ofMillis(500), process::kill);

        assertThat(world.run(() -> !done.isEmpty(), Duration.ofSeconds(5))).isFalse();
    }

    @Test
    void aProcessDiesAtTheChosenOperation() {
        process.killAtOperation(2);
        process.loop().offload(() -> {
            process.operation();
            done.add(1);
            process.operation();
            done.add(2);
            return true;
        }, (_, _) -> done.add(3));

        world.run(() -> false, Duration.ofSeconds(1));

        assertThat(done).containsExactly(1);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aFrozenProcessDoesWhatWasDueAfterwardsInOrder() {
        var loop = process.loop();
        loop.execute(() -> done.add(1));
        loop.schedule(Duration.ofSeconds(1), () -> done.add(2));
        process.freeze(Duration.ofMinutes(1));

        assertThat(world.run(() -> done.size() == 2, Duration.ofMinutes(2))).isTrue();

        assertThat(done).containsExactly(1, 2);
        assertThat(world.nanoTime()).isGreaterThanOrEqualTo(Duration.ofMinutes(1).toNanos());
    }
}

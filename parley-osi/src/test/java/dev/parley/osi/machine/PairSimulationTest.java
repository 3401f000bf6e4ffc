package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two machines joined by a line, and two random users who issue requests at any time, so that everything collides with everything. Each seed
/// takes the next legal combination of functional units.
///
/// Whenever the line is quiet both sides agree on tokens, serial numbers and the activity; no state is stuck; what X.215 allows is not refused,
/// and what it forbids does not get through; no side finds fault with the other.
class PairSimulationTest {
    @Test
    void hundredsOfSeeds() {
        run(0, 600);
    }

    /// `-Dosi.pair.seeds=100000` runs the full amount, `-Dosi.pair.first=N` begins elsewhere.
    @Test
    @Tag("slow")
    void manySeeds() {
        int first = Integer.getInteger("osi.pair.first", 1_000);
        run(first, first + Integer.getInteger("osi.pair.seeds", 8_000));
    }

    private static void run(int from, int to) {
        int released = 0;
        for (int seed = from; seed < to; seed++) {
            var pair = new Pair(seed);
            try {
                released += pair.live() ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                var tail = pair.log.subList(Math.max(0, pair.log.size() - 60), pair.log.size());
                var words = tail.stream().map(Object::toString).collect(Collectors.joining("\n"));
                throw new AssertionError("seed " + seed + ", units " + pair.a.proposal + "\n" + words, e);
            }
        }
        assertThat(released).as("sessions that came as far as an orderly release").isPositive();
    }
}

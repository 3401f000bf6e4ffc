package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of either side at random moments. `-Dparley.kills=50` says how many, `-Dparley.seed=N` replays.
@Tag("slow")
@Timeout(1200)
class KillProcessTest {
    private static final int SIZE = 16_000_000;

    @TempDir
    Path folder;

    @Test
    void killsAtRandomMomentsLoseNothingAndDoubleNothing() throws Exception {
        int kills = Integer.getInteger("parley.kills", 8);
        long seed = Long.getLong("parley.seed", System.nanoTime());
        var random = new Random(seed);
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var address = server.await("ready").path("address").asText();
            int done = 0;
            for (int round = 0; done < kills; round++) {
                var name = "data" + round + ".img";
                var file = parleys.file(name, SIZE, seed + round);
                var sender = parleys.send(name, address);
                int faults = 0;
                // At most three kills in one transfer, each some way beyond the last one.
                for (long at = 0; faults < 3 && done < kills; done++, faults++) {
                    at += random.nextInt(SIZE / 4) + 1;
                    sender.awaitOffset(at);
                    if (random.nextBoolean()) {
                        sender.kill();
                        sender = parleys.send(name, address);
                    } else {
                        server.kill();
                        server = parleys.serve(address);
                        server.await("ready");
                    }
                }
                assertThat(sender.exit()).as("seed %s, round %s, %s", seed, round, sender).isZero();
                assertThat(parleys.inbox(name)).as("seed %s, round %s", seed, round).hasSameBinaryContentAs(file);
                assertThat(sender.await("done").path("resent_bytes").asLong()).as("seed %s, round %s", seed, round)
                        .isBetween(0L, faults * Parleys.WINDOW);
            }
        }
    }
}

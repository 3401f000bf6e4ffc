package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of either side at 50 random moments. `-Dparley.kills=N` says how many, `-Dparley.seed=N` replays.
@Tag("slow")
@Timeout(1200)
class KillProcessTest {
    /// At most so many in one transfer, each at most a step beyond the checkpoint that the connection began with.
    private static final int MOST_FAULTS = 10;
    private static final int STEP = 400_000;
    /// A connection gets a little further than a step, and a transfer is longer than all these together: it is not over before its faults are.
    private static final long REACH = STEP + 200_000;
    private static final int SIZE = (int) REACH * (MOST_FAULTS + 1);

    @TempDir
    Path folder;

    @Test
    void killsAtRandomMomentsLoseNothingAndDoubleNothing() throws Exception {
        int kills = Integer.getInteger("parley.kills", 50);
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
                int faults = 0;
                try (var gate = new Gate(address, REACH)) {
                    var sender = parleys.process(parleys.send(name, gate.address()));
                    for (long at = 0; faults < MOST_FAULTS && done < kills; done++, faults++) {
                        at += random.nextInt(STEP) + 1;
                        sender.awaitOffset(at);
                        if (random.nextBoolean()) {
                            sender.kill();
                            sender = parleys.process(parleys.send(name, gate.address()));
                        } else {
                            server.kill();
                            server = parleys.serve(address);
                            server.await("ready");
                        }
                    }
                    gate.open();
                    assertThat(sender.exit()).as("seed %s, round %s, %s", seed, round, sender).isZero();
                    assertThat(parleys.inbox(name)).as("seed %s, round %s", seed, round).hasSameBinaryContentAs(file);
                    assertThat(sender.await("done").path("resent_bytes").asLong()).as("seed %s, round %s", seed, round)
                            .isBetween(0L, faults * Parleys.WINDOW);
                }
            }
        }
    }
}

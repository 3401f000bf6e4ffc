package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// kill -9 of either side at random moments, of `send` and of `get`. What is sent twice is counted on the line, not believed.
/// `-Dparley.kills=N` says how many, `-Dparley.seed=N` replays.
@Tag("slow")
@Timeout(1200)
class KillProcessTest {
    /// At most so many in one transfer, each at most a step beyond the checkpoint that the connection began with.
    private static final int MOST_FAULTS = 10;
    private static final int STEP = 400_000;
    /// A connection gets a little further than a step, and a transfer is longer than all these together: it is not over before its faults are.
    private static final long REACH = STEP + 200_000;
    private static final int SIZE = (int) REACH * (MOST_FAULTS + 1);
    /// What a connection needs besides pages, in octets: TLS, the login, the offer, the end. Headers and checkpoints are less than one in 100.
    private static final long SET_UP = 8_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"send, 50", "get, 25"})
    void killsAtRandomMomentsLoseNothingAndDoubleNothing(String command, int moments) throws Exception {
        int kills = Integer.getInteger("parley.kills", moments);
        long seed = Long.getLong("parley.seed", System.nanoTime());
        var random = new Random(seed);
        boolean get = command.equals("get");
        var way = get ? Gate.Way.BACK : Gate.Way.THERE;
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var server = parleys.serve("127.0.0.1:0");
            var address = server.await("ready").path("address").asText();
            int done = 0;
            for (int round = 0; done < kills; round++) {
                var where = "%s, seed %s, round %s".formatted(command, seed, round);
                var name = "data" + round + ".img";
                var file = parleys.file(get ? "inbox/" + name : name, SIZE, seed + round);
                var arrived = get ? Files.createDirectories(folder.resolve("here")).resolve(name) : parleys.inbox(name);
                int faults = 0;
                try (var gate = new Gate(address, way, REACH)) {
                    var line = get ? parleys.get("alice@" + gate.address() + "/" + name, arrived.getParent() + "/", "--json")
                            : parleys.send(name, gate.address());
                    var client = parleys.process(line);
                    for (long at = 0; faults < MOST_FAULTS && done < kills; done++, faults++) {
                        at += random.nextInt(STEP) + 1;
                        client.awaitOffset(at);
                        if (random.nextBoolean()) {
                            client.kill();
                            client = parleys.process(line);
                        } else {
                            server.kill();
                            server = parleys.serve(address);
                            server.await("ready");
                        }
                    }
                    gate.open();
                    assertThat(client.exit()).as("%s, %s", where, client).isZero();
                    assertThat(arrived).as(where).hasSameBinaryContentAs(file);
                    var told = client.await("done").path("resent_bytes").asLong();
                    assertThat(told).as("%s: sent twice, as it says itself", where).isBetween(0L, faults * Parleys.WINDOW);
                    long twice = gate.entered(way) - SIZE;
                    assertThat(twice).as("%s: all that was more than the file on the line, of which it knew %s", where, told)
                            .isBetween(0L, faults * Parleys.WINDOW + SIZE / 100 + gate.connections() * SET_UP);
                }
            }
        }
    }
}

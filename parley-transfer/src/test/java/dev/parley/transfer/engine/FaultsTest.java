package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.login.Identity;
import dev.parley.testkit.SimCable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both sides of a transfer under faults by seed: cut and silent lines, damaged pages, stalls, deaths of either side, power failures, frozen
/// processes. No acknowledged checkpoint is lost, no octet doubled, nothing hangs. `-Dparley.seed=N` replays one seed,
/// `-Dparley.seeds=N` says how many the slow suite tries of each.
class FaultsTest {
    private static final Settings SETTINGS = new Settings(512, 2, 3, Duration.ofSeconds(5));
    /// The serial numbers end after three checkpoints, and a file goes on in another activity.
    private static final Settings ROLLING = new Settings(512, 2, 3, Duration.ofSeconds(5), 3);
    private static final int FAST_SEEDS = 200;
    /// Not a file or a folder, but standard input: nobody knows its length, and another process reads it from its beginning again.
    private static final String STREAM = "stream";

    @TempDir
    static Path folder;

    private static Identity identity;

    @BeforeAll
    static void prepare() throws IOException {
        identity = Identity.in(folder.resolve("identity"));
        var random = new Random(2);
        Files.createDirectories(folder.resolve("here"));
        for (var place : new String[] {"", "served/"}) {
            write(random, place + "data.bin", 20 * 1024 + 77);
            // Two files of their own, the others in batches, and an empty folder.
            for (int i = 0; i < 14; i++) {
                write(random, place + "tree/sub" + i % 3 + "/file" + i, new int[] {0, 1, 512, 2500, 5120, 300, 511}[i % 7]);
            }
            for (int i = 0; i < 200; i++) {
                write(random, place + "many/file" + i, 500);
            }
            Files.createDirectories(folder.resolve(place + "tree/empty"));
            Files.createSymbolicLink(folder.resolve(place + "tree/link"), Path.of("sub1/file1"));
        }
    }

    private static void write(Random random, String name, int size) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        var content = new byte[size];
        random.nextBytes(content);
        Files.write(file, content);
        // No program of the simulation is root: what cannot be written must still be resumed.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(size % 2 == 0 ? "rw-r--r--" : "r--r--r--"));
    }

    @Test
    void aFileSurvivesFaultsOfAllKinds() throws IOException {
        seeds(FAST_SEEDS, "data.bin");
    }

    @Test
    void aFolderSurvivesFaultsOfAllKinds() throws IOException {
        seeds(FAST_SEEDS / 2, "tree");
    }

    @Test
    void aStreamSurvivesFaultsOfAllKinds() throws IOException {
        seeds(FAST_SEEDS / 2, STREAM);
    }

    /// Whatever becomes durable before, during and after the restart, in whatever order that is told.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void damageIsRepairedWithoutAnotherConnection(boolean rolling) throws IOException {
        for (long seed = 0; seed < FAST_SEEDS; seed++) {
            var words = "seed " + seed;
            var transfer = transfer(seed, rolling ? ROLLING : SETTINGS, false, "data.bin");
            // A force may take as long as a window of everything else.
            transfer.net.slowest(Duration.ofMillis(1));
            transfer.serverProcess.slowestBeside(Duration.ofMillis(100));
            transfer.net.cables().getFirst().damageBuffer(SimCable.Way.TO_SERVER, 1 + transfer.world.random().nextInt(30), 512, 512, 1);

            var result = transfer.run(words);

            assertThat(result.failure()).as(() -> words + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
            transfer.verify(words);
            assertThat(transfer.net.cables()).as(() -> words + "\n" + transfer.world.trace()).hasSize(1);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"data.bin", "tree", STREAM})
    void thousandsOfSeeds(String what) throws IOException {
        seeds(Integer.getInteger("parley.seeds", 7_000), what);
    }

    private void seeds(int count, String what) throws IOException {
        var only = Long.getLong("parley.seed");
        if (only != null) {
            faults(only, what);
            return;
        }
        for (long seed = 0; seed < count; seed++) {
            faults(seed, what);
        }
    }

    private static SimTransfer transfer(long seed, Settings settings, boolean get, String what) throws IOException {
        return what.equals(STREAM)
                ? SimTransfer.stream(seed, folder, identity, settings, folder.resolve("data.bin"))
                : new SimTransfer(seed, folder, identity, settings, get, folder.resolve(get ? "served/" + what : what));
    }

    /// Which ways something goes: only the client's side has a standard input.
    private static boolean[] ways(String what) {
        return what.equals(STREAM) ? new boolean[] {false} : new boolean[] {false, true};
    }

    private void faults(long seed, String from) throws IOException {
        boolean get = seed % 2 == 1 && ways(from).length > 1;
        var words = "seed " + seed + " of " + from;
        var transfer = transfer(seed, seed % 3 == 0 ? ROLLING : SETTINGS, get, from);
        var random = transfer.world.random();
        transfer.net.slowest(Duration.ofMillis(1 + random.nextInt(20))).mostSegment(1 + random.nextInt(4000));
        int faults = 1 + random.nextInt(6);
        for (int i = 0; i < faults; i++) {
            var at = Duration.ofMillis(random.nextInt(2000));
            switch (random.nextInt(8)) {
                case 0, 1 -> transfer.world.after(at, () -> transfer.net.cables().getLast().cut());
                case 2 -> transfer.world.after(at, () -> transfer.net.cables().getLast().silence());
                case 3 -> transfer.net.cables().getFirst().damageBuffer(
                        get ? SimCable.Way.TO_CLIENT : SimCable.Way.TO_SERVER, 1 + random.nextInt(30), 512, 512, 1 << random.nextInt(8));
                case 4 -> transfer.world.after(at, () -> transfer.restartServer(random.nextBoolean(), Duration.ofMillis(random.nextInt(3000))));
                case 5 -> transfer.world.after(at, () -> transfer.restartClient(random.nextBoolean(), Duration.ofMillis(random.nextInt(3000))));
                case 6 -> (random.nextBoolean() ? transfer.serverProcess : transfer.clientProcess).killAtOperation(1 + random.nextInt(150));
                default -> {
                    var frozen = random.nextBoolean();
                    transfer.world.after(at, () -> (frozen ? transfer.serverProcess : transfer.clientProcess)
                            .freeze(Duration.ofMillis(random.nextInt(20_000))));
                }
            }
        }
        transfer.reviveAlways();

        var result = transfer.run(words);

        assertThat(result.failure()).as(() -> words + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
        transfer.verify(words);
        transfer.verifyResent(words);
    }

    /// One operation fails, each one in turn; the command is given again until it is done.
    @ParameterizedTest
    @CsvSource({"ENOSPC, data.bin", "EIO, data.bin", "ENOSPC, stream", "EIO, stream"})
    void aDiskThatFailsAtAnyOperationLosesNothing(String how, String what) throws IOException {
        failingDisk(how, what);
    }

    /// Batches, files of their own, folders, links and modes.
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"ENOSPC", "EIO"})
    void aDiskThatFailsAtAnyOperationOfAFolderLosesNothing(String how) throws IOException {
        failingDisk(how, "tree");
    }

    /// What cannot be read is said to be the source; the same command goes on when it can be read again.
    @ParameterizedTest
    @ValueSource(strings = {"data.bin", "tree"})
    void aSourceThatFailsAtAnyOperationIsGoneOnWith(String what) throws IOException {
        for (boolean get : ways(what)) {
            long n = 1;
            for (boolean failed = true; failed; n++) {
                var words = "EIO at operation " + n + " of the source" + (get ? " of a get of " : " of a send of ") + what;
                var transfer = transfer(n, SETTINGS, get, what);
                transfer.senderDisk().failAt(n, "EIO");
                var first = transfer.run(words);
                failed = transfer.senderDisk().hasFailed();
                if (failed) {
                    assertThat(first.failure()).as(words + ": " + first.words()).contains(Failure.SOURCE);
                    transfer.again();
                    first = transfer.run(words);
                }
                var last = first;
                assertThat(last.failure()).as(() -> words + ": " + last.words() + "\n" + transfer.world.trace()).isEmpty();
                transfer.verify(words);
            }
            assertThat(n).isGreaterThan(10);
        }
    }

    private void failingDisk(String how, String what) throws IOException {
        for (boolean get : ways(what)) {
            long n = 1;
            for (boolean failed = true; failed; n++) {
                var words = how + " at operation " + n + (get ? " of a get of " : " of a send of ") + what;
                var transfer = transfer(n, SETTINGS, get, what);
                transfer.receiverDisk().failAt(n, how);
                var first = transfer.run(words);
                failed = transfer.receiverDisk().hasFailed();
                for (int i = 0; i < 3 && first.failure().isPresent(); i++) {
                    assertThat(first.failure().get().resumable()).as(words + ": " + first.words()).isTrue();
                    if (n % 2 == 0) {
                        transfer.restartServer(!get, Duration.ofMillis(1));
                    }
                    transfer.again();
                    first = transfer.run(words);
                }
                var last = first;
                assertThat(last.failure()).as(() -> words + ": " + last.words() + "\n" + transfer.world.trace()).isEmpty();
                transfer.verify(words);
            }
            assertThat(n).isGreaterThan(60);
        }
    }

    /// The store fails at one writing call, each one in turn.
    @ParameterizedTest
    @ValueSource(strings = {"data.bin", "tree", STREAM})
    void aStoreThatFailsAtAnyCallLosesNothing(String what) throws IOException {
        for (boolean get : ways(what)) {
            long n = 1;
            for (boolean failed = true; failed; n++) {
                var words = "store failure at call " + n + (get ? " of a get of " : " of a send of ") + what;
                var transfer = transfer(n, SETTINGS, get, what);
                transfer.receiverStore().failAt = transfer.receiverStore().writes() + n;
                var last = transfer.run(words);
                failed = transfer.receiverStore().writes() >= transfer.receiverStore().failAt;
                for (int i = 0; i < 3 && last.failure().isPresent(); i++) {
                    transfer.again();
                    last = transfer.run(words);
                }
                assertThat(last.failure()).as(words + ": " + last.words() + "\n" + transfer.world.trace()).isEmpty();
                transfer.verify(words);
            }
            // Points that became durable together have one record.
            assertThat(n).isGreaterThan(10);
        }
    }

    /// What a client keeps is more than fits into an answer, late in a batch.
    @ParameterizedTest
    @ValueSource(ints = {10, 60, 120, 160, 195})
    void aBatchWithMoreReceiptsThanAnAnswerHoldsGoesOn(int after) throws IOException {
        for (long seed = 0; seed < 3; seed++) {
            var words = "seed " + seed + " after " + after + " files";
            var transfer = transfer(seed, SETTINGS, true, "many");
            transfer.whenArrived(after, () -> transfer.restartServer(true, Duration.ofMillis(10)));

            var result = transfer.run(words);

            assertThat(result.failure()).as(() -> words + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
            transfer.verify(words);
            assertThat(transfer.net.cables()).hasSizeGreaterThan(1);
        }
    }

    /// On the client's machine, while it waits to come back.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSessionThatIsCancelledWhileTheLineIsLostDoesNotComeBack(boolean get) throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            var words = "seed " + seed;
            var transfer = transfer(seed, SETTINGS, get, "data.bin");
            transfer.world.after(Duration.ofMillis(15 + seed), () -> {
                transfer.clientStore.cancelAll();
                transfer.net.cables().getLast().cut();
            });

            var result = transfer.run(words);

            assertThat(result.failure()).as(() -> words + ": " + result.words() + "\n" + transfer.world.trace()).contains(Failure.CANCELLED);
            transfer.settle();
            // A client that gets may notice before the line is there again: then the server keeps its part until it expires.
            assertThat(get || transfer.serverStore.isEmpty()).as(() -> words + "\n" + transfer.world.trace()).isTrue();
            assertThat(transfer.receiverDisk().files()).as(words).isEmpty();
        }
    }

    /// What the killed client never saw of it the server counts.
    @Test
    void theOctetsOfAGetAreCountedWhereTheyAreSent() throws IOException {
        long twice = 0;
        for (long seed = 0; seed < FAST_SEEDS; seed++) {
            var words = "seed " + seed;
            var transfer = transfer(seed, SETTINGS, true, "data.bin");
            var random = transfer.world.random();
            var at = Duration.ofMillis(10 + random.nextInt(100));
            transfer.world.after(at, () -> transfer.restartClient(random.nextBoolean(), Duration.ofMillis(50)));

            var result = transfer.run(words);

            assertThat(result.failure()).as(() -> words + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
            transfer.verify(words);
            transfer.verifyResent(words);
            assertThat(result.sent()).as(() -> words + "\n" + transfer.world.trace()).isEqualTo(transfer.sent());
            twice += result.sent() - result.size();
        }
        assertThat(twice).isPositive();
    }

    /// As by SIGSTOP and SIGCONT: the other side loses the frozen one and closes, so nothing of the old connection is left when it wakes up, and
    /// the transfer goes on over a new one. (Where the old one is still held by the server, `HostileProcessTest` has it fenced.)
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSideThatWasFrozenForLongerThanTheKeepaliveGoesOnOverANewConnection(boolean server) throws IOException {
        int lost = 0;
        for (long seed = 0; seed < 40; seed++) {
            var words = "seed " + seed;
            var transfer = new SimTransfer(seed, folder, identity, SETTINGS, false, folder.resolve("data.bin"));
            transfer.world.after(Duration.ofMillis(10 + 2 * seed), () ->
                    (server ? transfer.serverProcess : transfer.clientProcess).freeze(Duration.ofSeconds(30)));

            var result = transfer.run(words);

            assertThat(result.failure()).as(() -> words + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
            transfer.verify(words);
            // Frozen before the session or after it, it loses none.
            var sessions = transfer.log.stream().filter(l -> l.contains(" of alice ")).toList();
            if (sessions.size() > 1) {
                lost++;
                assertThat(sessions).as("%s: one session, by its number: %s", words, transfer.log).hasSize(2).containsOnly(sessions.getFirst());
                var end = server ? "the peer closed the connection" : "nothing was heard of the peer for 5 s";
                var between = transfer.log.subList(transfer.log.indexOf(sessions.getFirst()) + 1, transfer.log.lastIndexOf(sessions.getFirst()));
                assertThat(between).as("%s: the old connection ended before the new one began, %s", words, transfer.log)
                        .allMatch(l -> l.contains(end) || l.contains("the peer closed the connection") || l.endsWith("is complete"));
            }
        }
        assertThat(lost).as("transfers that were frozen in the middle").isGreaterThan(20);
    }
}

package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.login.Identity;
import dev.parley.testkit.SimCable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A small transfer of 31 checkpoints, and a folder with a batch of several, is cut after every octet of its connection, in each direction, in
/// virtual time: each time the result is identical and at most one window is sent twice. Every second octet by default in
/// the slow suite, for its time; `-Dparley.cut.step=1` is all of them.
class CutEverywhereTest {
    private static final Settings SETTINGS = new Settings(512, 1, 3, Duration.ofSeconds(30));
    private static final long WINDOW = 512L * 3;
    private static final int SIZE = 15 * 1024 + 350;

    @TempDir
    static Path folder;

    private static Identity identity;
    private static byte[] content;

    @BeforeAll
    static void prepare() throws IOException {
        identity = Identity.in(folder.resolve("identity"));
        content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Files.createDirectories(folder.resolve("served"));
        Files.createDirectories(folder.resolve("here"));
        Files.write(folder.resolve("data.bin"), content);
        Files.write(folder.resolve("served/data.bin"), content);
        for (var place : new String[] {"few", "served/few"}) {
            Files.createDirectories(folder.resolve(place));
            for (int i = 0; i < 8; i++) {
                Files.write(folder.resolve(place + "/file" + i), java.util.Arrays.copyOf(content, 37 * i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false, TO_SERVER", "false, TO_CLIENT", "true, TO_SERVER", "true, TO_CLIENT"})
    void aBatchCutAfterManyOctetsGoesOn(boolean get, SimCable.Way way) throws IOException {
        cutBatch(get, way, 29);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"false, TO_SERVER", "false, TO_CLIENT", "true, TO_SERVER", "true, TO_CLIENT"})
    void aBatchCutAfterEveryOctetGoesOn(boolean get, SimCable.Way way) throws IOException {
        cutBatch(get, way, Integer.getInteger("parley.cut.step", 2));
    }

    private void cutBatch(boolean get, SimCable.Way way, int step) throws IOException {
        int size = 37 * 28;
        var whole = few(get, 0);
        assertThat(whole.run("undisturbed").failure()).isEmpty();
        long octets = whole.net.cables().getFirst().carried(way);
        for (long at = 0; at < octets; at += step) {
            var what = "cut after octet " + at + " " + way + (get ? " of a get" : " of a send") + " of a batch";
            var transfer = few(get, at);
            transfer.net.cables().getFirst().cutAfter(way, at);

            var result = transfer.run(what);

            assertThat(result.failure()).as(() -> what + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
            transfer.verify(what);
            assertThat(transfer.sent() - size).as(() -> what + "\n" + transfer.world.trace()).isBetween(0L, WINDOW);
            assertThat(result.files()).as(what).isEqualTo(8);
            assertThat(result.size()).as(what).isEqualTo(size);
        }
    }

    private static SimTransfer few(boolean get, long seed) throws IOException {
        return new SimTransfer(seed, folder, identity, SETTINGS, get, folder.resolve(get ? "served/few" : "few"));
    }

    @ParameterizedTest
    @CsvSource({"false, TO_SERVER", "false, TO_CLIENT", "true, TO_SERVER", "true, TO_CLIENT"})
    void aTransferCutAfterManyOctetsGoesOn(boolean get, SimCable.Way way) throws IOException {
        cut(get, way, get == (way == SimCable.Way.TO_CLIENT) ? 31 : 7);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"false, TO_SERVER", "false, TO_CLIENT", "true, TO_SERVER", "true, TO_CLIENT"})
    void aTransferCutAfterEveryOctetGoesOn(boolean get, SimCable.Way way) throws IOException {
        cut(get, way, Integer.getInteger("parley.cut.step", 2));
    }

    private void cut(boolean get, SimCable.Way way, int step) throws IOException {
        var whole = transfer(get, 0);
        var undisturbed = whole.run("undisturbed");
        assertThat(undisturbed.failure()).as(undisturbed.words() + "\n" + whole.world.trace()).isEmpty();
        assertThat(undisturbed.sent()).isEqualTo(SIZE);
        long octets = whole.net.cables().getFirst().carried(way);
        assertThat(octets).isGreaterThan(get == (way == SimCable.Way.TO_CLIENT) ? SIZE : 500);

        for (long at = 0; at < octets; at += step) {
            cutAt(get, way, at);
        }
    }

    private void cutAt(boolean get, SimCable.Way way, long at) throws IOException {
        var what = "cut after octet " + at + " " + way + (get ? " of a get" : " of a send");
        var transfer = transfer(get, at);
        transfer.net.cables().getFirst().cutAfter(way, at);

        var result = transfer.run(what);

        assertThat(result.failure()).as(() -> what + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
        assertThat(transfer.arrived("data.bin").orElseThrow()).as(what).isEqualTo(content);
        assertThat(transfer.sent() - SIZE).as(() -> what + "\n" + transfer.world.trace()).isBetween(0L, WINDOW);
        assertThat(result.sent()).as(() -> what + "\n" + transfer.world.trace()).isBetween((long) SIZE, transfer.sent());
        assertThat(result.size()).as(what).isEqualTo(SIZE);
        assertThat(transfer.net.cables().size()).as(what).isLessThanOrEqualTo(2);
        assertThat(transfer.receiverDisk().files()).as(what).hasSize(1);
    }

    private static SimTransfer transfer(boolean get, long seed) throws IOException {
        return new SimTransfer(seed, folder, identity, SETTINGS, get, folder.resolve(get ? "served/data.bin" : "data.bin"));
    }
}

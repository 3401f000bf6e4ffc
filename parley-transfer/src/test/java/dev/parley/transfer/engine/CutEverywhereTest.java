package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.login.Identity;
import dev.parley.testkit.SimCable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A small transfer of 31 checkpoints, as a file and as a stream, and a folder with a batch of several, is cut after every octet of its
/// connection, in each direction, in virtual time: each time the result is identical and at most one window is sent twice. The slow suite
/// cuts after every octet, on all cores; `-Dparley.cut.step=N` after every N-th one.
@Timeout(1200)
class CutEverywhereTest {
    private static final Settings SETTINGS = new Settings(512, 1, 3, Duration.ofSeconds(30));
    private static final long WINDOW = 512L * 3;
    private static final int EVERY = Integer.getInteger("parley.cut.step", 1);
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
        cutBatch(get, way, EVERY);
    }

    private void cutBatch(boolean get, SimCable.Way way, int step) throws IOException {
        int size = 37 * 28;
        var whole = few(get, 0);
        assertThat(whole.run("undisturbed").failure()).isEmpty();
        long octets = whole.net.cables().getFirst().carried(way);
        everywhere(octets, step, at -> {
            var what = "cut after octet " + at + " " + way + (get ? " of a get" : " of a send") + " of a batch";
            var transfer = few(get, at);
            transfer.net.cables().getFirst().cutAfter(way, at);

            var result = transfer.run(what);

            assertThat(result.failure()).as(() -> what + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
            transfer.verify(what);
            assertThat(transfer.sent() - size).as(() -> what + "\n" + transfer.world.trace()).isBetween(0L, WINDOW);
            assertThat(result.files()).as(what).isEqualTo(8);
            assertThat(result.size()).as(what).isEqualTo(size);
        });
    }

    private interface Cut {
        void at(long octet) throws IOException;
    }

    /// Each is a world of its own.
    private static void everywhere(long octets, int step, Cut cut) {
        LongStream.range(0, (octets + step - 1) / step).parallel().forEach(n -> {
            try {
                cut.at(n * step);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static SimTransfer few(boolean get, long seed) throws IOException {
        return new SimTransfer(seed, folder, identity, SETTINGS, get, folder.resolve(get ? "served/few" : "few"));
    }

    @ParameterizedTest
    @CsvSource({"false, TO_SERVER", "false, TO_CLIENT", "true, TO_SERVER", "true, TO_CLIENT"})
    void aTransferCutAfterManyOctetsGoesOn(boolean get, SimCable.Way way) throws IOException {
        cut(get ? "get" : "send", way, get == (way == SimCable.Way.TO_CLIENT) ? 31 : 7);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"false, TO_SERVER", "false, TO_CLIENT", "true, TO_SERVER", "true, TO_CLIENT"})
    void aTransferCutAfterEveryOctetGoesOn(boolean get, SimCable.Way way) throws IOException {
        cut(get ? "get" : "send", way, EVERY);
    }

    @ParameterizedTest
    @EnumSource(SimCable.Way.class)
    void aStreamCutAfterManyOctetsGoesOn(SimCable.Way way) throws IOException {
        cut("stream", way, way == SimCable.Way.TO_SERVER ? 31 : 7);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(SimCable.Way.class)
    void aStreamCutAfterEveryOctetGoesOn(SimCable.Way way) throws IOException {
        cut("stream", way, EVERY);
    }

    private void cut(String what, SimCable.Way way, int step) throws IOException {
        boolean get = what.equals("get");
        var whole = transfer(what, 0);
        var undisturbed = whole.run("undisturbed");
        assertThat(undisturbed.failure()).as(undisturbed.words() + "\n" + whole.world.trace()).isEmpty();
        assertThat(undisturbed.sent()).isEqualTo(SIZE);
        long octets = whole.net.cables().getFirst().carried(way);
        assertThat(octets).isGreaterThan(get == (way == SimCable.Way.TO_CLIENT) ? SIZE : 500);

        everywhere(octets, step, at -> cutAt(what, way, at));
    }

    private void cutAt(String of, SimCable.Way way, long at) throws IOException {
        var what = "cut after octet " + at + " " + way + " of a " + of;
        var transfer = transfer(of, at);
        transfer.net.cables().getFirst().cutAfter(way, at);

        var result = transfer.run(what);

        assertThat(result.failure()).as(() -> what + ": " + result.words() + "\n" + transfer.world.trace()).isEmpty();
        assertThat(transfer.arrived(of.equals("stream") ? SimTransfer.STREAM : "data.bin").orElseThrow()).as(what).isEqualTo(content);
        assertThat(transfer.sent() - SIZE).as(() -> what + "\n" + transfer.world.trace()).isBetween(0L, WINDOW);
        assertThat(result.sent()).as(() -> what + "\n" + transfer.world.trace()).isBetween((long) SIZE, transfer.sent());
        assertThat(result.size()).as(what).isEqualTo(SIZE);
        assertThat(transfer.net.cables().size()).as(what).isLessThanOrEqualTo(2);
        assertThat(transfer.receiverDisk().files()).as(what).hasSize(1);
    }

    private static SimTransfer transfer(String what, long seed) throws IOException {
        if (what.equals("stream")) {
            return SimTransfer.stream(seed, folder, identity, SETTINGS, folder.resolve("data.bin"));
        }
        boolean get = what.equals("get");
        return new SimTransfer(seed, folder, identity, SETTINGS, get, folder.resolve(get ? "served/data.bin" : "data.bin"));
    }
}

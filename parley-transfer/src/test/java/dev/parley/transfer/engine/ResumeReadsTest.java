package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.tree.TreeState;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A sparse file of 1 TiB, of which half is confirmed, with real data around that point. When it goes on, not one octet before the last
/// confirmed interval is read, on either side, so none is hashed either. How long it takes until new data are sent stands in
/// `target/resume.txt`; it is a figure and no test.
@Tag("slow")
@Timeout(120)
class ResumeReadsTest {
    private static final int PAGE = 64 << 10;
    private static final int PAGES = 40;
    private static final long INTERVAL = (long) PAGES * PAGE;
    private static final long SIZE = 1L << 40;
    /// Intervals that are confirmed.
    private static final long HALF = SIZE / 2 / INTERVAL;
    private static final long OFFSET = HALF * INTERVAL;
    private static final int WINDOW = 8;
    /// Checkpoints after which the test has seen enough.
    private static final int MORE = 4;
    private static final long SESSION = 7;

    @TempDir
    Path folder;

    /// What was read of files through one disk.
    private static final class Reads {
        final AtomicLong octets = new AtomicLong();
        final AtomicLong first = new AtomicLong(Long.MAX_VALUE);

        Disk of(Disk real) {
            return (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                var result = method.invoke(real, arguments);
                return result instanceof Disk.Handle handle ? counted(handle) : result;
            });
        }

        private Object counted(Disk.Handle handle) {
            return Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.Handle.class}, (_, method, values) -> {
                var result = method.invoke(handle, values);
                if (method.getName().equals("read")) {
                    octets.addAndGet((Integer) result);
                    first.accumulateAndGet((Long) values[0], Math::min);
                }
                return result;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "get"})
    void halfOfATerabyteIsNotReadAgain(String command) throws Exception {
        boolean get = command.equals("get");
        var atServer = new Reads();
        var atClient = new Reads();
        try (var served = new Served(folder, atServer.of(new OsDisk()))) {
            served.settings = new Settings(PAGE, PAGES, WINDOW, Duration.ofSeconds(20));
            served.disk = atClient.of(new OsDisk());
            var here = folder.resolve("here");
            var last = new byte[(int) INTERVAL];
            new Random(1).nextBytes(last);
            var source = source(folder.resolve(get ? "inbox/huge" : "huge"), last);
            var part = source(Files.createDirectories((get ? here : folder.resolve("inbox")).resolve(".parley")).resolve("7-huge.part"), last);
            try (var access = new RandomAccessFile(part.path().toFile(), "rw")) {
                access.setLength(OFFSET);
            }
            halfDone(served, source, last, get, here);
            var began = new AtomicLong();
            served.told = event -> {
                if (event instanceof TransferEvent.Sent) {
                    began.compareAndSet(0, System.nanoTime());
                }
                if (event instanceof TransferEvent.Checkpoint c && c.offset() >= OFFSET + MORE * INTERVAL) {
                    java.util.Objects.requireNonNull(served.client).stop();
                }
            };

            long start = System.nanoTime();
            var result = get ? served.get("huge", here) : served.send(source, served.listener.address());

            assertThat(result.words()).as("%s", served.log).isEqualTo("stopped");
            assertThat(served.events).anyMatch(e -> e instanceof TransferEvent.Resumed r && r.offset() == OFFSET);
            assertThat(served.events).anyMatch(e -> e instanceof TransferEvent.Checkpoint c && c.offset() >= OFFSET + MORE * INTERVAL);
            var sender = get ? atServer : atClient;
            var receiver = get ? atClient : atServer;
            assertThat(sender.first.get()).as("where the sender reads first").isGreaterThanOrEqualTo(OFFSET - INTERVAL);
            assertThat(sender.octets.get()).as("what the sender reads").isPositive();
            assertThat(receiver.octets.get()).as("what the receiver reads").isZero();
            var words = String.format(Locale.ROOT, "%s: half of 1 TiB confirmed; %.3f s from the start to new data on the line%n",
                    command, (began.get() - start) / 1e9);
            Files.writeString(Path.of("target", "resume-" + command + ".txt"), words);
        } finally {
            for (var name : new String[] {"huge", "inbox/huge", "inbox/.parley/7-huge.part", "here/.parley/7-huge.part"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
        }
    }

    /// Holes, but for the interval before the half and four after it.
    private static Source source(Path path, byte[] last) throws Exception {
        try (var access = new RandomAccessFile(path.toFile(), "rw")) {
            access.setLength(SIZE);
            access.seek(OFFSET - INTERVAL);
            access.write(last);
            var more = new byte[last.length];
            for (int i = 0; i < MORE; i++) {
                new Random(2 + i).nextBytes(more);
                access.write(more);
            }
        }
        return Source.of(path, "huge");
    }

    /// As it is written down when the first half was sent and confirmed.
    private static void halfDone(Served served, Source source, byte[] last, boolean get, Path here) {
        var tree = HugeFileTest.zeros((HALF - 1) * PAGES);
        for (int at = 0; at < last.length; at += PAGE) {
            tree.add(ByteBuffer.wrap(last, at, PAGE));
        }
        var crc = new CRC32C();
        crc.update(last);
        var details = Json.object().put("size", source.size()).put("modified", source.modifiedNanos()).put("identity", source.detail())
                .put("part", SESSION + "-huge.part").put("lastOffset", OFFSET - INTERVAL).put("lastCrc", (int) crc.getValue()).toString();
        var session = served.serverStore.newSession("alice", get ? "get" : "send", 1_000);
        var server = served.identity.fingerprint();
        if (get) {
            served.serverStore.note(progress(session.number(), session.epoch(), tree, "{}", source));
            var mine = served.clientStore.adopt(server, session.number(), "alice", here.toAbsolutePath().toString(), 1_000);
            served.clientStore.confirm(progress(mine.number(), mine.epoch(), tree, details, source));
        } else {
            served.serverStore.confirm(progress(session.number(), session.epoch(), tree, details, source));
        }
        served.clientStore.putTransfer(new Store.Transfer(
                (get ? "get" : "send") + " huge " + server, session.number(), server, "open", 1, 0, 0));
    }

    private static Store.Progress progress(long session, long epoch, TreeState tree, String details, Source source) {
        return new Store.Progress(session, "huge", epoch, HALF, OFFSET, tree.toBytes(), details, source.size());
    }
}

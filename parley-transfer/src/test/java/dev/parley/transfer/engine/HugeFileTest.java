package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files of terabytes, sparse, of which all but the end is confirmed already. Nothing confirmed is read again beyond the last interval, and
/// more checkpoints than there are serial numbers do no harm.
@Timeout(120)
class HugeFileTest {
    private static final int PAGE = 64 << 10;
    private static final long INTERVAL = 40L * PAGE;

    @TempDir
    Path folder;

    /// The tree over so many pages of zeros.
    static TreeState zeros(long leaves) {
        var one = TreeState.empty();
        one.add(ByteBuffer.allocate(PAGE));
        var subtrees = new ArrayList<byte[]>();
        subtrees.add(one.root());
        for (int i = 1; i < 40; i++) {
            var pair = TreeState.empty();
            var below = subtrees.getLast();
            subtrees.add(pair.node(below, below));
        }
        var state = ByteBuffer.allocate(8 + 32 * Long.bitCount(leaves)).putLong(leaves);
        for (int bit = 39; bit >= 0; bit--) {
            if ((leaves >> bit & 1) != 0) {
                state.put(subtrees.get(bit));
            }
        }
        return TreeState.fromBytes(state.array());
    }

    /// Counts what is read of files.
    private static Disk counting(AtomicLong octets) {
        var real = new OsDisk();
        return (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
            var result = method.invoke(real, arguments);
            if (!method.getName().equals("openForRead")) {
                return result;
            }
            return Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.Handle.class}, (_, inner, values) -> {
                var read = inner.invoke(result, values);
                if (inner.getName().equals("read")) {
                    octets.addAndGet((Integer) read);
                }
                return read;
            });
        });
    }

    /// @param confirmed intervals, all of zeros
    /// @param serial of the last one
    private void goesOn(long confirmed, long serial, int more) throws Exception {
        long offset = confirmed * INTERVAL;
        var file = folder.resolve("huge");
        var tail = new byte[(int) (more * INTERVAL) - 12_345];
        new java.util.Random(confirmed).nextBytes(tail);
        java.util.Arrays.fill(tail, (int) INTERVAL, (int) INTERVAL * 2, (byte) 0);
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(offset);
            access.seek(offset);
            access.write(tail);
        }
        try (var served = new Served(folder)) {
            var source = Source.of(file, "huge");
            var session = served.serverStore.newSession("alice", "send", 1_000);
            var crc = new CRC32C();
            crc.update(ByteBuffer.allocate((int) INTERVAL));
            var details = Json.object().put("size", source.size()).put("modified", source.modifiedNanos()).put("identity", source.detail())
                    .put("part", "7-huge.part")
                    .put("lastOffset", offset - INTERVAL).put("lastCrc", (int) crc.getValue());
            served.serverStore.confirm(new Store.Progress(
                    session.number(), "huge", 1, serial, offset, zeros(confirmed * 40).toBytes(), details.toString(), source.size()));
            var part = folder.resolve("inbox/.parley/7-huge.part");
            Files.createDirectories(part.getParent());
            try (var access = new RandomAccessFile(part.toFile(), "rw")) {
                access.setLength(offset);
            }
            served.clientStore.putTransfer(new Store.Transfer(
                    "send huge " + served.identity.fingerprint(), session.number(), "", "open", 1, 0, 0));
            served.settings = new Settings(PAGE, 40, 8, Duration.ofSeconds(20));
            var read = new AtomicLong();
            served.disk = counting(read);

            var result = served.send(source, served.listener.address());

            assertThat(result.failure()).as(result.words() + served.log).isEmpty();
            assertThat(read.get()).as("the last interval and what follows").isEqualTo(INTERVAL + tail.length);
            assertThat(result.sent()).isEqualTo(tail.length);
            var whole = zeros(confirmed * 40);
            for (int at = 0; at < tail.length; at += PAGE) {
                whole.add(ByteBuffer.wrap(tail, at, Math.min(PAGE, tail.length - at)));
            }
            assertThat(served.events).anyMatch(e -> e instanceof TransferEvent.FileDone f && f.root().equals(whole.rootHex()));
            var arrived = folder.resolve("inbox/huge");
            assertThat(Files.size(arrived)).isEqualTo(offset + tail.length);
            try (var access = new RandomAccessFile(arrived.toFile(), "r")) {
                var end = new byte[tail.length];
                access.seek(offset);
                access.readFully(end);
                assertThat(end).isEqualTo(tail);
            }
            assertThat(blocks(arrived)).as("holes stay holes").isLessThan(tail.length - INTERVAL + (1 << 20));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// Octets that the file takes on the disk.
    private static long blocks(Path file) throws IOException {
        var process = new ProcessBuilder("stat", "-c", "%b %B", file.toString()).start();
        var words = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).trim().split(" ");
        return Long.parseLong(words[0]) * Long.parseLong(words[1]);
    }

    @Test
    void aTerabyteGoesOnNearItsEnd() throws Exception {
        goesOn((1L << 40) / INTERVAL, (1L << 40) / INTERVAL, 6);
    }

    @Test
    void theLastSerialNumberIsFollowedByANewActivity() throws Exception {
        goesOn(999_994, 999_994, 8);
    }

    @Test
    void moreThanThreeTerabytesAreInTheSecondActivity() throws Exception {
        goesOn(1_300_000, 300_006, 4);
    }

    @Test
    void betweenTwoActivitiesNothingOfTheNewOneIsConfirmed() throws Exception {
        goesOn(999_998, 0, 4);
    }
}

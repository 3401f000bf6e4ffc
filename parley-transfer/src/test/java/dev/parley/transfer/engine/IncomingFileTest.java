package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.store.Store;
import dev.parley.testkit.SimDisk;
import dev.parley.testkit.SimWorld;
import dev.parley.transfer.file.Names;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.file.Version;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is written before it is verified leaves no trace when it was wrong.
class IncomingFileTest {
    private static final Path ROOT = Path.of("/served");
    private static final int PAGE = 512;
    private static final byte[] ONES = filled(1);
    private static final byte[] ZEROS = filled(0);

    private final SimWorld world = new SimWorld(1);
    private final SimDisk disk = new SimDisk(world.random(), ROOT);
    private final Ledger room = new Ledger();
    private IncomingFile file;
    private Store store;
    private long session;

    private static byte[] filled(int value) {
        var octets = new byte[PAGE];
        Arrays.fill(octets, (byte) value);
        return octets;
    }

    /// Room for three pages.
    private static final class Ledger implements Inbox.Room {
        private long used;

        boolean has(long octets) {
            return used + octets <= 3 * PAGE;
        }

        @Override
        public void check(long octets, String what) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void claim(long octets) {
            if (!has(octets)) {
                throw new SessionException.LimitReached("full");
            }
            used += octets;
        }
    }

    @BeforeEach
    void open() throws IOException {
        store = new SimStore().seenBy(world.process("receiver"));
        session = store.newSession("alice", "send", 1000).number();
        var names = new Names(disk.seenBy(world.process("disk")), ROOT);
        var journal = new Journal(store, store.takeOver(session, 2000), names, Target.OnExists.FAIL, PAGE);
        file = new IncomingFile(journal, new IncomingFile.Offer("x", new Version(2 * PAGE, 7, "id"), 0644), (content, _) -> content.toString(), room);
        file.open();
    }

    private static ByteBuffer mark(long end, byte[]... pages) {
        var buffers = Arrays.stream(pages).map(ByteBuffer::wrap).toList();
        return ByteBuffer.allocate(Marks.FILE).putInt(Incoming.crc(buffers)).putLong(end).flip();
    }

    private void add(byte[] page) throws IOException {
        file.add(List.of(ByteBuffer.wrap(page)));
    }

    @Test
    void anIntervalThatWasDamagedIsCutOffAndItsRoomGivenBack() throws IOException {
        add(ONES);
        add(ONES);
        assertThat(room.has(PAGE)).isTrue();
        assertThat(room.has(PAGE + 1)).isFalse();

        assertThat(file.take(1, mark(2 * PAGE, ONES, ZEROS), false)).isEqualTo(new Incoming.Outcome.Damaged(0, 0));

        assertThat(room.has(3 * PAGE)).isTrue();
        assertThat(part()).isEmpty();
    }

    @Test
    void zerosAfterADamagedIntervalAreZeros() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ZEROS), false);

        add(ZEROS);
        assertThat(file.take(1, mark(PAGE, ZEROS), false)).isEqualTo(new Incoming.Outcome.Verified(1, PAGE));
        add(ONES);
        var tree = TreeState.empty();
        tree.add(ByteBuffer.wrap(ZEROS));
        tree.add(ByteBuffer.wrap(ONES));
        var last = ByteBuffer.allocate(Marks.FILE + 32).put(mark(2 * PAGE, ONES)).put(tree.root()).flip();
        assertThat(file.take(2, last, true)).isInstanceOf(Incoming.Outcome.Complete.class);

        var whole = new byte[2 * PAGE];
        Arrays.fill(whole, PAGE, 2 * PAGE, (byte) 1);
        assertThat(disk.content(ROOT.resolve("x"))).hasValue(whole);
    }

    @Test
    void whatFollowsADamagedIntervalIsForgottenWithIt() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ZEROS), false);
        add(ZEROS);
        assertThat(file.take(2, mark(2 * PAGE, ZEROS), false)).isEqualTo(new Incoming.Outcome.Damaged(0, 0));
        add(ONES);

        file.rewind();

        assertThat(part()).isEmpty();
        add(ONES);
        assertThat(file.take(1, mark(PAGE, ONES), false)).isEqualTo(new Incoming.Outcome.Verified(1, PAGE));
    }

    @Test
    void moreThanTheFileHasIsNotWritten() throws IOException {
        add(ONES);
        add(ONES);
        add(ONES);

        assertThat(part()).hasSize(2 * PAGE);
        assertThat(file.take(1, mark(3 * PAGE, ONES, ONES, ONES), false)).isEqualTo(new Incoming.Outcome.Damaged(0, 0));
    }

    @Test
    void nothingIsWrittenBeyondTheQuota() throws IOException {
        room.claim(2 * PAGE);
        add(ONES);

        assertThatThrownBy(() -> add(ONES)).isInstanceOf(SessionException.LimitReached.class);

        assertThat(part()).hasSize(PAGE);
        file.close();
        assertThat(room.has(PAGE)).isTrue();
    }

    @Test
    void oneForceMakesAllDurableThatWasVerifiedBefore() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ONES), false);
        assertThat(store.progress(session, "x")).isEmpty();
        add(ZEROS);
        file.take(2, mark(2 * PAGE, ZEROS), false);

        long before = disk.operations();
        assertThat(file.commit()).isEqualTo(2 * PAGE);

        assertThat(disk.operations() - before).isEqualTo(1);
        assertThat(store.progress(session, "x").orElseThrow().offset()).isEqualTo(2 * PAGE);
        assertThat(file.commit()).as("whoever asks is told how far it is").isEqualTo(2 * PAGE);
        assertThat(disk.operations() - before).isEqualTo(1);
    }

    @Test
    void aDamagedPointMakesDurableWhatWasVerifiedBefore() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ONES), false);
        add(ONES);

        assertThat(file.take(2, mark(2 * PAGE, ZEROS), false)).isEqualTo(new Incoming.Outcome.Damaged(1, PAGE));

        assertThat(store.progress(session, "x").orElseThrow().serial()).isEqualTo(1);
        assertThat(part()).hasSize(PAGE);
    }

    @Test
    void theEndMakesDurableWhatWasVerifiedBefore() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ONES), false);
        add(ZEROS);

        assertThat(file.take(2, mark(2 * PAGE, ZEROS), true)).isEqualTo(new Incoming.Outcome.Confirmed(2 * PAGE, List.of(), ""));

        assertThat(store.progress(session, "x").orElseThrow()).satisfies(progress -> {
            assertThat(progress.serial()).isZero();
            assertThat(progress.offset()).isEqualTo(2 * PAGE);
        });
        assertThat(file.commit()).isEqualTo(2 * PAGE);
    }

    @Test
    void afterAFailedForceNothingMoreBecomesDurable() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ONES), false);
        disk.failAt(1, "EIO");
        assertThatThrownBy(() -> file.commit()).isInstanceOf(IOException.class).hasMessage("Input/output error");
        add(ZEROS);

        assertThatThrownBy(() -> file.take(2, mark(2 * PAGE, ZEROS), true)).isInstanceOf(IOException.class).hasMessage("an earlier force failed");
        assertThat(store.progress(session, "x")).isEmpty();
    }

    @Test
    void theRoomOfWhatIsNotDurableIsGivenBackAtTheClose() throws IOException {
        add(ONES);
        file.take(1, mark(PAGE, ONES), false);
        file.commit();
        add(ZEROS);
        file.take(2, mark(2 * PAGE, ZEROS), false);

        file.close();

        assertThat(room.has(2 * PAGE)).isTrue();
        assertThat(room.has(2 * PAGE + 1)).isFalse();
        assertThat(file.commit()).isEqualTo(PAGE);
    }

    private byte[] part() {
        var parts = disk.files().stream().filter(path -> path.toString().endsWith(".part")).toList();
        assertThat(parts).hasSize(1);
        return disk.content(parts.getFirst()).orElseThrow();
    }
}

package dev.parley.transfer.engine;

import dev.parley.session.store.Store;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One file under way at the receiver: its target, the last confirmed point and the tree up to there. Blocking, used by one piece of work at
/// a time. The order of durability is written down in one place, [#take]: verify, write, force, journal; only then it is confirmed.
final class Incoming {
    /// What became of an interval.
    sealed interface Outcome {
        record Confirmed(long offset) implements Outcome {}

        record Complete(String root, String receipt) implements Outcome {}

        /// The interval is not what was sent; `serial` and `offset` are the last confirmed ones.
        record Damaged(long serial, long offset) implements Outcome {}
    }

    /// What the journal and the receipt need of the session.
    interface Record {
        void confirm(long serial, long offset, byte[] tree, long lastOffset, int lastCrc);

        /// Signs and keeps the receipt; returns it.
        String complete(String root);
    }

    private final Target target;
    private final Target.OnExists onExists;
    private final long size;
    private final long modifiedMillis;
    private final int mode;
    private final Record record;
    private long serial;
    private long offset;
    private TreeState tree;
    private boolean open;

    Incoming(Target target, Target.OnExists onExists, long size, long modifiedMillis, int mode, Store.@Nullable Progress from, Record record) {
        this.target = target;
        this.onExists = onExists;
        this.size = size;
        this.modifiedMillis = modifiedMillis;
        this.mode = mode;
        this.record = record;
        this.serial = from == null ? 0 : from.serial();
        this.offset = from == null ? 0 : from.offset();
        this.tree = from == null ? TreeState.empty() : TreeState.fromBytes(from.tree());
    }

    long offset() {
        return offset;
    }

    boolean isOpen() {
        return open;
    }

    void open() throws IOException {
        target.open(offset);
        open = true;
    }

    Outcome take(long point, List<ByteBuffer> pages, int crc, long end, byte @Nullable [] root) throws IOException {
        var digest = new CRC32C();
        long length = 0;
        for (var page : pages) {
            digest.update(page.duplicate());
            length += page.remaining();
        }
        // A point that comes after a damaged one was sent before the sender knew: it does not continue what is confirmed.
        if ((int) digest.getValue() != crc || offset + length != end || point != serial + 1 || end > size) {
            return new Outcome.Damaged(serial, offset);
        }
        var next = tree.copy();
        long at = offset;
        for (var page : pages) {
            next.add(page);
            target.write(at, page.duplicate());
            at += page.remaining();
        }
        if (root != null && (end != size || !Arrays.equals(next.root(), root))) {
            return new Outcome.Damaged(serial, offset);
        }
        target.force();
        record.confirm(point, end, next.toBytes(), offset, crc);
        serial = point;
        offset = end;
        tree = next;
        if (root == null) {
            return new Outcome.Confirmed(end);
        }
        target.complete(onExists, modifiedMillis, mode);
        open = false;
        return new Outcome.Complete(tree.rootHex(), record.complete(tree.rootHex()));
    }

    void discard() throws IOException {
        open = false;
        target.discard();
    }

    void close() throws IOException {
        target.close();
    }
}

package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.file.Version;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One file or stream under way at the receiver: its target, the last verified point and the tree up to there. What comes after that point
/// is written as it comes, so that no interval is kept in memory; whatever turns out to be wrong is cut off again. What is verified becomes
/// durable beside the writing: one force for all that was verified before it.
final class IncomingFile implements Incoming {
    /// What the sender said of the file.
    record Offer(String name, Version version, int mode) {
        Source.Kind kind() {
            return version.isStream() ? Source.Kind.STREAM : Source.Kind.FILE;
        }
    }

    /// What the journal will say.
    private record Point(long serial, long offset, byte[] tree, String details) {}

    private final Journal journal;
    private final Target target;
    private final Offer offer;
    private final Receipts receipts;
    private final Quota quota;
    private final Disk.Round round;
    /// The last verified point.
    private long serial;
    private long offset;
    private TreeState tree;
    private boolean open;
    /// Verified and not durable yet.
    private final AtomicReference<@Nullable Point> verified = new AtomicReference<>();
    /// Held while something becomes durable, and by what must not happen at the same time.
    private final Object durability = new Object();
    private long durable;
    /// A failed force is final, for the other order of work as well.
    private boolean failed;
    /// After the verified point: how far it is written, its digests.
    private long written;
    private TreeState writtenTree;
    private final CRC32C crc = new CRC32C();
    private boolean beyond;

    IncomingFile(Journal journal, Offer offer, Receipts receipts, Quota quota) {
        this(journal, offer, receipts, quota, journal.target(offer.name(), offer.kind(), offer.version()), 0, 0, TreeState.empty());
    }

    /// Goes on after the last confirmed point.
    IncomingFile(Journal journal, Offer offer, Receipts receipts, Quota quota, Store.Progress from, String part) {
        this(journal, offer, receipts, quota, journal.target(part), from.serial(), from.offset(), TreeState.fromBytes(from.tree()));
    }

    private IncomingFile(
            Journal journal, Offer offer, Receipts receipts, Quota quota, Target target, long serial, long offset, TreeState tree) {
        this.journal = journal;
        this.offer = offer;
        this.receipts = receipts;
        this.quota = quota;
        this.target = target;
        this.round = journal.disk().eachByItself();
        this.serial = serial;
        this.offset = offset;
        this.tree = tree;
        this.durable = offset;
        this.written = offset;
        this.writtenTree = tree.copy();
    }

    @Override
    public String name() {
        return offer.name();
    }

    @Override
    public long size() {
        return offer.version().size();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void open() throws IOException {
        if (!open) {
            target.open(offset);
            open = true;
        }
    }

    @Override
    public void add(List<ByteBuffer> pages) throws IOException {
        long to = written + Incoming.length(pages);
        beyond |= size() >= 0 && to > size();
        if (beyond) {
            return;
        }
        quota.claim(to - written);
        for (var page : pages) {
            crc.update(page.duplicate());
            writtenTree.add(page);
            target.write(written, page.duplicate());
            written += page.remaining();
        }
    }

    @Override
    public void rewind() throws IOException {
        if (written > offset) {
            quota.claim(offset - written);
            target.truncate(offset);
        }
        written = offset;
        writtenTree = tree.copy();
        crc.reset();
        beyond = false;
    }

    @Override
    public Outcome take(long point, ByteBuffer octets, boolean end) throws IOException {
        var mark = Marks.of(octets, false, end);
        boolean last = mark.root().length > 0;
        var content = Json.object().put("name", offer.name()).put("size", written).put("root", last ? writtenTree.rootHex() : "");
        var receipt = last && isWhole(mark) ? Incoming.receipt(receipts, content, mark.receipt()) : Optional.of("");
        // A point that comes after a damaged one was sent before the sender knew: it does not continue what is confirmed.
        if (beyond || (int) crc.getValue() != mark.crc() || written != mark.end() || point != serial + 1 || last && !isWhole(mark)
                || receipt.isEmpty()) {
            rewind();
            commit();
            return new Outcome.Damaged(serial, offset);
        }
        target.extend(written);
        if (last) {
            synchronized (durability) {
                return complete(receipt.get());
            }
        }
        var details = offer.version().write(Json.object()).put("part", target.part()).put("lastOffset", offset).put("lastCrc", mark.crc());
        // At the end of an activity the numbers begin again.
        serial = end ? 0 : point;
        offset = written;
        tree = writtenTree.copy();
        crc.reset();
        verified.set(new Point(serial, offset, tree.toBytes(), details.toString()));
        if (!end) {
            return new Outcome.Verified(serial, offset);
        }
        commit();
        return new Outcome.Confirmed(offset, List.of(), "");
    }

    @Override
    public long commit() throws IOException {
        synchronized (durability) {
            var point = verified.getAndSet(null);
            if (point != null) {
                begin();
                journal.checkpoint(target, offer.name(), point.serial(), point.offset(), point.tree(), point.details(), size());
                failed = false;
                durable = point.offset();
            }
            return durable;
        }
    }

    private void begin() throws IOException {
        if (failed) {
            throw new IOException("an earlier force failed");
        }
        failed = true;
    }

    private boolean isWhole(Marks mark) {
        return (size() < 0 || written == size()) && Arrays.equals(writtenTree.root(), mark.root());
    }

    private Outcome complete(String receipt) throws IOException {
        verified.set(null);
        begin();
        var version = new Version(written, offer.version().modifiedNanos(), offer.version().identity());
        var stamp = target.finish(version.modifiedNanos(), offer.mode(), round);
        open = false;
        var placement = new Placement(
                offer.name(), Source.Kind.FILE, version, offer.mode(), writtenTree.rootHex(), target.part(), stamp, Placement.Place.NONE, receipt);
        journal.place(List.of(placement), round, true);
        failed = false;
        offset = written;
        durable = written;
        return new Outcome.Complete(offset, List.of(placement), receipt);
    }

    @Override
    public void discard() throws IOException {
        synchronized (durability) {
            open = false;
            verified.set(null);
            journal.discard(target, offer.name());
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (durability) {
            open = false;
            verified.set(null);
            quota.claim(durable - written);
            written = durable;
            target.close();
        }
    }
}

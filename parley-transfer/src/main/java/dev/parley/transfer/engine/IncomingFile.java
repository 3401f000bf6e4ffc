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

/// One file or stream under way at the receiver: its target, the last confirmed point and the tree up to there.
final class IncomingFile implements Incoming {
    /// What the sender said of the file.
    record Offer(String name, Version version, int mode) {
        Source.Kind kind() {
            return version.isStream() ? Source.Kind.STREAM : Source.Kind.FILE;
        }
    }

    private final Journal journal;
    private final Target target;
    private final Offer offer;
    private final Receipts receipts;
    private final Quota quota;
    private final Disk.Round round;
    private long serial;
    private long offset;
    private TreeState tree;
    private boolean open;

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
    public Outcome take(long point, List<ByteBuffer> pages, ByteBuffer octets, boolean end) throws IOException {
        var mark = Marks.of(octets, false, end);
        long to = offset + Incoming.length(pages);
        boolean last = mark.root().length > 0;
        // A point that comes after a damaged one was sent before the sender knew: it does not continue what is confirmed.
        if (Incoming.crc(pages) != mark.crc() || to != mark.end() || point != serial + 1 || size() >= 0 && to > size()) {
            return new Outcome.Damaged(serial, offset);
        }
        var next = tree.copy();
        pages.forEach(next::add);
        if (last && (size() >= 0 && to != size() || !Arrays.equals(next.root(), mark.root()))) {
            return new Outcome.Damaged(serial, offset);
        }
        var content = Json.object().put("name", offer.name()).put("size", to).put("root", next.rootHex());
        var receipt = last ? Incoming.receipt(receipts, content, mark.receipt()) : Optional.of("");
        if (receipt.isEmpty()) {
            return new Outcome.Damaged(serial, offset);
        }
        quota.claim(to - offset);
        write(pages, to);
        if (last) {
            return complete(to, next, receipt.get(), mark.receipt());
        }
        var details = offer.version().write(Json.object()).put("part", target.part()).put("lastOffset", offset).put("lastCrc", mark.crc());
        // At the end of an activity the numbers begin again.
        long recorded = end ? 0 : point;
        journal.checkpoint(target, offer.name(), recorded, to, next.toBytes(), details.toString(), size());
        serial = recorded;
        offset = to;
        tree = next;
        return new Outcome.Confirmed(to, List.of());
    }

    private void write(List<ByteBuffer> pages, long to) throws IOException {
        long at = offset;
        for (var page : pages) {
            target.write(at, page.duplicate());
            at += page.remaining();
        }
        target.extend(to);
    }

    private Outcome complete(long to, TreeState whole, String receipt, String fromPeer) throws IOException {
        var version = new Version(to, offer.version().modifiedNanos(), offer.version().identity());
        var stamp = target.finish(version.modifiedNanos(), offer.mode(), round);
        open = false;
        var placement = new Placement(
                offer.name(), Source.Kind.FILE, version, offer.mode(), whole.rootHex(), target.part(), stamp, Placement.Place.NONE, fromPeer);
        journal.place(List.of(placement), round, true);
        offset = to;
        tree = whole;
        return new Outcome.Complete(to, List.of(placement), receipt);
    }

    @Override
    public void discard() throws IOException {
        open = false;
        journal.discard(target, offer.name());
    }

    @Override
    public void close() throws IOException {
        open = false;
        target.close();
    }
}

package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One file or stream under way at the receiver: its target, the last confirmed point and the tree up to there.
final class IncomingFile implements Incoming {
    /// What the sender said of the file.
    ///
    /// @param size -1 for a stream
    /// @param identity what tells it from another file of the same name, size and time, or empty
    record Offer(String name, long size, long modifiedNanos, int mode, String identity) {}

    /// @param place the path of an earlier version that this session put there, to be replaced
    record Policy(Target.OnExists onExists, Optional<Path> place, Receipts receipts, Quota quota) {}

    private final Journal journal;
    private final Target target;
    private final Offer offer;
    private final Policy policy;
    private final Disk.Round round;
    private long serial;
    private long offset;
    private TreeState tree;
    private boolean open;

    IncomingFile(Journal journal, Offer offer, Policy policy, Store.@Nullable Progress from) {
        this.journal = journal;
        this.target = journal.target(offer.name());
        this.offer = offer;
        this.policy = policy;
        this.round = journal.disk().eachByItself();
        this.serial = from == null ? 0 : from.serial();
        this.offset = from == null ? 0 : from.offset();
        this.tree = from == null ? TreeState.empty() : TreeState.fromBytes(from.tree());
    }

    @Override
    public String name() {
        return offer.name();
    }

    @Override
    public long size() {
        return offer.size();
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
        if (Incoming.crc(pages) != mark.crc() || to != mark.end() || point != serial + 1 || offer.size() >= 0 && to > offer.size()) {
            return new Outcome.Damaged(serial, offset);
        }
        var next = tree.copy();
        pages.forEach(next::add);
        if (last && (offer.size() >= 0 && to != offer.size() || !Arrays.equals(next.root(), mark.root()))) {
            return new Outcome.Damaged(serial, offset);
        }
        var content = Json.object().put("name", offer.name()).put("size", to).put("root", next.rootHex());
        var receipt = last ? Incoming.receipt(policy.receipts(), content, mark.receipt()) : Optional.of("");
        if (receipt.isEmpty()) {
            return new Outcome.Damaged(serial, offset);
        }
        policy.quota().claim(to - offset);
        write(pages, to);
        if (last) {
            return complete(to, next, receipt.get(), mark.receipt());
        }
        var details = Json.object().put("modified", offer.modifiedNanos()).put("identity", offer.identity()).put("lastOffset", offset)
                .put("lastCrc", mark.crc());
        // At the end of an activity the numbers begin again.
        long recorded = end ? 0 : point;
        journal.checkpoint(target, offer.name(), recorded, to, next.toBytes(), details.toString(), offer.size());
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
        var place = policy.place().isPresent() ? policy.place().get() : target.free(policy.onExists());
        target.finish(offer.modifiedNanos(), offer.mode(), round);
        open = false;
        var placement = new Placement(
                offer.name(), Source.Kind.FILE, to, offer.modifiedNanos(), offer.mode(), whole.rootHex(), Optional.of(target.part()), place,
                fromPeer);
        journal.place(List.of(placement), round, true);
        offset = to;
        tree = whole;
        return new Outcome.Complete(to, List.of(placement), receipt);
    }

    @Override
    public void discard() throws IOException {
        open = false;
        target.discard();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}

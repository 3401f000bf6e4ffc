package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.file.Version;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A batch under way at the receiver. The members of an interval are written under temporary names, forced together in one round, written down
/// together and then renamed. So each is absent or complete at any time, and a resumed batch asks only for those that are not there.
final class IncomingBatch implements Incoming {
    /// A member that is wanted.
    record Member(String name, Source.Kind kind, Version version, int mode, String link) {
        long size() {
            return version.size();
        }
    }

    private final Journal journal;
    private final List<Member> wanted;
    private final Receipts receipts;
    private final Quota quota;
    /// Placed since the last receipt.
    private final List<Placement> files = new ArrayList<>();
    /// The interval under way: it is small, and its members are cut out of it at its end.
    private List<ByteBuffer> pages = new ArrayList<>();
    private Disk.@Nullable Round round;
    private long serial;
    private long offset;
    private int done;
    private TreeState tree = TreeState.empty();
    private boolean open;

    IncomingBatch(Journal journal, List<Member> wanted, Receipts receipts, Quota quota) {
        this.journal = journal;
        this.wanted = wanted;
        this.receipts = receipts;
        this.quota = quota;
    }

    @Override
    public String name() {
        return wanted.size() + " small files";
    }

    @Override
    public long size() {
        return wanted.stream().mapToLong(Member::size).sum();
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
        journal.disk().createDirectories(journal.area());
        journal.disk().forceDirectory(journal.root());
        round = journal.disk().round(journal.area());
        open = true;
    }

    @Override
    public void add(List<ByteBuffer> arrived) {
        pages.addAll(arrived);
    }

    @Override
    public void rewind() {
        pages = new ArrayList<>();
    }

    @Override
    public long commit() {
        // Each point is durable when it is taken.
        return offset;
    }

    @Override
    public Outcome take(long point, ByteBuffer octets, boolean end) throws IOException {
        var interval = pages;
        rewind();
        return take(point, interval, octets, end);
    }

    private Outcome take(long point, List<ByteBuffer> pages, ByteBuffer octets, boolean end) throws IOException {
        var mark = Marks.of(octets, true, end);
        long to = offset + Incoming.length(pages);
        if (Incoming.crc(pages) != mark.crc() || to != mark.end() || point != serial + 1 || mark.members() < done
                || mark.members() > wanted.size() || end && mark.members() != wanted.size()) {
            return new Outcome.Damaged(serial, offset);
        }
        var members = wanted.subList(done, mark.members());
        if (members.stream().mapToLong(Member::size).sum() != to - offset) {
            return new Outcome.Damaged(serial, offset);
        }
        var contents = contents(members, pages);
        var next = tree.copy();
        var roots = new ArrayList<String>();
        for (var content : contents) {
            var own = TreeState.empty();
            content.forEach(own::add);
            next.add(ByteBuffer.wrap(own.root()));
            roots.add(own.rootHex());
        }
        if (!Arrays.equals(next.root(), mark.root())) {
            return new Outcome.Damaged(serial, offset);
        }
        boolean signed = !mark.receipt().isEmpty();
        var receipt = end || signed ? receipt(members, roots, mark.receipt()) : Optional.of("");
        if (receipt.isEmpty()) {
            return new Outcome.Damaged(serial, offset);
        }
        quota.claim(to - offset);
        var placed = new ArrayList<Placement>();
        for (int i = 0; i < members.size(); i++) {
            // Once is enough to find it again.
            placed.add(write(members.get(i), contents.get(i), roots.get(i), i == 0 ? receipt.get() : ""));
        }
        journal.place(placed, java.util.Objects.requireNonNull(round), end);
        if (signed) {
            files.clear();
        } else {
            files.addAll(placed);
        }
        serial = point;
        offset = to;
        done = mark.members();
        tree = next;
        open = !end;
        return end ? new Outcome.Complete(to, placed, receipt.get()) : new Outcome.Confirmed(to, placed, receipt.get());
    }

    /// Cuts the interval into the leaves of each member.
    private List<List<ByteBuffer>> contents(List<Member> members, List<ByteBuffer> pages) {
        var all = ByteBuffer.allocate((int) Incoming.length(pages));
        pages.forEach(page -> all.put(page.duplicate()));
        all.flip();
        int leaf = journal.pageSize();
        var contents = new ArrayList<List<ByteBuffer>>();
        for (var member : members) {
            var leaves = new ArrayList<ByteBuffer>();
            for (long left = member.size(); left > 0; left -= leaf) {
                int size = (int) Math.min(leaf, left);
                leaves.add(all.slice(all.position(), size));
                all.position(all.position() + size);
            }
            contents.add(leaves);
        }
        return contents;
    }

    private Placement write(Member member, List<ByteBuffer> content, String root, String receipt) throws IOException {
        var target = target(member);
        var time = member.version().modifiedNanos();
        var stamp = switch (member.kind()) {
            case FILE -> target.writeWhole(content, time, member.mode(), java.util.Objects.requireNonNull(round));
            case LINK -> target.writeLink(member.link());
            default -> "";
        };
        return new Placement(
                member.name(), member.kind(), member.version(), member.mode(), member.kind() == Source.Kind.FILE ? root : "",
                member.kind() == Source.Kind.FOLDER ? "" : target.part(), stamp, Placement.Place.NONE, receipt);
    }

    private Target target(Member member) {
        return journal.target(member.name(), member.kind(), member.version());
    }

    private Optional<String> receipt(List<Member> members, List<String> roots, String fromPeer) {
        var content = Json.object();
        var list = content.putArray("files");
        for (var file : files) {
            if (file.kind() == Source.Kind.FILE) {
                list.addObject().put("name", file.name()).put("size", file.size()).put("root", file.root());
            }
        }
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).kind() == Source.Kind.FILE) {
                list.addObject().put("name", members.get(i).name()).put("size", members.get(i).size()).put("root", roots.get(i));
            }
        }
        return Incoming.receipt(receipts, content, fromPeer);
    }

    @Override
    public void discard() throws IOException {
        for (var member : wanted) {
            target(member).discard();
        }
        close();
    }

    @Override
    public void close() throws IOException {
        open = false;
        if (round != null) {
            round.close();
            round = null;
        }
    }
}

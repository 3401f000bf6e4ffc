package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Small files, links and folders on their way out in one activity. The offer names them, the receiver says which it wants, and their contents
/// follow one after the other. An interval has whole members, so no checkpoint needs to remember half a member.
final class OutgoingBatch implements Outgoing {
    /// Octets that the offer and the receipt of a batch may have each, below the limit of user data.
    private static final int MOST_TEXT = 48_000;
    private static final String SOME_ROOT = "0".repeat(64);

    private final List<Source> members = new ArrayList<>();
    private final Settings settings;
    private final Outbox outbox;
    private final List<Source> wanted = new ArrayList<>();
    private final List<String> roots = new ArrayList<>();
    private @Nullable Disk disk;
    private int text;
    private long size;
    private Point at = Point.START;
    private TreeState tree = TreeState.empty();
    /// From where the last receipt counts.
    private Point signedFrom = Point.START;

    OutgoingBatch(Settings settings, Outbox outbox) {
        this.settings = settings;
        this.outbox = outbox;
    }

    /// Adds a member, if there is room.
    boolean add(Source source) {
        // A receipt is a text in an answer: what is escaped in it is escaped once more.
        var inReceipt = Json.object().put("name", source.name()).put("size", source.size()).put("root", SOME_ROOT).toString();
        int length = Math.max(entry(source).toString().getBytes(StandardCharsets.UTF_8).length, Json.octets(inReceipt));
        if (members.size() == Settings.MOST_MEMBERS || !members.isEmpty() && text + length > MOST_TEXT) {
            return false;
        }
        text += length;
        size += source.size();
        members.add(source);
        return true;
    }

    private static ObjectNode entry(Source source) {
        var entry = Json.object().put("name", source.name()).put("kind", source.kind().name()).put("size", source.size())
                .put("modified", source.modifiedNanos()).put("mode", source.mode());
        return source.kind() == Source.Kind.LINK ? entry.put("link", source.detail()) : entry;
    }

    @Override
    public String name() {
        return members.size() + " small files";
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ObjectNode offer() {
        var offer = Json.object();
        var list = offer.putArray("batch");
        members.forEach(member -> list.add(entry(member)));
        return offer;
    }

    List<Source> members() {
        return members;
    }

    /// The files that the receiver has already.
    List<Source> unwanted() {
        var all = Set.copyOf(wanted);
        return members.stream().filter(member -> member.kind() == Source.Kind.FILE && !all.contains(member)).toList();
    }

    @Override
    public void open(Disk on, JsonNode answer) throws IOException {
        disk = on;
        BitSet wants;
        try {
            wants = BitSet.valueOf(Base64.getDecoder().decode(Json.text(answer, "want")));
        } catch (IllegalArgumentException e) {
            throw new SessionException.ProtocolViolation("what is wanted of a batch is not base64: " + e.getMessage());
        }
        if (wants.length() > members.size()) {
            throw new SessionException.ProtocolViolation("more is wanted of a batch than was offered");
        }
        wanted.clear();
        roots.clear();
        wants.stream().forEach(i -> wanted.add(members.get(i)));
        size = wanted.stream().mapToLong(Source::size).sum();
        rewind(Point.START);
        outbox.kept(receipts(answer), entries(unwanted()));
    }

    @Override
    public void complete(Disk on, JsonNode answer) {
        outbox.kept(receipts(answer), entries(members));
    }

    private static List<Receipt.Entry> entries(List<Source> members) {
        return members.stream().filter(member -> member.kind() == Source.Kind.FILE)
                .map(member -> new Receipt.Entry(member.name(), member.size(), "")).toList();
    }

    /// The receipts in an answer to the offer of a batch.
    static List<String> receipts(JsonNode answer) {
        var receipts = new ArrayList<String>();
        answer.path("receipts").forEach(receipt -> receipts.add(receipt.asText()));
        return receipts;
    }

    @Override
    public Interval next() throws IOException {
        var from = at;
        var pages = new Pages(settings.pageSize());
        int done = from.members();
        long room = settings.intervalOctets();
        while (done < wanted.size() && wanted.get(done).size() <= room) {
            var member = wanted.get(done++);
            room -= member.size();
            add(member, pages);
        }
        var finished = pages.finish();
        at = new Point(from.offset() + settings.intervalOctets() - room, done, tree.toBytes());
        boolean last = done == wanted.size();
        // What is read ahead goes on behind the last member.
        var receipt = receipt(completed(from, at), last && done > from.members()).getBytes(StandardCharsets.UTF_8);
        signedFrom = receipt.length == 0 ? signedFrom : from;
        var mark = ByteBuffer.allocate(Marks.BATCH + receipt.length).putInt(pages.crc()).putLong(at.offset()).putInt(done).put(tree.root())
                .put(receipt).flip();
        return new Interval(from, at, finished, mark, last);
    }

    private void add(Source member, Pages pages) throws IOException {
        var own = TreeState.empty();
        if (member.kind() == Source.Kind.FILE) {
            try (var content = member.open(java.util.Objects.requireNonNull(disk))) {
                for (long offset = 0; offset < member.size(); ) {
                    var page = ByteBuffer.allocate((int) Math.min(settings.pageSize(), member.size() - offset));
                    if (content.read(offset, page) < page.capacity()) {
                        throw changed(member);
                    }
                    own.add(page.flip());
                    pages.add(page);
                    offset += page.capacity();
                }
            }
            if (!member.isUnchanged()) {
                throw changed(member);
            }
        }
        roots.add(own.rootHex());
        tree.add(ByteBuffer.wrap(own.root()));
    }

    private static SessionException.SourceChanged changed(Source member) {
        return new SessionException.SourceChanged("the source " + member.name() + " changed while it was sent");
    }

    private String receipt(List<Receipt.Entry> complete, boolean last) {
        if (complete.isEmpty() && !last) {
            return "";
        }
        var receipt = Json.object();
        var files = receipt.putArray("files");
        complete.forEach(entry -> files.addObject().put("name", entry.name()).put("size", entry.size()).put("root", entry.root()));
        return outbox.sign(receipt);
    }

    @Override
    public void rewind(Point to) {
        at = to;
        tree = TreeState.fromBytes(to.tree());
        roots.subList(to.members(), roots.size()).clear();
    }

    @Override
    public void release(Interval interval) {
        // Files can be read again.
    }

    @Override
    public List<Receipt.Entry> completed(Point from, Point to) {
        var files = new ArrayList<Receipt.Entry>();
        for (int i = from.members(); i < to.members(); i++) {
            var member = wanted.get(i);
            if (member.kind() == Source.Kind.FILE) {
                files.add(new Receipt.Entry(member.name(), member.size(), roots.get(i)));
            }
        }
        return files;
    }

    @Override
    public List<Receipt.Entry> sent() {
        return completed(signedFrom, at);
    }

    @Override
    public void checkUnchanged() {
        // Each member was looked at when it was read.
    }

    @Override
    public void close() throws IOException {
        // No member stays open.
    }

    /// Packs contents into pages of one size and digests them.
    private static final class Pages {
        private final int pageSize;
        private final List<ByteBuffer> pages = new ArrayList<>();
        private final CRC32C crc = new CRC32C();
        private ByteBuffer page;

        Pages(int pageSize) {
            this.pageSize = pageSize;
            this.page = ByteBuffer.allocate(pageSize);
        }

        void add(ByteBuffer content) {
            for (var rest = content.duplicate(); rest.hasRemaining(); ) {
                int part = Math.min(rest.remaining(), page.remaining());
                page.put(rest.slice(rest.position(), part));
                rest.position(rest.position() + part);
                if (!page.hasRemaining()) {
                    pages.add(page.flip());
                    page = ByteBuffer.allocate(pageSize);
                }
            }
        }

        List<ByteBuffer> finish() {
            if (page.position() > 0) {
                pages.add(page.flip());
            }
            pages.forEach(each -> crc.update(each.duplicate()));
            return pages;
        }

        int crc() {
            return (int) crc.getValue();
        }
    }
}

package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.transfer.file.Content;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A file or a stream on its way out. After a resume nothing confirmed is read beyond the last interval, unless it is a stream or everything
/// shall be compared.
final class OutgoingFile implements Outgoing {
    private final Source source;
    private final Settings settings;
    private final Outbox outbox;
    private final FileOptions options;
    private final PagePool pool;
    private @Nullable Content content;
    private Point at = Point.START;
    private TreeState tree = TreeState.empty();

    OutgoingFile(Source source, Settings settings, Outbox outbox, FileOptions options) {
        this.source = source;
        this.settings = settings;
        this.outbox = outbox;
        this.options = options;
        this.pool = new PagePool(settings.pageSize());
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public ObjectNode offer() {
        var offer = Json.object().put("name", source.name()).put("size", source.size()).put("modified", source.modifiedNanos())
                .put("mode", source.mode()).put("identity", options.checksum() ? "" : source.detail());
        return options.anew() ? offer.put("anew", true) : offer;
    }

    @Override
    public void open(Disk disk, JsonNode answer) throws IOException {
        var opened = source.open(disk);
        content = opened;
        if (Json.text(answer, "state").equals("partial")) {
            long most = source.size() < 0 ? Long.MAX_VALUE : source.size();
            long offset = Json.number(answer, "offset", 0, most);
            var claimed = new Point(offset, 0, decoded(Json.text(answer, "tree")));
            compare(opened, claimed, Json.number(answer, "lastOffset", 0, offset),
                    (int) Json.number(answer, "lastCrc", Integer.MIN_VALUE, Integer.MAX_VALUE));
            rewind(claimed);
        } else {
            rewind(Point.START);
        }
    }

    /// A file is known by its size and time. A stream has neither: another one of the same name must not pass for it.
    @Override
    public void complete(Disk disk, JsonNode answer) throws IOException {
        var root = Json.text(answer, "root");
        long size = source.size();
        if (source.kind() == Source.Kind.STREAM) {
            var opened = source.open(disk);
            content = opened;
            // What this process has sent itself it need not compare, and cannot read again.
            size = Json.number(answer, "size", 0, Long.MAX_VALUE);
            if (opened.earliest() == 0 && !(rootOf(opened, size).equals(root) && opened.read(size, ByteBuffer.allocate(1)) == 0)) {
                throw changed("its content");
            }
        }
        outbox.received(answer.path("receipt").asText(), List.of(new Receipt.Entry(source.name(), size, root)));
    }

    private String rootOf(Content opened, long size) throws IOException {
        return TreeState.fromBytes(treeFrom(opened, Point.START, size)).rootHex();
    }

    private static byte[] decoded(String base64) {
        try {
            var tree = Base64.getDecoder().decode(base64);
            TreeState.fromBytes(tree);
            return tree;
        } catch (IllegalArgumentException e) {
            throw new SessionException.ProtocolViolation("the state of the hash tree is not base64: " + e.getMessage());
        }
    }

    /// The confirmed part must be what is here. How much of it is read depends on who knows what.
    private void compare(Content opened, Point claimed, long lastOffset, int lastCrc) throws IOException {
        var known = outbox.remembered(source.name(), claimed);
        if (options.checksum() || source.kind() == Source.Kind.STREAM && opened.earliest() == 0 || known.offset() > claimed.offset()) {
            known = Point.START;
        }
        if (known.offset() < claimed.offset() && !Arrays.equals(treeFrom(opened, known, claimed.offset()), claimed.tree())) {
            throw changed("its first " + claimed.offset() + " octets");
        }
        if (lastOffset < claimed.offset() && lastOffset >= opened.earliest() && crc(opened, lastOffset, claimed.offset()) != lastCrc) {
            throw changed("its octets " + lastOffset + " to " + claimed.offset());
        }
    }

    private SessionException.SourceChanged changed(String what) {
        return new SessionException.SourceChanged("the source " + source.name() + " changed: " + what
                + " are not the ones that were confirmed. Nothing was mixed");
    }

    private byte[] treeFrom(Content opened, Point known, long to) throws IOException {
        var computed = TreeState.fromBytes(known.tree());
        var page = ByteBuffer.allocate(settings.pageSize());
        for (long at = known.offset(); at < to; at += page.limit()) {
            page.clear().limit((int) Math.min(page.capacity(), to - at));
            if (opened.read(at, page) < page.limit()) {
                throw changed("the first " + to + " octets, of which it has fewer,");
            }
            computed.add(page.flip());
            // The last interval is looked at once more.
            opened.release(Math.max(0, at - (long) settings.interval() * settings.pageSize()));
        }
        return computed.toBytes();
    }

    private static int crc(Content opened, long from, long to) throws IOException {
        var crc = new CRC32C();
        var page = ByteBuffer.allocate(1 << 16);
        for (long at = from; at < to; ) {
            page.clear().limit((int) Math.min(page.capacity(), to - at));
            int read = opened.read(at, page);
            if (read == 0) {
                break;
            }
            crc.update(page.flip());
            at += read;
        }
        return (int) crc.getValue();
    }

    /// The next interval. The last one of a file is what remains, which may be nothing; a stream has its last one when it ends.
    @Override
    public Interval next() throws IOException {
        var opened = java.util.Objects.requireNonNull(content);
        var from = at;
        long offset = from.offset();
        var crc = new CRC32C();
        var pages = new ArrayList<ByteBuffer>(settings.interval());
        boolean ended = offset == source.size();
        while (pages.size() < settings.interval() && !ended) {
            long most = source.size() < 0 ? settings.pageSize() : Math.min(settings.pageSize(), source.size() - offset);
            var page = pool.take((int) most);
            int read = opened.read(offset, page);
            if (read < most && source.size() >= 0) {
                throw new SessionException.SourceChanged("the source " + source.name() + " became shorter while it was sent");
            }
            page.flip();
            offset += read;
            ended = read < most || offset == source.size();
            if (read > 0) {
                crc.update(page.duplicate());
                tree.add(page);
                pages.add(page);
            }
        }
        at = new Point(offset, 0, tree.toBytes());
        return new Interval(from, at, pages, mark((int) crc.getValue(), offset, ended), ended);
    }

    private ByteBuffer mark(int crc, long offset, boolean last) {
        var root = last ? tree.root() : new byte[0];
        var receipt = last
                ? outbox.sign(Json.object().put("name", source.name()).put("size", offset).put("root", tree.rootHex()))
                        .getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        return ByteBuffer.allocate(Marks.FILE + root.length + receipt.length).putInt(crc).putLong(offset).put(root).put(receipt).flip();
    }

    @Override
    public void rewind(Point to) {
        at = to;
        tree = TreeState.fromBytes(to.tree());
    }

    @Override
    public void release(Interval interval) {
        // The receiver has read them: they are not in any queue of the line.
        pool.give(interval.pages());
        var point = interval.to();
        if (content != null) {
            // As long as nothing is confirmed, all of a stream can be compared again.
            content.release(point.offset());
        }
    }

    @Override
    public List<Receipt.Entry> completed(Point from, Point to) {
        return List.of();
    }

    @Override
    public List<Receipt.Entry> sent() {
        return List.of(new Receipt.Entry(source.name(), at.offset(), tree.rootHex()));
    }

    @Override
    public void checkUnchanged() {
        if (!source.isUnchanged()) {
            throw new SessionException.SourceChanged("the source " + source.name() + " changed while it was sent");
        }
    }

    @Override
    public void close() throws IOException {
        if (content != null) {
            content.close();
            content = null;
        }
    }
}

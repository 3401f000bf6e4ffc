package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.zip.CRC32C;

/// Reads a source interval by interval and digests it on the way. Blocking; used by one offloaded piece of work at a time.
final class Reader {
    private final Disk.Handle handle;
    private final Settings settings;
    private final long size;
    private long offset;
    private TreeState tree = TreeState.empty();

    Reader(Disk.Handle handle, Settings settings, long size) {
        this.handle = handle;
        this.settings = settings;
        this.size = size;
    }

    void seek(long to, byte[] treeState) {
        offset = to;
        tree = TreeState.fromBytes(treeState);
    }

    /// The next interval. The last one is shorter, or empty when the size is a multiple of the interval.
    Sending.Interval next() throws IOException {
        long start = offset;
        var crc = new CRC32C();
        var pages = new ArrayList<ByteBuffer>(settings.interval());
        while (pages.size() < settings.interval() && offset < size) {
            var page = ByteBuffer.allocate((int) Math.min(settings.pageSize(), size - offset));
            if (handle.read(offset, page) < page.capacity()) {
                throw new IOException("the source became shorter while it was sent");
            }
            page.flip();
            crc.update(page.duplicate());
            tree.add(page);
            offset += page.remaining();
            pages.add(page);
        }
        return new Sending.Interval(start, pages, offset, (int) crc.getValue(), tree.toBytes(), offset == size);
    }

    /// The CRC32C of a part of the source.
    int crc(long from, long to) throws IOException {
        var crc = new CRC32C();
        var page = ByteBuffer.allocate(1 << 16);
        for (long at = from; at < to; ) {
            page.clear().limit((int) Math.min(page.capacity(), to - at));
            int read = handle.read(at, page);
            if (read == 0) {
                break;
            }
            crc.update(page.flip());
            at += read;
        }
        return (int) crc.getValue();
    }

    void close() throws IOException {
        handle.close();
    }
}

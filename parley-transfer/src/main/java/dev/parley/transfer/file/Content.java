package dev.parley.transfer.file;

import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The octets of a source. A file can be read anywhere at any time, a stream only from what was not released yet.
public interface Content extends AutoCloseable {
    /// Reads until the buffer is full or the source ends; returns how many octets were read.
    int read(long position, ByteBuffer target) throws IOException;

    /// The first position that can be read.
    default long earliest() {
        return 0;
    }

    /// Nothing before this position will be read again.
    default void release(long position) {
        // A file keeps everything.
    }

    @Override
    void close() throws IOException;

    static Content of(Disk.Handle handle) {
        return new Content() {
            @Override
            public int read(long position, ByteBuffer target) throws IOException {
                return handle.read(position, target);
            }

            @Override
            public void close() throws IOException {
                handle.close();
            }
        };
    }
}

package dev.parley.runtime.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// The disk as the durable parts see it. A test puts a disk here that loses what was not forced and fails at the n-th operation.
/// Methods block; a failed [Handle#force] or [#forceDirectory] is final for the work at hand and is never retried.
public interface Disk {
    /// Opens for reading and writing, creating the file when it is missing.
    Handle openForWrite(Path file) throws IOException;

    /// Opens for reading only.
    Handle openForRead(Path file) throws IOException;

    /// Moves within one file system, atomically; replaces the target.
    void move(Path from, Path to) throws IOException;

    /// Makes the entry names of a folder durable (after create, move, delete).
    void forceDirectory(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    void delete(Path file) throws IOException;

    boolean exists(Path file) throws IOException;

    List<Path> list(Path directory) throws IOException;

    /// The size of a regular file, or -1 when there is none of this name. Symbolic links are not followed.
    long fileSize(Path file) throws IOException;

    /// @param mode POSIX permission bits; -1, or a system without them, leaves them alone
    void setAttributes(Path file, long modifiedMillis, int mode) throws IOException;

    /// An open file. Positions are absolute; there is no cursor.
    interface Handle extends AutoCloseable {
        /// Reads until the buffer is full or the file ends; returns how many bytes were read (0 at the end).
        int read(long position, ByteBuffer target) throws IOException;

        /// Writes all of the buffer.
        void write(long position, ByteBuffer source) throws IOException;

        /// Makes the content durable (fdatasync).
        void force() throws IOException;

        void truncate(long size) throws IOException;

        long size() throws IOException;

        @Override
        void close() throws IOException;
    }
}

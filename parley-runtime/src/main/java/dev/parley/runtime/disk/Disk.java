package dev.parley.runtime.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The disk as the durable parts see it. A test puts a disk here that loses what was not forced and fails at the n-th operation.
/// Methods block; a failed [Handle#force] or [#forceDirectory] is final for the work at hand and is never retried.
public interface Disk {
    /// Opens for reading and writing, creating the file when it is missing.
    Handle openForWrite(Path file) throws IOException;

    /// Opens for reading only.
    Handle openForRead(Path file) throws IOException;

    /// Moves within one file system, atomically; replaces the target.
    void move(Path from, Path to) throws IOException;

    /// The same to a name that is free. Where the system can do it (Linux, Windows) nothing is replaced even when another program takes the name at
    /// the same moment.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when the name is not free
    void moveNew(Path from, Path to) throws IOException;

    /// Makes the entry names of a folder durable (after create, move, delete).
    void forceDirectory(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    void delete(Path file) throws IOException;

    /// What has this name, if anything. Symbolic links are not followed.
    Optional<Entry> entry(Path path) throws IOException;

    List<Path> list(Path directory) throws IOException;

    /// The size of a regular file, or -1 when there is none of this name. Symbolic links are not followed.
    long fileSize(Path file) throws IOException;

    /// Of a file or a folder, not of a symbolic link.
    ///
    /// @param modifiedNanos since 1970
    /// @param mode POSIX permission bits; -1, or a system without them, leaves them alone
    void setAttributes(Path file, long modifiedNanos, int mode) throws IOException;

    /// Makes a symbolic link of a name that is free.
    void createLink(Path link, String target) throws IOException;

    /// What a name stands for.
    ///
    /// @param stamp differs as soon as something else has the name or the content was changed: size, time of the last change, number of the file
    record Entry(Kind kind, String stamp) {
        public enum Kind {
            FILE,
            FOLDER,
            LINK,
            OTHER
        }
    }

    /// Begins a round on the file system of this folder. Open it before the first write.
    default Round round(Path folder) throws IOException {
        return eachByItself();
    }

    /// A round that forces each file and folder by itself: for a few big ones.
    default Round eachByItself() {
        return new Round() {
            @Override
            public void file(Handle written) throws IOException {
                written.forceAll();
            }

            @Override
            public void force(Collection<Path> folders) throws IOException {
                for (var folder : folders) {
                    forceDirectory(folder);
                }
            }
        };
    }

    /// Forces many files together, because one by one they cost a hundred times as much.
    interface Round extends AutoCloseable {
        /// This file is written and has its attributes; it is still open.
        void file(Handle written) throws IOException;

        /// Makes those files and the names in these folders durable. A failure is final, as that of [Handle#force].
        void force(Collection<Path> folders) throws IOException;

        @Override
        default void close() throws IOException {
            // Nothing is held.
        }
    }

    /// An open file. Positions are absolute; there is no cursor.
    interface Handle extends AutoCloseable {
        /// Reads until the buffer is full or the file ends; returns how many bytes were read (0 at the end).
        int read(long position, ByteBuffer target) throws IOException;

        /// Writes all of the buffer.
        void write(long position, ByteBuffer source) throws IOException;

        /// Makes the content durable (fdatasync).
        void force() throws IOException;

        /// Makes the content and the attributes durable (fsync).
        void forceAll() throws IOException;

        void truncate(long size) throws IOException;

        /// Makes the file at least this long. What is new reads as zeros and takes no room where the file system can do that.
        void extend(long size) throws IOException;

        long size() throws IOException;

        @Override
        void close() throws IOException;
    }
}

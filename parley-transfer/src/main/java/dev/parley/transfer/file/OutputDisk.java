package dev.parley.transfer.file;

import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A disk for one file that goes to an output stream, as `get` to standard output does. What is written is kept until its interval is verified
/// and [Handle#extend] says so: what came out cannot be taken back. Octets that come twice because their confirmation was lost are dropped, and
/// when the root of the whole is wrong at the end, the command fails and the reader has got them. It outlives connections but not the process.
public final class OutputDisk implements Disk {
    private record Piece(long position, byte[] octets) {}

    private final OutputStream out;
    private @Nullable Path only;
    private long written;

    public OutputDisk(OutputStream out) {
        this.out = out;
    }

    @Override
    public Handle openForWrite(Path file) throws IOException {
        if (only != null && !only.equals(file)) {
            throw new IOException("only one file can go to an output stream");
        }
        only = file;
        return new Output();
    }

    @Override
    public Handle openForRead(Path file) throws IOException {
        throw new IOException("an output stream cannot be read");
    }

    @Override
    public Optional<Entry> entry(Path path) {
        return Optional.empty();
    }

    @Override
    public long fileSize(Path file) {
        return file.equals(only) ? written : -1;
    }

    @Override
    public List<Path> list(Path directory) {
        return List.of();
    }

    @Override
    public void createLink(Path link, String target) throws IOException {
        throw new IOException("a symbolic link cannot go to an output stream");
    }

    @Override
    public void move(Path from, Path to) {
        // It has no name.
    }

    @Override
    public void moveNew(Path from, Path to) {
        // It has no name.
    }

    @Override
    public void forceDirectory(Path directory) {
        // It has no name.
    }

    @Override
    public void createDirectories(Path directory) {
        // It has no name.
    }

    @Override
    public void delete(Path file) {
        // It has no name.
    }

    @Override
    public void setAttributes(Path file, long modifiedNanos, int mode) {
        // It has none.
    }

    private final class Output implements Handle {
        /// What came since the last verified point, in order.
        private final List<Piece> unverified = new ArrayList<>();

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            throw new IOException("an output stream cannot be read");
        }

        @Override
        public void write(long position, ByteBuffer source) {
            var octets = new byte[source.remaining()];
            source.get(octets);
            unverified.add(new Piece(position, octets));
        }

        @Override
        public void force() throws IOException {
            out.flush();
        }

        @Override
        public void forceAll() throws IOException {
            out.flush();
        }

        @Override
        public void truncate(long size) {
            unverified.removeIf(piece -> piece.position() + piece.octets().length > size);
        }

        /// All up to here is verified: it goes out, with zeros where nothing was written.
        @Override
        public void extend(long size) throws IOException {
            for (var piece : unverified) {
                zeros(piece.position());
                int known = (int) Math.min(written - piece.position(), piece.octets().length);
                out.write(piece.octets(), known, piece.octets().length - known);
                written += piece.octets().length - known;
            }
            unverified.clear();
            zeros(size);
        }

        private void zeros(long size) throws IOException {
            var zeros = new byte[(int) Math.min(64 << 10, Math.max(0, size - written))];
            while (written < size) {
                int part = (int) Math.min(zeros.length, size - written);
                out.write(zeros, 0, part);
                written += part;
            }
        }

        @Override
        public long size() {
            return written;
        }

        @Override
        public void close() throws IOException {
            unverified.clear();
            out.flush();
        }
    }
}

package dev.parley.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The content of one file: as programs see it, as it is on stable storage, and the changes between the two.
final class SimFile {
    /// A write, or a truncation when there is no content.
    private record Change(long position, byte[] content, boolean truncation) {}

    private final Octets seen = new Octets();
    private final Octets stable = new Octets();
    private final List<Change> unforced = new ArrayList<>();
    long modifiedNanos;
    int mode = 0600;
    boolean link;
    /// Tells it from every other file that the disk ever had, as an inode does for a while.
    long number;

    int read(long position, ByteBuffer target) {
        int size = Math.clamp(seen.size - position, 0, target.remaining());
        if (size > 0) {
            target.put(seen.array, (int) position, size);
        }
        return size;
    }

    void write(long position, ByteBuffer source) {
        var content = new byte[source.remaining()];
        source.get(content);
        apply(new Change(position, content, false));
    }

    void truncate(long size) {
        if (size < seen.size) {
            apply(new Change(size, new byte[0], true));
        }
    }

    void extend(long size) {
        if (size > seen.size) {
            apply(new Change(seen.size, new byte[Math.toIntExact(size - seen.size)], false));
        }
    }

    long size() {
        return seen.size;
    }

    byte[] content() {
        return Arrays.copyOf(seen.array, seen.size);
    }

    void force() {
        for (var change : unforced) {
            stable.change(change);
        }
        unforced.clear();
    }

    /// The system gave up writing: programs still see the changes, but they never reach the disk.
    void loseUnforced() {
        unforced.clear();
    }

    /// After a power failure: of each unforced change all, a part or nothing is there.
    void crash(Random random) {
        for (var change : unforced) {
            int fate = random.nextInt(3);
            if (fate == 0) {
                stable.change(change);
            } else if (fate == 1 && !change.truncation()) {
                var part = Arrays.copyOf(change.content(), random.nextInt(change.content().length + 1));
                stable.change(new Change(change.position(), part, false));
            }
        }
        unforced.clear();
        seen.become(stable);
    }

    private void apply(Change change) {
        seen.change(change);
        unforced.add(change);
    }

    /// Octets that grow in place.
    private static final class Octets {
        private byte[] array = new byte[1024];
        private int size;

        void change(Change change) {
            int at = Math.toIntExact(change.position());
            if (change.truncation()) {
                size = Math.min(size, at);
                return;
            }
            int end = at + change.content().length;
            if (end > array.length) {
                array = Arrays.copyOf(array, Math.max(end, array.length * 2));
            }
            if (at > size) {
                Arrays.fill(array, size, at, (byte) 0);
            }
            System.arraycopy(change.content(), 0, array, at, change.content().length);
            size = Math.max(size, end);
        }

        void become(Octets other) {
            array = other.array.clone();
            size = other.size;
        }
    }
}

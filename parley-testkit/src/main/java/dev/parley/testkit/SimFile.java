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

    private byte[] seen = new byte[0];
    private byte[] stable = new byte[0];
    private final List<Change> unforced = new ArrayList<>();
    long modifiedMillis;
    int mode;

    int read(long position, ByteBuffer target) {
        int size = Math.clamp(seen.length - position, 0, target.remaining());
        if (size > 0) {
            target.put(seen, (int) position, size);
        }
        return size;
    }

    void write(long position, ByteBuffer source) {
        var content = new byte[source.remaining()];
        source.get(content);
        apply(new Change(position, content, false));
    }

    void truncate(long size) {
        if (size < seen.length) {
            apply(new Change(size, new byte[0], true));
        }
    }

    long size() {
        return seen.length;
    }

    byte[] content() {
        return seen.clone();
    }

    void force() {
        for (var change : unforced) {
            stable = changed(stable, change);
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
                stable = changed(stable, change);
            } else if (fate == 1 && !change.truncation()) {
                var part = Arrays.copyOf(change.content(), random.nextInt(change.content().length + 1));
                stable = changed(stable, new Change(change.position(), part, false));
            }
        }
        unforced.clear();
        seen = stable;
    }

    private void apply(Change change) {
        seen = changed(seen, change);
        unforced.add(change);
    }

    private static byte[] changed(byte[] content, Change change) {
        if (change.truncation()) {
            return Arrays.copyOf(content, (int) change.position());
        }
        int end = Math.toIntExact(change.position() + change.content().length);
        var grown = Arrays.copyOf(content, Math.max(content.length, end));
        System.arraycopy(change.content(), 0, grown, (int) change.position(), change.content().length);
        return grown;
    }
}

package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.transfer.file.Placement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What arrives in one activity, at the receiver: a file, a stream, or a batch of small things. Blocking, used by one piece of work at a
/// time, but for [#commit].
sealed interface Incoming permits IncomingFile, IncomingBatch {
    /// What became of an interval.
    sealed interface Outcome {
        /// It is what was sent, and written; [#commit] makes it durable.
        record Verified(long serial, long offset) implements Outcome {}

        /// Durable up to `offset`; `placed` are complete with it. The receipt is theirs, or empty.
        record Confirmed(long offset, List<Placement> placed, String receipt) implements Outcome {}

        /// All is there, with the placed ones under their names.
        record Complete(long size, List<Placement> placed, String receipt) implements Outcome {}

        /// The interval is not what was sent; `serial` and `offset` are the last ones before it, which are durable.
        record Damaged(long serial, long offset) implements Outcome {}
    }

    /// Who makes receipts: a server signs what it received, a client checks what a server signed.
    interface Receipts {
        /// @param content what was received
        /// @param fromPeer the receipt that came, or empty
        String receipt(ObjectNode content, String fromPeer);
    }

    /// Counts octets against what a user may store.
    interface Quota {
        /// @param octets negative gives back what was claimed
        /// @throws dev.parley.api.SessionException.LimitReached when it is more than there is room for
        void claim(long octets);
    }

    String name();

    /// Octets, or -1 for a stream.
    long size();

    /// Octets verified; between activities all of them are durable.
    long offset();

    /// True while something is under way that a release would leave unfinished.
    boolean isOpen();

    void open() throws IOException;

    /// What came after the last point. Nobody knows yet whether it is what was sent.
    void add(List<ByteBuffer> pages) throws IOException;

    /// A point: what came since the last one is verified, or forgotten. At the end of an activity, and in a batch, it is durable and written down
    /// as well, with all before it.
    ///
    /// @param end true at an activity end
    Outcome take(long serial, ByteBuffer mark, boolean end) throws IOException;

    /// Makes durable and writes down all that is verified when it begins. The only one that may be called while another is at work: what
    /// follows is written meanwhile.
    ///
    /// @return up to which offset all is durable and written down, whoever made it so
    long commit() throws IOException;

    /// Forgets what came after the last verified point.
    void rewind() throws IOException;

    void discard() throws IOException;

    void close() throws IOException;

    /// Empty when the peer's receipt is damaged.
    static Optional<String> receipt(Receipts receipts, ObjectNode content, String fromPeer) {
        try {
            return Optional.of(receipts.receipt(content, fromPeer));
        } catch (SessionException.IntegrityFailure | SessionException.ProtocolViolation _) {
            return Optional.empty();
        }
    }

    static int crc(List<ByteBuffer> pages) {
        var crc = new CRC32C();
        pages.forEach(page -> crc.update(page.duplicate()));
        return (int) crc.getValue();
    }

    static long length(List<ByteBuffer> pages) {
        return pages.stream().mapToLong(ByteBuffer::remaining).sum();
    }
}

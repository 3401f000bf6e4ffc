package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// What travels in one activity, at the sender: a file, a stream or a batch of small things. Blocking; used by one piece of work at a time.
sealed interface Outgoing permits OutgoingFile, OutgoingBatch {
    /// Where an interval ends: how many octets of the activity's content, how many members of a batch, the state of the hash tree.
    record Point(long offset, int members, byte[] tree) {
        static final Point START = new Point(0, 0, TreeState.empty().toBytes());
    }

    /// One checkpoint interval, read and digested. `mark` are the user data of its synchronization point.
    record Interval(Point from, Point to, List<ByteBuffer> pages, ByteBuffer mark, boolean last) {
        long length() {
            return to.offset() - from.offset();
        }
    }

    /// What the sender keeps for itself, away from the loop.
    interface Outbox {
        /// The last point before `claimed` that this side remembers as sent and confirmed, or the start. Whoever trusts the receiver answers
        /// with what it claims.
        Point remembered(String name, Point claimed);

        /// The receiver confirmed this.
        void confirmed(Outgoing what, long serial, Point point);

        /// A signed receipt for what has been sent, or nothing when this side does not sign.
        String sign(ObjectNode content);

        /// The receiver's receipt.
        ///
        /// @param sent what it must speak of; a size below 0 and an empty root stand for any
        /// @throws SessionException.IntegrityFailure when it is not about that, or not signed by the server
        void received(String receipt, List<Receipt.Entry> sent);

        /// The receiver's receipts of members that it had before: a server makes one about all of them, a client says which of ours it keeps.
        ///
        /// @throws SessionException.IntegrityFailure when they are not about that, or not signed by the server
        void kept(List<String> receipts, List<Receipt.Entry> members);
    }

    String name();

    /// Octets, or -1 as long as nobody knows.
    long size();

    ObjectNode offer();

    /// The receiver answered: opens what is read, and compares what is confirmed.
    ///
    /// @throws SessionException.SourceChanged when it is not what was confirmed
    void open(Disk disk, JsonNode answer) throws IOException;

    /// The receiver says that it has all of it: compares what can be compared, and checks the receipt.
    ///
    /// @throws SessionException.SourceChanged when it is not what the receiver has
    void complete(Disk disk, JsonNode answer) throws IOException;

    Interval next() throws IOException;

    /// Goes back to a confirmed point of this connection.
    void rewind(Point to);

    /// The receiver confirmed the interval: it is not sent again, and nothing before its end is read again.
    void release(Interval interval);

    /// The members of a batch that are complete with the second point and were not with the first.
    List<Receipt.Entry> completed(Point from, Point to);

    /// The files that the receipt at the end of this activity speaks of, once all is read.
    List<Receipt.Entry> sent();

    /// @throws SessionException.SourceChanged when it is not any more what it was
    void checkUnchanged();

    void close() throws IOException;
}

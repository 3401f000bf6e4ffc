package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.runtime.Loop;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// What arrives over one connection: entries are checked as they come, an interval is complete with its synchronization point, and it is
/// confirmed when it is stored. An interval for which the inbox has no room waits, at most [#WINDOW] of them: then the peer has to wait
/// too.
final class Arrivals {
    static final int WINDOW = 4;
    static final int INTERVAL = 64;
    static final long INTERVAL_BYTES = 256 << 10;
    static final int HEADER = 9;
    static final int MARK = 12;

    private record Batch(long serial, List<Entry> entries) {}

    private final Loop loop;
    private final Dialogue dialogue;
    private final int mostMessage;
    private final LongConsumer stored;
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private final CRC32C check = new CRC32C();
    private List<Entry> interval = new ArrayList<>();
    private long intervalBytes;
    private long seen;
    private boolean storing;

    /// @param stored is told the serial number of an interval that is stored, on the loop
    Arrivals(Loop loop, Dialogue dialogue, int mostMessage, LongConsumer stored) {
        this.loop = loop;
        this.dialogue = dialogue;
        this.mostMessage = mostMessage;
        this.stored = stored;
    }

    /// The last entry that is here already.
    void start(long received) {
        seen = received;
    }

    void data(ByteBuffer octets) {
        int size = octets.remaining() - HEADER;
        if (size < 0 || size > mostMessage || interval.size() >= INTERVAL || intervalBytes >= INTERVAL_BYTES) {
            throw new SessionException.ProtocolViolation("a message of " + size + " octets after " + interval.size() + " messages of "
                    + intervalBytes + " octets without a synchronization point");
        }
        check.update(octets.duplicate());
        int kind = octets.get();
        long number = octets.getLong();
        if (kind < 0 || kind >= Kind.values().length || number != seen + 1) {
            throw new SessionException.ProtocolViolation("expected message " + (seen + 1) + ", not " + number + " of kind " + kind);
        }
        var body = new byte[size];
        octets.get(body);
        seen = number;
        intervalBytes += size;
        interval.add(new Entry(number, Kind.values()[kind], body));
    }

    void point(long serial, ByteBuffer mark) {
        if (mark.remaining() != MARK || interval.isEmpty() || waiting.size() >= WINDOW || mark.getLong() != seen) {
            throw new SessionException.ProtocolViolation("a synchronization point that does not fit its " + interval.size() + " messages");
        }
        if (mark.getInt() != (int) check.getValue()) {
            throw new SessionException.IntegrityFailure("messages up to " + seen + " were damaged on the way; they are sent again");
        }
        check.reset();
        waiting.add(new Batch(serial, interval));
        interval = new ArrayList<>();
        intervalBytes = 0;
        storeNext();
    }

    /// Stores the next interval when there is room for it.
    void storeNext() {
        var batch = waiting.peek();
        if (batch == null || storing || !dialogue.room(batch.entries())) {
            return;
        }
        storing = true;
        loop.<Boolean>offload(() -> {
            dialogue.store(batch.entries());
            return true;
        }, (_, failure) -> {
            storing = false;
            waiting.remove();
            if (failure == null) {
                stored.accept(batch.serial());
                storeNext();
            }
            // Otherwise the dialogue has failed and has ended this connection.
        });
    }
}

package dev.parley.trace.net;

import dev.parley.trace.net.Content.Segment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/// One direction of a TCP connection put in order: what comes early waits, what comes again is dropped, and what never comes is a gap.
final class Reassembly {
    /// Octets, and segments, that may wait for an earlier one; beyond it the earlier one counts as never captured.
    static final int MOST_WAITING = 1 << 20;
    static final int MOST_SEGMENTS = 1_024;

    /// What comes out.
    interface Sink {
        void octets(ByteBuffer octets);

        /// So many octets are not in the capture.
        void gap(int octets);
    }

    private final Sink sink;
    /// By distance from the position at which they came; serial arithmetic is done once, on arrival.
    private final Map<Long, ByteBuffer> early = new TreeMap<>();
    private boolean begun;
    private long position;
    private int waiting;
    /// What the other side has confirmed: it came there, whether it is in the capture or not.
    private long confirmed;

    Reassembly(Sink sink) {
        this.sink = sink;
    }

    void add(Segment segment) {
        if (!begun) {
            begun = true;
            position = segment.sequence() & 0xFFFFFFFFL;
            if (segment.has(Segment.SYN)) {
                position++;
            }
            confirmed = position;
        }
        long at = absolute(segment.sequence()) + (segment.has(Segment.SYN) ? 1 : 0);
        if (segment.payload().hasRemaining() && !isKeepAlive(segment, at)) {
            put(at, segment.payload());
        }
        if (segment.missing() > 0 && at + segment.payload().remaining() == position) {
            gap(segment.missing());
        }
    }

    /// The other side confirmed everything before this number: what we lack of it will not be sent again.
    void acknowledged(int number) {
        if (!begun) {
            return;
        }
        confirmed = Math.max(confirmed, absolute(number));
        if (!early.isEmpty() && confirmed > position) {
            skip();
        }
    }

    /// Nothing more comes. A FIN is confirmed as one octet.
    void end() {
        while (!early.isEmpty()) {
            skip();
        }
        if (confirmed > position + 1) {
            gap((int) (confirmed - position));
        }
    }

    private void put(long at, ByteBuffer payload) {
        long end = at + payload.remaining();
        if (end <= position) {
            return;
        }
        if (at > position) {
            var before = early.get(at);
            if (before == null || before.remaining() < payload.remaining()) {
                waiting += payload.remaining() - (before == null ? 0 : before.remaining());
                early.put(at, payload);
            }
            while (waiting > MOST_WAITING || early.size() > MOST_SEGMENTS) {
                skip();
            }
            return;
        }
        take(at, payload);
        drain();
    }

    private void take(long at, ByteBuffer payload) {
        int known = (int) (position - at);
        var fresh = payload.slice(payload.position() + known, payload.remaining() - known);
        position += fresh.remaining();
        sink.octets(fresh);
    }

    private void drain() {
        for (var entries = early.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            if (entry.getKey() > position) {
                return;
            }
            entries.remove();
            waiting -= entry.getValue().remaining();
            if (entry.getKey() + entry.getValue().remaining() > position) {
                take(entry.getKey(), entry.getValue());
            }
        }
    }

    /// Gives up on what stands before the first early segment.
    private void skip() {
        gap((int) (early.keySet().iterator().next() - position));
        drain();
    }

    private void gap(int octets) {
        position += octets;
        sink.gap(octets);
    }

    /// TCP keep-alives repeat the last octet, often as one octet of rubbish.
    private boolean isKeepAlive(Segment segment, long at) {
        return segment.payload().remaining() == 1 && at == position - 1;
    }

    /// The position that a sequence number means: the one nearest to where we are (modulo 2^32).
    private long absolute(int sequence) {
        return position + (sequence - (int) position);
    }
}

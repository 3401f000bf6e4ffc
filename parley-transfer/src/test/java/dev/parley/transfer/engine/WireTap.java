package dev.parley.transfer.engine;

import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/// Watches the data SPDUs of many flows on the wire: when each was handed to the line and when it had arrived. Reads TPKTs, TSDUs and SPDUs
/// itself, from the octets that really crossed.
final class WireTap {
    /// One data SPDU on the wire.
    record Span(String flow, long from, long to) {}

    private final LongSupplier clock;
    private final List<Span> spans = new ArrayList<>();

    WireTap(LongSupplier clock) {
        this.clock = clock;
    }

    /// What arrived, in the order of arrival.
    synchronized List<Span> spans() {
        return List.copyOf(spans);
    }

    /// The flows in the order in which their data arrived, each run of one flow once.
    List<String> turns() {
        var turns = new ArrayList<String>();
        for (var span : spans()) {
            if (turns.isEmpty() || !turns.getLast().equals(span.flow())) {
                turns.add(span.flow());
            }
        }
        return turns;
    }

    /// Two data SPDUs of different flows that were on the wire at the same time, when there are such.
    List<Span> overlap() {
        var ordered = spans().stream().sorted(java.util.Comparator.comparingLong(Span::from)).toList();
        // The one that ends last so far, and the last one of another flow.
        Span last = null;
        Span other = null;
        for (var span : ordered) {
            for (var before : new Span[] {last, other}) {
                if (before != null && !before.flow().equals(span.flow()) && before.to() > span.from()) {
                    return List.of(before, span);
                }
            }
            if (last == null || last.flow().equals(span.flow())) {
                last = last == null || span.to() > last.to() ? span : last;
            } else {
                other = last;
                last = span;
            }
        }
        return List.of();
    }

    /// One connection of a flow.
    final class Connection {
        private final String flow;
        private final Deque<Long> toServer = new ArrayDeque<>();
        private final Deque<Long> toClient = new ArrayDeque<>();

        Connection(String flow) {
            this.flow = flow;
        }

        Link.Handler client(Link.Handler handler) {
            return new Tapped(handler, new Cutter(() -> written(toServer)), new Cutter(() -> arrived(toClient)));
        }

        Link.Handler server(Link.Handler handler) {
            return new Tapped(handler, new Cutter(() -> written(toClient)), new Cutter(() -> arrived(toServer)));
        }

        private void written(Deque<Long> way) {
            synchronized (WireTap.this) {
                way.add(clock.getAsLong());
            }
        }

        private void arrived(Deque<Long> way) {
            synchronized (WireTap.this) {
                long now = clock.getAsLong();
                var from = way.poll();
                spans.add(new Span(flow, from == null ? now : from, now));
            }
        }
    }

    /// Cuts a stream of octets into TSDUs and tells of those that carry data.
    private static final class Cutter {
        private final Runnable data;
        private final ByteArrayOutputStream tpkt = new ByteArrayOutputStream();
        private final ByteArrayOutputStream tsdu = new ByteArrayOutputStream();

        Cutter(Runnable data) {
            this.data = data;
        }

        void octets(ByteBuffer octets) {
            while (octets.hasRemaining()) {
                tpkt.write(octets.get());
                var head = tpkt.toByteArray();
                if (tpkt.size() < 4) {
                    continue;
                }
                int size = (head[2] & 0xFF) << 8 | head[3] & 0xFF;
                int take = Math.min(size - tpkt.size(), octets.remaining());
                var rest = new byte[Math.max(0, take)];
                octets.get(rest);
                tpkt.writeBytes(rest);
                if (tpkt.size() == size) {
                    packet(tpkt.toByteArray());
                    tpkt.reset();
                }
            }
        }

        private void packet(byte[] octets) {
            if ((octets[5] & 0xF0) != 0xF0) {
                return;
            }
            tsdu.write(octets, 5 + octets[4], octets.length - 5 - octets[4]);
            if ((octets[6] & 0x80) != 0) {
                var spdus = SpduCodec.decode(ByteBuffer.wrap(tsdu.toByteArray()));
                tsdu.reset();
                spdus.stream().filter(Spdu.DataTransfer.class::isInstance).forEach(_ -> data.run());
            }
        }
    }

    private record Tapped(Link.Handler handler, Cutter out, Cutter in) implements Link.Handler {
        @Override
        public void opened(Link link) {
            handler.opened(new Out(link, out));
        }

        @Override
        public void received(ByteBuffer bytes) {
            in.octets(bytes.duplicate());
            handler.received(bytes);
        }

        @Override
        public void writable() {
            handler.writable();
        }

        @Override
        public void closed(String reason) {
            handler.closed(reason);
        }
    }

    private record Out(Link link, Cutter out) implements Link {
        @Override
        public void write(ByteBuffer... buffers) {
            for (var buffer : buffers) {
                out.octets(buffer.duplicate());
            }
            link.write(buffers);
        }

        @Override
        public void flush() {
            link.flush();
        }

        @Override
        public boolean isWritable() {
            return link.isWritable();
        }

        @Override
        public void setReading(boolean reading) {
            link.setReading(reading);
        }

        @Override
        public void close() {
            link.close();
        }

        @Override
        public void abort() {
            link.abort();
        }

        @Override
        public String peer() {
            return link.peer();
        }

        @Override
        public String local() {
            return link.local();
        }

        @Override
        public Security security() {
            return link.security();
        }
    }
}

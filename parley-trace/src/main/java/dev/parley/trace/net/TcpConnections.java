package dev.parley.trace.net;

import dev.parley.trace.net.Content.Segment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Sorts segments by connection and direction, and puts each direction in order.
public final class TcpConnections {
    /// What happens on one connection, in the order of the packets that brought it about.
    public interface Listener {
        void octets(boolean fromCaller, ByteBuffer octets);

        void gap(boolean fromCaller, int octets);

        void closed(boolean byCaller, boolean reset);
    }

    /// The two ends without direction.
    private record Key(InetSocketAddress one, InetSocketAddress other) {}

    private final class Connection {
        private final InetSocketAddress caller;
        private final Listener listener;
        private final Reassembly fromCaller;
        private final Reassembly fromCalled;
        private final int firstSequence;
        private final boolean[] finished = new boolean[2];

        Connection(InetSocketAddress caller, int firstSequence, Listener listener) {
            this.caller = caller;
            this.firstSequence = firstSequence;
            this.listener = listener;
            fromCaller = new Reassembly(sink(true));
            fromCalled = new Reassembly(sink(false));
        }

        private Reassembly.Sink sink(boolean direction) {
            return new Reassembly.Sink() {
                @Override
                public void octets(ByteBuffer octets) {
                    listener.octets(direction, octets);
                }

                @Override
                public void gap(int octets) {
                    listener.gap(direction, octets);
                }
            };
        }

        void add(Segment segment) {
            boolean direction = segment.from().equals(caller);
            var own = direction ? fromCaller : fromCalled;
            var other = direction ? fromCalled : fromCaller;
            own.add(segment);
            if (segment.has(Segment.ACK)) {
                other.acknowledged(segment.acknowledged());
            }
            if (segment.has(Segment.FIN) || segment.has(Segment.RST)) {
                if (segment.has(Segment.RST)) {
                    end();
                }
                int way = direction ? 1 : 0;
                if (!finished[way]) {
                    finished[way] = true;
                    finished[1 - way] |= segment.has(Segment.RST);
                    listener.closed(direction, segment.has(Segment.RST));
                }
            }
        }

        void end() {
            fromCaller.end();
            fromCalled.end();
        }
    }

    private final Map<Key, Connection> connections = new LinkedHashMap<>();
    private final BiFunction<InetSocketAddress, InetSocketAddress, Optional<Listener>> opened;

    /// @param opened told caller and called side of each new connection; empty when it shall not be followed
    public TcpConnections(BiFunction<InetSocketAddress, InetSocketAddress, Optional<Listener>> opened) {
        this.opened = opened;
    }

    public void add(Segment segment) {
        var key = key(segment);
        var connection = connections.get(key);
        boolean calls = segment.has(Segment.SYN) && !segment.has(Segment.ACK);
        if (calls && connection != null && connection.firstSequence != segment.sequence()) {
            // The same ports again: another connection.
            connection.end();
            connection = null;
        }
        if (connection == null) {
            connection = begin(segment, calls);
            if (connection == null) {
                return;
            }
            connections.put(key, connection);
        }
        connection.add(segment);
    }

    /// Nothing more comes: what waits for missing segments is given out.
    public void end() {
        connections.values().forEach(Connection::end);
    }

    private @Nullable Connection begin(Segment segment, boolean calls) {
        if (segment.has(Segment.RST) || !calls && !segment.has(Segment.SYN) && !segment.payload().hasRemaining()) {
            return null;
        }
        // Without a SYN the lower port is taken for the called side, which is right for services with a port of their own.
        boolean fromCaller = calls
                || !segment.has(Segment.SYN) && segment.to().getPort() <= segment.from().getPort();
        var caller = fromCaller ? segment.from() : segment.to();
        var called = fromCaller ? segment.to() : segment.from();
        return opened.apply(caller, called).map(listener -> new Connection(caller, segment.sequence(), listener)).orElse(null);
    }

    private static Key key(Segment segment) {
        boolean turned = order(segment.from()).compareTo(order(segment.to())) > 0;
        return turned ? new Key(segment.to(), segment.from()) : new Key(segment.from(), segment.to());
    }

    private static String order(InetSocketAddress end) {
        return end.getAddress().getHostAddress() + " " + end.getPort();
    }
}

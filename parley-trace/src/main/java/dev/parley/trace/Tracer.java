package dev.parley.trace;

import dev.parley.trace.decode.Detection;
import dev.parley.trace.decode.Recorder;
import dev.parley.trace.file.Packet;
import dev.parley.trace.file.PacketFile;
import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import dev.parley.trace.net.Content;
import dev.parley.trace.net.Layers;
import dev.parley.trace.net.TcpConnections;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads a capture and decodes what its connections carry. Whatever is in the file, the answer is a [Trace]: damage becomes words in it.
public final class Tracer {
    /// What is followed; more is counted and said, not listed.
    static final int MOST_EXCHANGES = 1_000;
    static final int MOST_MESSAGES = 100_000;

    private final int mostMessages;
    private final List<Recording> recordings = new ArrayList<>();
    private final Map<String, Long> others = new TreeMap<>();
    private final TcpConnections connections = new TcpConnections(this::opened);
    private long packet;
    private Instant time = Instant.EPOCH;
    private long messages;
    private long connectionsLeftOut;

    private Tracer(int mostMessages) {
        this.mostMessages = mostMessages;
    }

    /// @throws IOException when the file cannot be read or is no capture
    public static Trace read(Path file) throws IOException {
        try (var packets = PacketFile.open(file)) {
            return read(packets, MOST_MESSAGES);
        }
    }

    static Trace read(PacketFile packets, int mostMessages) throws IOException {
        var tracer = new Tracer(mostMessages);
        for (var next = packets.next(); next.isPresent(); next = packets.next()) {
            tracer.add(next.get());
        }
        return tracer.end(packets.remark());
    }

    private void add(Packet next) {
        packet = next.number();
        time = next.time();
        switch (Layers.decode(next.linkType(), next.octets())) {
            case Content.Segment segment -> connections.add(segment);
            case Content.Datagram _ -> others.merge("UDP datagrams, which are not decoded", 1L, Long::sum);
            case Content.Other(var what) -> others.merge(what, 1L, Long::sum);
        }
    }

    private Optional<TcpConnections.Listener> opened(InetSocketAddress caller, InetSocketAddress called) {
        if (recordings.size() == MOST_EXCHANGES) {
            connectionsLeftOut++;
            return Optional.empty();
        }
        var recording = new Recording(caller, called);
        recordings.add(recording);
        return Optional.of(recording);
    }

    private Trace end(String remark) {
        connections.end();
        recordings.forEach(Recording::end);
        var remarks = new ArrayList<String>();
        if (!remark.isEmpty()) {
            remarks.add(remark);
        }
        others.forEach((what, count) -> remarks.add(count + (count == 1 ? " packet was passed over: " : " packets were passed over: ") + what));
        if (messages > mostMessages) {
            remarks.add((messages - mostMessages) + " further messages are not listed");
        }
        if (connectionsLeftOut > 0) {
            remarks.add("packets of connections beyond the first " + MOST_EXCHANGES + " are not decoded: " + connectionsLeftOut);
        }
        var exchanges = new ArrayList<Exchange>();
        for (var recording : recordings) {
            exchanges.add(new Exchange(exchanges.size() + 1, name(recording.caller), name(recording.called), recording.found));
        }
        return new Trace(packet, exchanges, remarks);
    }

    private static String name(InetSocketAddress address) {
        var host = String.valueOf(address.getAddress().getHostAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /// One connection: hands its octets to the decoder, and writes down what that finds.
    private final class Recording implements TcpConnections.Listener, Recorder {
        private final InetSocketAddress caller;
        private final InetSocketAddress called;
        private final List<Message> found = new ArrayList<>();
        private final Detection decoder = new Detection(this);
        private boolean closed;

        Recording(InetSocketAddress caller, InetSocketAddress called) {
            this.caller = caller;
            this.called = called;
        }

        @Override
        public void octets(boolean fromCaller, ByteBuffer octets) {
            decoder.octets(fromCaller, octets);
        }

        @Override
        public void gap(boolean fromCaller, int octets) {
            decoder.gap(fromCaller, octets);
        }

        @Override
        public void closed(boolean byCaller, boolean reset) {
            closed = true;
            remark(byCaller, reset ? "RST" : "FIN", reset ? "resets the connection" : "closes the connection");
        }

        void end() {
            decoder.end(true);
            decoder.end(false);
            if (!closed && !found.isEmpty()) {
                remark(true, "...", "the capture ends before the connection does");
            }
        }

        @Override
        public void message(
                boolean fromCaller, Message.Layer layer, String symbol, String title, String summary, List<Item> items,
                Optional<String> fault) {
            messages++;
            if (messages <= mostMessages) {
                found.add(new Message(packet, time, fromCaller, layer, symbol, title, summary, items, fault));
            }
        }
    }
}

package dev.parley.trace;

import dev.parley.api.AddressText;
import dev.parley.trace.decode.Recorder;
import dev.parley.trace.file.Packet;
import dev.parley.trace.file.PacketFile;
import dev.parley.trace.h323.Announcements;
import dev.parley.trace.h323.DatagramFlow;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads a capture and decodes what its connections carry. Whatever is in the file, the answer is a [Trace]: damage becomes words in it.
public final class Tracer {
    /// What is followed; more is counted and said, not listed.
    ///
    /// @param items parameters of all messages together; what comes after so many is listed without
    /// @param flows pairs of ports between which datagrams are looked at
    record Limits(int exchanges, int messages, int items, int flows) {
        static final Limits USUAL = new Limits(1_000, 100_000, 1_000_000, 10_000);
    }

    /// So many places where octets are missing are told each by itself.
    private static final int MOST_MISSING = 10;

    private final Limits limits;
    private final List<Recording> recordings = new ArrayList<>();
    private final Map<String, Long> others = new TreeMap<>();
    private final Announcements announcements = new Announcements();
    private final TcpConnections connections = new TcpConnections(this::opened);
    private final Map<Set<InetSocketAddress>, Flow> flows = new HashMap<>();
    private long packet;
    private Instant time = Instant.EPOCH;
    private long messages;
    private long items;
    private long messagesWithoutItems;
    private long connectionsLeftOut;
    private final List<String> missing = new ArrayList<>();
    private long gaps;
    private long lost;

    private Tracer(Limits limits) {
        this.limits = limits;
    }

    /// @throws IOException when the file cannot be read or is no capture
    public static Trace read(Path file) throws IOException {
        try (var packets = PacketFile.open(file)) {
            return read(packets, Limits.USUAL);
        }
    }

    static Trace read(PacketFile packets, Limits limits) throws IOException {
        var tracer = new Tracer(limits);
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
            case Content.Datagram datagram -> add(datagram);
            case Content.Other(var what) -> others.merge(what, 1L, Long::sum);
        }
    }

    private void add(Content.Datagram datagram) {
        var ends = Set.copyOf(List.of(datagram.from(), datagram.to()));
        var flow = flows.get(ends);
        if (flow == null) {
            if (flows.size() == limits.flows) {
                passedOver(1);
                return;
            }
            flow = new Flow(datagram.from(), datagram.to());
            flows.put(ends, flow);
        }
        flow.decoder.datagram(datagram.from().equals(flow.caller), datagram.payload(), datagram.missing(), packet, time);
    }

    private void passedOver(long datagrams) {
        if (datagrams > 0) {
            others.merge("UDP datagrams, which are not decoded", datagrams, Long::sum);
        }
    }

    private Optional<TcpConnections.Listener> opened(InetSocketAddress caller, InetSocketAddress called) {
        if (recordings.size() == limits.exchanges) {
            connectionsLeftOut++;
            return Optional.empty();
        }
        var recording = new Connection(caller, called);
        recordings.add(recording);
        return Optional.of(recording);
    }

    private Trace end(String remark) {
        connections.end();
        recordings.forEach(Recording::end);
        flows.values().stream().sorted(Comparator.comparingLong(f -> f.begun)).forEach(this::end);
        var remarks = new ArrayList<String>();
        if (!remark.isEmpty()) {
            remarks.add(remark);
        }
        others.forEach((what, count) -> remarks.add(count + (count == 1 ? " packet was passed over: " : " packets were passed over: ") + what));
        remarks.addAll(missing);
        if (gaps > 0) {
            remarks.add("the capture lacks " + lost + " octets of TCP in " + gaps + (gaps == 1 ? " place" : " places")
                    + "; what stood there is not decoded");
        }
        if (messages > limits.messages) {
            remarks.add((messages - limits.messages) + " further messages are not listed");
        }
        if (messagesWithoutItems > 0) {
            remarks.add(messagesWithoutItems + (messagesWithoutItems == 1 ? " message is" : " messages are") + " listed without parameters");
        }
        if (connectionsLeftOut > 0) {
            remarks.add("packets of connections beyond the first " + limits.exchanges + " are not decoded: " + connectionsLeftOut);
        }
        recordings.sort(Comparator.comparingLong(r -> r.begun));
        var exchanges = new ArrayList<Exchange>();
        for (var recording : recordings) {
            exchanges.add(recording.exchange(exchanges.size() + 1));
        }
        return new Trace(packet, exchanges, remarks);
    }

    private void end(Flow flow) {
        passedOver(flow.decoder.leftOut());
        if (!flow.decoder.isKnown()) {
            return;
        }
        if (recordings.size() == limits.exchanges) {
            connectionsLeftOut++;
            return;
        }
        flow.end();
        recordings.add(flow);
    }

    private void record(Message message, List<Message> into) {
        messages++;
        if (messages > limits.messages) {
            return;
        }
        long parameters = count(message.items());
        if (items + parameters > limits.items) {
            messagesWithoutItems++;
            into.add(message.without());
        } else {
            items += parameters;
            into.add(message);
        }
    }

    private static long count(List<Item> items) {
        return items.stream().mapToLong(i -> 1 + count(i.parts())).sum();
    }

    /// Writes down what a decoder finds between two ends.
    private abstract class Recording implements Recorder {
        final InetSocketAddress caller;
        final InetSocketAddress called;
        final List<Message> found = new ArrayList<>();
        final long begun = packet;
        private String about = "";

        Recording(InetSocketAddress caller, InetSocketAddress called) {
            this.caller = caller;
            this.called = called;
        }

        abstract void end();

        abstract Exchange.Carrier carrier();

        final Exchange exchange(int number) {
            return new Exchange(number, carrier(), about, AddressText.of(caller), AddressText.of(called), found);
        }

        @Override
        public final void about(String words) {
            about = words;
        }

        @Override
        public final void message(
                boolean fromCaller, Message.Layer layer, String symbol, String title, String summary, List<Item> items,
                Optional<String> fault) {
            record(new Message(packet, time, fromCaller, layer, symbol, title, summary, items, fault), found);
        }
    }

    private final class Connection extends Recording implements TcpConnections.Listener {
        private final Detection decoder = new Detection(caller, called, this, announcements);
        private final long[] position = new long[2];
        private boolean closed;

        Connection(InetSocketAddress caller, InetSocketAddress called) {
            super(caller, called);
            announcements.connection(called).ifPresent(this::about);
        }

        @Override
        public void octets(boolean fromCaller, ByteBuffer octets) {
            position[fromCaller ? 1 : 0] += octets.remaining();
            decoder.octets(fromCaller, octets);
        }

        @Override
        public void gap(boolean fromCaller, int octets) {
            int way = fromCaller ? 1 : 0;
            if (missing.size() < MOST_MISSING) {
                missing.add("%s to %s: octets %d to %d are not in the capture (found out at packet %d)".formatted(
                        AddressText.of(fromCaller ? caller : called), AddressText.of(fromCaller ? called : caller), position[way] + 1,
                        position[way] + octets, packet));
            }
            gaps++;
            lost += octets;
            position[way] += octets;
            decoder.gap(fromCaller, octets);
        }

        @Override
        public void closed(boolean byCaller, boolean reset) {
            closed = true;
            remark(byCaller, reset ? "RST" : "FIN", reset ? "resets the connection" : "closes the connection");
        }

        @Override
        void end() {
            decoder.end(true);
            decoder.end(false);
            if (!closed && !found.isEmpty()) {
                remark(true, "...", "the capture ends before the connection does");
            }
        }

        @Override
        Exchange.Carrier carrier() {
            return Exchange.Carrier.CONNECTION;
        }
    }

    private final class Flow extends Recording {
        private final DatagramFlow decoder = new DatagramFlow(caller, called, this, announcements);

        Flow(InetSocketAddress caller, InetSocketAddress called) {
            super(caller, called);
        }

        @Override
        void end() {
            decoder.media().forEach(m -> record(m, found));
        }

        @Override
        Exchange.Carrier carrier() {
            return Exchange.Carrier.DATAGRAMS;
        }
    }
}

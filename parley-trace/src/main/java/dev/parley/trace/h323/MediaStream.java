package dev.parley.trace.h323;

import dev.parley.h323.rtp.ReceiverStatistics;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The packets of one source in one direction. Only what they come to is kept.
final class MediaStream {
    private static final int USUAL_CLOCK = 8_000;

    private final boolean fromCaller;
    private final int ssrc;
    private final List<Format> announced;
    private final long firstNumber;
    private final Instant first;
    private final boolean clockIsKnown;
    private final ReceiverStatistics statistics;
    private final Map<Integer, Long> payloadTypes = new TreeMap<>();
    private Instant last;
    private long octets;
    private int firstSequence;
    private int lastSequence;

    MediaStream(boolean fromCaller, RtpPacket packet, List<Format> announced, long number, Instant time) {
        this.fromCaller = fromCaller;
        ssrc = packet.ssrc();
        this.announced = List.copyOf(announced);
        firstNumber = number;
        first = time;
        last = time;
        firstSequence = packet.sequenceNumber();
        var format = format(packet.payloadType());
        clockIsKnown = format.isPresent();
        statistics = new ReceiverStatistics(ssrc, format.map(Format::clockRate).orElse(USUAL_CLOCK));
    }

    void add(RtpPacket packet, Instant time) {
        var since = Duration.between(first, time);
        // A capture whose clock was set by centuries says nothing about jitter.
        long nanos = Math.abs(since.getSeconds()) < Integer.MAX_VALUE ? since.toNanos() : 0;
        statistics.received(packet, nanos);
        payloadTypes.merge(packet.payloadType(), 1L, Long::sum);
        octets += packet.payload().remaining();
        lastSequence = packet.sequenceNumber();
        last = time;
    }

    boolean isDense(int leastPackets) {
        return statistics.packetsReceived() >= leastPackets && statistics.packetsLost() <= statistics.packetsReceived();
    }

    String medium() {
        return format(mostUsed()).map(Format::medium).orElse("media");
    }

    /// What RFC 3551 or the signalling says; when only one format was announced, a dynamic type can mean nothing else.
    private Optional<Format> format(int type) {
        return Format.ofPayloadType(type)
                .or(() -> announced.stream().filter(f -> f.payloadType().filter(t -> t == type).isPresent()).findFirst())
                .or(() -> type >= 96 && announced.stream().map(Format::name).distinct().count() == 1
                        ? Optional.of(announced.getFirst()) : Optional.empty());
    }

    private String name(int type) {
        return format(type).map(Format::name).orElse("payload type " + type);
    }

    private int mostUsed() {
        return payloadTypes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(0);
    }

    Message message() {
        long count = payloadTypes.values().stream().mapToLong(Long::longValue).sum();
        double seconds = Duration.between(first, last).toMillis() / 1e3;
        long lost = statistics.packetsLost();
        var jitter = String.format(Locale.ROOT, "%.1f ms", statistics.jitterNanos() / 1e6);
        var summary = String.format(Locale.ROOT, "%d %s in %.2f s, %s", count, count == 1 ? "packet" : "packets", seconds, lost(lost))
                + (clockIsKnown && count > 1 ? ", jitter " + jitter : "");
        var items = new ArrayList<Item>();
        items.add(new Item("source", "%08x".formatted(ssrc)));
        items.add(new Item("payload types", String.join(", ", payloadTypes.entrySet().stream()
                .map(e -> e.getKey() + " (" + name(e.getKey()) + "): " + e.getValue()).toList())));
        items.add(new Item("packets", "" + count));
        items.add(new Item("octets of payload", "" + octets));
        items.add(new Item("sequence numbers", firstSequence + " to " + lastSequence));
        items.add(new Item("lost", "" + lost));
        if (clockIsKnown) {
            items.add(new Item("jitter", jitter));
        }
        return new Message(
                firstNumber, first, fromCaller, Message.Layer.APPLICATION, "RTP", name(mostUsed()), summary, items, Optional.empty());
    }

    private static String lost(long lost) {
        return lost == 0 ? "none lost" : lost > 0 ? lost + " lost" : -lost + " came twice";
    }
}

package dev.parley.trace.h323;

import dev.parley.h323.rtp.RtcpPacket;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.trace.model.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a flow of media comes to: its streams of RTP, and the reports of both sides.
final class MediaFigures {
    /// Sources of one flow that are told apart.
    private static final int MOST_STREAMS = 64;
    /// More sources than this are no sign of a conversation.
    private static final int USUAL_STREAMS = 4;

    private record Source(boolean fromCaller, int ssrc) {}

    private final Map<Source, MediaStream> streams = new LinkedHashMap<>();
    private final Map<Boolean, MediaReports> reports = new LinkedHashMap<>();

    /// @param announced formats that the receiver was announced with
    /// @return false when it is left out, because there are too many sources
    boolean rtp(boolean fromCaller, RtpPacket packet, List<Format> announced, long number, Instant time) {
        var source = new Source(fromCaller, packet.ssrc());
        var stream = streams.get(source);
        if (stream == null) {
            if (streams.size() == MOST_STREAMS) {
                return false;
            }
            stream = new MediaStream(fromCaller, packet, announced, number, time);
            streams.put(source, stream);
        }
        stream.add(packet, time);
        return true;
    }

    void rtcp(boolean fromCaller, List<RtcpPacket> compound, long number, Instant time) {
        reports.computeIfAbsent(fromCaller, f -> new MediaReports(f, number, time)).add(compound);
    }

    /// Whether this is media although nobody announced it.
    boolean areLikely(int leastPackets) {
        return streams.isEmpty() ? reports.values().stream().mapToLong(MediaReports::datagrams).sum() >= 2
                : streams.size() <= USUAL_STREAMS && streams.values().stream().anyMatch(s -> s.isDense(leastPackets));
    }

    String words() {
        return streams.isEmpty() ? "RTCP" : "RTP " + streams.values().iterator().next().medium();
    }

    /// One message for each stream, and one for the reports of each side.
    List<Message> messages() {
        var messages = new ArrayList<Message>();
        streams.values().forEach(s -> messages.add(s.message()));
        reports.values().forEach(r -> messages.add(r.message()));
        messages.sort(Comparator.comparingLong(Message::packet));
        return messages;
    }
}

package dev.parley.trace.h323;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.rtp.RtcpCodec;
import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.decode.Recorder;
import dev.parley.trace.h323.Announcement.Kind;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The datagrams between two ports. RAS is decoded message by message; of media only the figures are kept.
public final class DatagramFlow {
    private static final int DISCOVERY = 1718;
    private static final int RAS = 1719;
    /// Of a flow that nobody announced, so many packets must make sense before it is taken for media.
    private static final int LEAST_PACKETS = 5;
    /// And at most one of so many may not.
    private static final int SENSE = 20;

    private final InetSocketAddress caller;
    private final InetSocketAddress called;
    private final Recorder recorder;
    private final Announcements announcements;
    private final MediaFigures figures = new MediaFigures();
    private boolean ras;
    private long packets;
    private long strange;

    /// @param caller who sends the first datagram
    public DatagramFlow(InetSocketAddress caller, InetSocketAddress called, Recorder recorder, Announcements announcements) {
        this.caller = caller;
        this.called = called;
        this.recorder = recorder;
        this.announcements = announcements;
    }

    /// @param missing octets that were not captured
    public void datagram(boolean fromCaller, ByteBuffer payload, int missing, long packet, Instant time) {
        packets++;
        if (ras || packets == 1 && beginsRas(payload)) {
            ras(fromCaller, Decoding.octets(payload), missing);
            return;
        }
        try {
            if (isRtcp(payload)) {
                figures.rtcp(fromCaller, RtcpCodec.decode(payload.duplicate()), packet, time);
            } else if (!figures.rtp(fromCaller, RtpCodec.decode(payload.duplicate()), format(fromCaller), packet, time)) {
                strange++;
            }
        } catch (ProtocolViolation e) {
            strange++;
        }
    }

    /// The types of RTCP are payload types that RTP does not use with its marker (RFC 5761).
    private static boolean isRtcp(ByteBuffer payload) {
        int type = payload.remaining() < 2 ? 0 : payload.get(payload.position() + 1) & 0xFF;
        return type >= 192 && type < 224;
    }

    private boolean beginsRas(ByteBuffer payload) {
        boolean onItsPort = List.of(DISCOVERY, RAS).contains(called.getPort()) || List.of(DISCOVERY, RAS).contains(caller.getPort());
        ras = onItsPort || announcements.of(called, caller, Kind.RAS).isPresent() || isRas(Decoding.octets(payload));
        if (ras) {
            recorder.about("H.225.0 RAS");
        }
        return ras;
    }

    private static boolean isRas(Octets octets) {
        return Decoding.of(Pdu.RAS, octets).value().filter(RasWords::saysWhatItIs).isPresent() && Decoding.isExactly(Pdu.RAS, octets);
    }

    private void ras(boolean fromCaller, Octets octets, int missing) {
        if (missing > 0) {
            recorder.remark(fromCaller, "gap", missing + " octets of a RAS message are not in the capture");
            return;
        }
        var decoding = Decoding.of(Pdu.RAS, octets);
        if (decoding.value().isEmpty()) {
            recorder.message(
                    fromCaller, Message.Layer.SESSION, "RAS", "broken message", "",
                    List.of(new Item("octets", Fields.octets(octets))), decoding.fault());
            return;
        }
        var value = decoding.value().get();
        RasWords.places(value).forEach(a -> announcements.learn(new Announcement(a, Kind.RAS, "", Optional.empty())));
        var words = RasWords.describe(value);
        recorder.message(
                fromCaller, Message.Layer.SESSION, words.symbol(), words.title(), words.summary(),
                Fields.of(value instanceof Value.Chosen c ? c.value() : value), Optional.empty());
    }

    /// What is announced for the receiver of a packet.
    private List<Format> format(boolean fromCaller) {
        return announcements.of(fromCaller ? called : caller).stream().flatMap(a -> a.format().stream()).toList();
    }

    /// The packets of it that are not decoded, so far.
    public long leftOut() {
        return ras || isMedia() ? 0 : packets;
    }

    /// Whether it is one that can be shown.
    public boolean isKnown() {
        return ras || isMedia();
    }

    private boolean isMedia() {
        return announced().isPresent() ? packets > strange : figures.areLikely(LEAST_PACKETS) && strange * SENSE <= packets;
    }

    private Optional<Announcement> announced() {
        return announcements.of(called, caller, Kind.RTP).or(() -> announcements.of(called, caller, Kind.RTCP));
    }

    /// What there is of media; nothing more comes.
    public List<Message> media() {
        if (ras || !isMedia()) {
            return List.of();
        }
        recorder.about(announced().map(Announcement::words).orElseGet(figures::words)
                + (strange == 0 ? "" : ", and " + strange + (strange == 1 ? " datagram" : " datagrams") + " of something else"));
        return figures.messages();
    }
}

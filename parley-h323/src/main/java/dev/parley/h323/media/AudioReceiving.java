package dev.parley.h323.media;

import dev.parley.h323.rtp.RtpPacket;
import java.io.IOException;

/// Receives sound. Where the timestamps tell of a gap (loss, or silence that was not sent) the sink hears of it.
final class AudioReceiving implements Receiving {
    /// A longer gap is a new timeline, not silence.
    static final int LONGEST_GAP = 10 * G711.RATE;

    private final MediaSession session;
    private final MediaFormat.Audio format;
    private final AudioSink sink;
    private boolean started;
    private int next;

    AudioReceiving(MediaSession session, MediaFormat.Audio format, AudioSink sink) {
        this.session = session;
        this.format = format;
        this.sink = sink;
    }

    @Override
    public MediaFormat format() {
        return format;
    }

    @Override
    public void received(RtpPacket packet) throws IOException {
        var samples = format.law().decode(packet.payload());
        int gap = started ? packet.timestamp() - next : 0;
        if (gap > 0 && gap <= LONGEST_GAP) {
            sink.missing(gap);
        }
        started = true;
        next = packet.timestamp() + samples.length;
        sink.write(samples);
    }

    @Override
    public long damagedPictures() {
        return 0;
    }

    @Override
    public void stop() {
        session.close(sink);
    }
}

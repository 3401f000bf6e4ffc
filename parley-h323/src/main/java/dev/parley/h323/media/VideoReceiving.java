package dev.parley.h323.media;

import dev.parley.h323.rtp.RtpPacket;
import dev.parley.h323.rtp.VideoDepacketizer;
import java.io.IOException;

/// Receives pictures; those with holes are left out, and the listener hears of them.
final class VideoReceiving implements Receiving {
    private final MediaSession session;
    private final MediaFormat.Video format;
    private final VideoDepacketizer depacketizer;
    private final VideoSink sink;
    private long damagedBefore;

    VideoReceiving(MediaSession session, MediaFormat.Video format, VideoSink sink) {
        this.session = session;
        this.format = format;
        this.depacketizer = format.depacketizer();
        this.sink = sink;
    }

    @Override
    public MediaFormat format() {
        return format;
    }

    @Override
    public void received(RtpPacket packet) throws IOException {
        for (var frame : depacketizer.received(packet)) {
            sink.write(frame);
        }
        if (depacketizer.damaged() != damagedBefore) {
            damagedBefore = depacketizer.damaged();
            session.listener().pictureDamaged();
        }
    }

    @Override
    public long damagedPictures() {
        return depacketizer.damaged();
    }

    @Override
    public void stop() {
        session.close(sink);
    }
}

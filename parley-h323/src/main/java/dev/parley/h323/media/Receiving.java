package dev.parley.h323.media;

import dev.parley.h323.rtp.RtpPacket;
import java.io.IOException;

/// One direction of a media session: the other side's. On the loop only.
sealed interface Receiving permits AudioReceiving, VideoReceiving {
    MediaFormat format();

    /// @param packet of this format, in order, at its time
    void received(RtpPacket packet) throws IOException;

    long damagedPictures();

    /// Ends it and closes the sink.
    void stop();
}

package dev.parley.h323.media;

/// One direction of a media session: ours. On the loop only.
sealed interface Sending permits AudioSending, VideoSending {
    void start();

    /// Ends it and closes the source.
    void stop();
}

package dev.parley.h323.media;

import dev.parley.h323.rtp.VideoFrame;
import java.io.IOException;

/// Where the pictures that arrive go, still coded; only those of which everything came. Called on the call's media loop, so it must not wait.
public interface VideoSink extends AutoCloseable {
    void write(VideoFrame frame) throws IOException;

    @Override
    default void close() throws IOException {}
}

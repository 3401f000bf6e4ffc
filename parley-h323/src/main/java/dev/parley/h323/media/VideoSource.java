package dev.parley.h323.media;

import dev.parley.h323.rtp.VideoFrame;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// Where the pictures that we send come from, coded already. Called on the call's media loop once for each picture, so it must not wait.
public interface VideoSource extends AutoCloseable {
    /// @return nothing when no picture will come any more
    Optional<VideoFrame> next() throws IOException;

    /// Pictures a second; RTP's clock is 90000.
    double rate();

    /// The other side asks for a picture that needs no earlier one. Files cannot make any, cameras can.
    default void refresh() {}

    /// The other side wants no more than this; empty: what was agreed on. Files cannot do it, coders can.
    default void limit(OptionalLong bitsPerSecond) {}

    @Override
    default void close() throws IOException {}
}

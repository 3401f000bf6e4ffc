package dev.parley.h323.media;

import java.io.IOException;

/// Where the sound that arrives goes: 16-bit samples, one channel, 8000 a second. Called on the call's media loop, so it must not wait.
public interface AudioSink extends AutoCloseable {
    void write(short[] samples) throws IOException;

    /// Samples that should be here did not arrive or were never sent; whoever keeps time fills the gap.
    default void missing(int samples) throws IOException {}

    @Override
    default void close() throws IOException {}
}

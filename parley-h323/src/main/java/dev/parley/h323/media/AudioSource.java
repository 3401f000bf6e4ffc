package dev.parley.h323.media;

import java.io.IOException;

/// Where the sound that we send comes from: 16-bit samples, one channel, 8000 a second. Called on the call's media loop once for each packet,
/// so it must not wait: what is not there yet is silence.
public interface AudioSource extends AutoCloseable {
    /// What [#read] returns when nothing will come any more.
    int END = -1;

    /// @param frame is filled from its start
    /// @return how many samples: all that fit, fewer before the end, 0 when there is silence now, [#END]
    int read(short[] frame) throws IOException;

    @Override
    default void close() throws IOException {}
}

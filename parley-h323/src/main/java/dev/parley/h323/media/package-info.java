/// Sound and pictures of a call: coding, files, tones, microphone and speaker, and the engine that paces them over RTP. An application that
/// has its own media implements the sources and sinks. Read {@link dev.parley.h323.media.MediaSession} first.
@NullMarked
package dev.parley.h323.media;

import org.jspecify.annotations.NullMarked;

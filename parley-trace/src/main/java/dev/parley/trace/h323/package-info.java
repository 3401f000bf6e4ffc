/// H.323 in words: call signalling, H.245, RAS and the flows of media. The codecs are those of the endpoint, so that both always agree. Read
/// {@link dev.parley.trace.h323.SignallingDecoder} first, then {@link dev.parley.trace.h323.Announcements}: what one connection tells about others.
@NullMarked
package dev.parley.trace.h323;

import org.jspecify.annotations.NullMarked;

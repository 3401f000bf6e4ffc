package dev.parley.trace.h323;

import dev.parley.trace.decode.Recorder;
import dev.parley.trace.decode.TpktPayload;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Recognizes H.323 on a TCP connection: by its port, by what was announced, by its first packet.
public final class H323 {
    private static final int SIGNALLING = 1720;

    private H323() {}

    /// Whether the connection was announced as H.245, so that its first packet can be nothing else.
    public static Optional<TpktPayload> announced(
            InetSocketAddress caller, InetSocketAddress called, Recorder recorder, Announcements announcements) {
        return announcements.of(called, caller, Announcement.Kind.CONTROL)
                .map(a -> ControlDecoder.separate(recorder, announcements, Optional.of(a)));
    }

    /// By the first packet of a connection about which nothing is known.
    public static Optional<TpktPayload> recognized(
            InetSocketAddress caller, InetSocketAddress called, ByteBuffer first, Recorder recorder, Announcements announcements) {
        boolean onItsPort = called.getPort() == SIGNALLING || caller.getPort() == SIGNALLING;
        if (SignallingDecoder.recognizes(first, onItsPort)) {
            return Optional.of(new SignallingDecoder(recorder, announcements));
        }
        return ControlDecoder.recognizes(first) ? Optional.of(ControlDecoder.separate(recorder, announcements, Optional.empty()))
                : Optional.empty();
    }
}

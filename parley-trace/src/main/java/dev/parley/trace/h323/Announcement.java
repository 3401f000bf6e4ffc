package dev.parley.trace.h323;

import dev.parley.h323.wire.TransportAddress;
import java.util.Optional;

/// What signalling told about an address before anything came from or went to it.
///
/// @param call the call it belongs to, shortened; empty when the message did not say
/// @param format what is carried there, for media
record Announcement(TransportAddress address, Kind kind, String call, Optional<Format> format) {
    enum Kind {
        CONTROL("H.245"),
        RAS("RAS"),
        RTP("RTP"),
        RTCP("RTCP");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /// Such as `RTP audio of call 6f6f..006e`.
    String words() {
        return kind.words + format.map(f -> " " + f.medium()).orElse("") + (call.isEmpty() ? "" : " of call " + call);
    }
}

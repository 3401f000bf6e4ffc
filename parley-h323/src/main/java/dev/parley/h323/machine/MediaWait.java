package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A call in which nothing can be sent, as the two sides have no format in common, and nothing comes, is none: after some time it ends. Only a
/// call that never had any media; one that lost its formats by a re-negotiation may get others.
final class MediaWait {
    private final ControlMachine.Port port;
    private boolean running;
    private boolean had;

    MediaWait(ControlMachine.Port port) {
        this.port = port;
    }

    /// There is a channel, ours or the peer's.
    void over() {
        had = true;
        if (running) {
            running = false;
            port.stop(Timer.MEDIA);
        }
    }

    /// Nothing that we have fits. The peer may still open a channel, or tell of other formats.
    void begin() {
        if (!running && !had) {
            running = true;
            port.start(Timer.MEDIA);
        }
    }

    /// @param none whether there still is no channel
    /// @param paused whether the peer wants none for now
    void expired(boolean none, boolean paused, List<Capability> ours, List<Capability> peer) {
        running = false;
        if (none && !had && !paused) {
            port.noMedia(words(ours) + ", the other side takes " + (peer.isEmpty() ? "none that is known here" : formats(peer)));
        }
    }

    /// The peer has no H.245 to tell what it takes.
    ///
    /// @param none whether fast connect has opened nothing
    void noControl(boolean none, List<Capability> ours) {
        if (none && !had) {
            port.noMedia(words(ours) + ", the other side has taken nothing of it, and opens no H.245");
        }
    }

    /// The peer has ended the call as incompatible: what is known of it here.
    ///
    /// @param none whether there is no channel
    Optional<String> lack(boolean none, List<Capability> ours, List<Capability> peer) {
        return none && !had ? Optional.of(words(ours) + (peer.isEmpty() ? "" : ", the other side takes " + formats(peer))) : Optional.empty();
    }

    private static String words(List<Capability> ours) {
        return "noCommonFormat: this side has " + formats(ours);
    }

    private static String formats(List<Capability> formats) {
        return formats.stream().map(Capability::words).distinct().collect(Collectors.joining(" and "));
    }
}

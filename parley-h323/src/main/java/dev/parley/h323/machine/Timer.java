package dev.parley.h323.machine;

import java.time.Duration;

/// The timers of a call: H.225.0 (3xx, as in Q.931), H.245 (1xx), and ours.
public enum Timer {
    /// Setup sent, nothing heard yet.
    T303(Duration.ofSeconds(4)),
    /// CallProceeding heard, neither Alerting nor Progress nor Connect.
    T310(Duration.ofSeconds(10)),
    /// Alerting or Progress heard, no Connect.
    T301(Duration.ofSeconds(180)),
    /// StatusInquiry sent, no Status.
    T322(Duration.ofSeconds(4)),
    /// Capabilities sent.
    T101(Duration.ofSeconds(30)),
    /// A channel of ours is opening or closing.
    T103(Duration.ofSeconds(30)),
    /// The round trip is asked for.
    T105(Duration.ofSeconds(10)),
    /// Master and slave are asked for, or one has answered.
    T106(Duration.ofSeconds(30)),
    /// The peer is asked to close a channel of its own.
    T108(Duration.ofSeconds(30)),
    /// It is asked to send another format.
    T109(Duration.ofSeconds(30)),
    /// H.245 could not be opened from here; the peer may still do it.
    CONTROL(Duration.ofSeconds(30)),
    /// Both sides listen for H.245, and it is the peer's part to open it.
    OVERLAP(Duration.ofSeconds(2)),
    /// Connected by fast connect without a film of ours, or without any media, and H.245 is asked for.
    FILM(Duration.ofSeconds(10)),
    /// Capabilities are exchanged, and both sides have no format in common.
    MEDIA(Duration.ofSeconds(5)),
    /// Until the next round trip is measured, or without H.245 the state of the call is asked for.
    LIVENESS(Duration.ofSeconds(10)),
    /// How long the end waits for the peer. Some peers never answer EndSession (ooh323c 0.9.4).
    CLEARING(Duration.ofSeconds(2)),
    /// How long media may go on after the loss of the signalling connection.
    RECOVERY(Duration.ofSeconds(60)),
    /// Until the next try to open it again.
    RETRY(Duration.ofSeconds(1)),
    /// Until the next look whether media still comes, meanwhile.
    SILENCE(Duration.ofSeconds(4)),
    /// H.245 has begun in the tunnel, nothing of it has come back.
    TUNNEL(Duration.ofSeconds(4));

    private final Duration usual;

    Timer(Duration usual) {
        this.usual = usual;
    }

    public Duration usual() {
        return usual;
    }
}

package dev.parley.h323;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.Timer;
import dev.parley.h323.media.PortRange;
import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How an endpoint behaves.
///
/// @param aliases its names
/// @param display what other users see
/// @param listen where it takes calls; port 0 for any free one
/// @param style how it sets up calls
/// @param symmetric whether sound, and pictures, must have the same format in both directions
/// @param capabilities formats, the preferred ones first; G.711, H.263 and H.264, others are refused
/// @param rtp where its media ports may lie
/// @param liveness how long after the last answer the round trip is measured again (10 s by default); zero for never
/// @param mostCalls at one time, in both directions; further callers hear of congestion
/// @param times of timers that differ from the usual ones
/// @param mostRedirections of one call of ours to somebody else; 0: such calls end
/// @param telephoneEvents the payload type of keys in RTP (RFC 4733); nothing: keys go by H.245 only
/// @param writeLimit how long a peer may read nothing while a message waits to be sent; then the connection is closed
public record Settings(List<String> aliases, String display, InetSocketAddress listen, CallConfig.Style style, boolean symmetric,
        List<Capability> capabilities, PortRange rtp, Duration liveness, int mostCalls, Map<Timer, Duration> times, int mostRedirections,
        Optional<Integer> telephoneEvents, Duration writeLimit) {
    /// The port of call signalling.
    public static final int PORT = 1720;

    private static final int TELEPHONE_EVENTS = 101;
    /// What [dev.parley.h323.media] codes or packs. Others are understood in H.245 only.
    private static final Set<Codec> CARRIED = EnumSet.of(Codec.G711_ALAW, Codec.G711_ULAW, Codec.H263, Codec.H264);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);

    public Settings {
        aliases = AliasKind.checked(aliases);
        capabilities = List.copyOf(capabilities);
        times = Map.copyOf(times);
        for (var capability : capabilities) {
            if (!CARRIED.contains(capability.codec())) {
                throw new IllegalArgumentException("media of " + capability.codec()
                        + " cannot be coded here, so it must not be offered; what can be: " + CARRIED);
            }
        }
    }

    /// Both laws of G.711, fast connect, H.245 in the tunnel.
    public static Settings of(String alias, InetSocketAddress listen) {
        return new Settings(List.of(alias), alias, listen, CallConfig.Style.FAST_TUNNELLED, false,
                List.of(Capability.audio(Codec.G711_ALAW, 60), Capability.audio(Codec.G711_ULAW, 60)),
                PortRange.DEFAULT, Duration.ofSeconds(10), 1000, Map.of(), 5, Optional.of(TELEPHONE_EVENTS), WRITE_LIMIT);
    }

    public Settings with(CallConfig.Style newStyle) {
        return new Settings(aliases, display, listen, newStyle, symmetric, capabilities, rtp, liveness, mostCalls, times,
                mostRedirections, telephoneEvents, writeLimit);
    }

    public Settings with(List<Capability> newCapabilities) {
        return new Settings(aliases, display, listen, style, symmetric, newCapabilities, rtp, liveness, mostCalls, times,
                mostRedirections, telephoneEvents, writeLimit);
    }

    /// The same format in both directions.
    public Settings withSymmetricFormats() {
        return new Settings(aliases, display, listen, style, true, capabilities, rtp, liveness, mostCalls, times,
                mostRedirections, telephoneEvents, writeLimit);
    }

    public Settings withMostCalls(int most) {
        return new Settings(aliases, display, listen, style, symmetric, capabilities, rtp, liveness, most, times,
                mostRedirections, telephoneEvents, writeLimit);
    }

    /// Where media ports may lie.
    public Settings with(PortRange ports) {
        return new Settings(aliases, display, listen, style, symmetric, capabilities, ports, liveness, mostCalls, times,
                mostRedirections, telephoneEvents, writeLimit);
    }

    public Settings with(Map<Timer, Duration> others) {
        return new Settings(aliases, display, listen, style, symmetric, capabilities, rtp, liveness, mostCalls, others,
                mostRedirections, telephoneEvents, writeLimit);
    }

    public Settings withMostRedirections(int most) {
        return new Settings(aliases, display, listen, style, symmetric, capabilities, rtp, liveness, mostCalls, times,
                most, telephoneEvents, writeLimit);
    }

    public Settings withTelephoneEvents(Optional<Integer> payloadType) {
        return new Settings(aliases, display, listen, style, symmetric, capabilities, rtp, liveness, mostCalls, times,
                mostRedirections, payloadType, writeLimit);
    }

    public Settings withWriteLimit(Duration limit) {
        return new Settings(aliases, display, listen, style, symmetric, capabilities, rtp, liveness, mostCalls, times,
                mostRedirections, telephoneEvents, limit);
    }
}

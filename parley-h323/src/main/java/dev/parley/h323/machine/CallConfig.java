package dev.parley.h323.machine;

import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What one endpoint brings into a call.
///
/// @param aliases our names, each written as {@link AliasKind} says
/// @param display what the other user sees
/// @param capabilities what we can receive and send, the preferred ones first
/// @param media our ports
/// @param style how the call is set up
/// @param symmetric whether both directions must have the same codec
/// @param liveness how long after the last answer the round trip is measured again, or the state asked for; zero for never
/// @param times of timers that differ from the usual ones
/// @param terminalType for master and slave: terminal 50, gateway 60, MCU 160 and more
/// @param random numbers for the determination; 24 bits of each are used
/// @param callIdentifier 16 octets, unique
/// @param conferenceId 16 octets
/// @param callee nothing: we are called
/// @param takesCalls where the peer reaches us when the signalling connection is lost; nothing: the call ends with it
/// @param telephoneEvents the payload type of keys in RTP (RFC 4733); nothing: keys go by H.245 only
public record CallConfig(List<String> aliases, String display, List<Capability> capabilities, Map<Codec.Kind, Ports> media, Style style,
        boolean symmetric, Duration liveness, Map<Timer, Duration> times, int terminalType, LongSupplier random, Octets callIdentifier,
        Octets conferenceId, int callReference, Optional<Callee> callee, Optional<TransportAddress> takesCalls,
        Optional<Integer> telephoneEvents) {

    /// Where we receive.
    public record Ports(TransportAddress rtp, TransportAddress rtcp) {}

    /// @param fastStart offer (or take) channels in Setup
    /// @param tunnel carry H.245 inside of the call signalling
    /// @param parallel begin H.245 in Setup already; needs the tunnel
    public record Style(boolean fastStart, boolean tunnel, boolean parallel) {
        public static final Style FAST_TUNNELLED = new Style(true, true, false);
        public static final Style FAST_SEPARATE = new Style(true, false, false);
        public static final Style SLOW_TUNNELLED = new Style(false, true, false);
        public static final Style SLOW_SEPARATE = new Style(false, false, false);

        public Style {
            if (parallel && !tunnel) {
                throw new IllegalArgumentException("H.245 in Setup needs the tunnel");
            }
        }
    }

    /// Whom we call.
    ///
    /// @param address where Setup goes
    /// @param tokens fields that a gatekeeper wants in Setup: `endpointIdentifier`, `tokens`, `cryptoTokens`
    public record Callee(List<String> aliases, TransportAddress address, Map<String, dev.parley.h323.wire.per.Value> tokens) {
        public Callee {
            aliases = AliasKind.checked(aliases);
            tokens = Map.copyOf(tokens);
        }
    }

    public CallConfig {
        aliases = AliasKind.checked(aliases);
        capabilities = List.copyOf(capabilities);
        media = Map.copyOf(media);
        times = Map.copyOf(times);
        if (callIdentifier.size() != 16 || conferenceId.size() != 16 || callReference < 1 || callReference > 0x7fff) {
            throw new IllegalArgumentException("identifiers have 16 octets, a call reference is 1..32767");
        }
    }

    /// The same call to somebody else.
    public CallConfig to(Callee other) {
        return new CallConfig(aliases, display, capabilities, media, style, symmetric, liveness, times, terminalType, random, callIdentifier,
                conferenceId, callReference, Optional.of(other), takesCalls, telephoneEvents);
    }

    /// The same call with other formats, as far as it has ports for them.
    CallConfig with(List<Capability> others) {
        return new CallConfig(aliases, display, others.stream().filter(c -> media.containsKey(c.codec().kind())).toList(), media, style, symmetric,
                liveness, times, terminalType, random, callIdentifier, conferenceId, callReference, callee, takesCalls, telephoneEvents);
    }

    Duration time(Timer timer) {
        return times.getOrDefault(timer, timer == Timer.LIVENESS && !liveness.isZero() ? liveness : timer.usual());
    }

    Ports ports(Codec.Kind kind) {
        var ports = media.get(kind);
        if (ports == null) {
            throw new IllegalStateException("no ports for " + kind);
        }
        return ports;
    }

    List<Capability> receives(Codec.Kind kind) {
        return capabilities.stream().filter(c -> c.codec().kind() == kind && c.use().receives()).toList();
    }

    List<Capability> transmits(Codec.Kind kind) {
        return capabilities.stream().filter(c -> c.codec().kind() == kind && c.use().transmits()).toList();
    }

    /// Whether we receive media of a codec, or transmit it.
    boolean has(Codec codec, boolean transmitting) {
        return (transmitting ? transmits(codec.kind()) : receives(codec.kind())).stream().anyMatch(c -> c.codec() == codec);
    }
}

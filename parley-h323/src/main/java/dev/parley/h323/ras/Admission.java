package dev.parley.h323.ras;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;

/// A call for which an endpoint asks its gatekeeper (ARQ).
///
/// @param callIdentifier 16 octets, the same at both ends
/// @param conferenceIdentifier 16 octets
/// @param callReference of the Q.931 messages
/// @param answer whether the call came to us
/// @param bandwidth in units of 100 bit/s, both directions together: 1280 for G.711
/// @param leastBandwidth without which the call cannot be
public record Admission(
        Octets callIdentifier, Octets conferenceIdentifier, int callReference, boolean answer, List<Alias> destination,
        Optional<TransportAddress> destinationAddress, List<Alias> source, Optional<TransportAddress> sourceAddress, long bandwidth,
        long leastBandwidth) {
    /// A call that needs all of its bandwidth.
    public Admission(
            Octets callIdentifier, Octets conferenceIdentifier, int callReference, boolean answer, List<Alias> destination,
            Optional<TransportAddress> destinationAddress, List<Alias> source, Optional<TransportAddress> sourceAddress, long bandwidth) {
        this(callIdentifier, conferenceIdentifier, callReference, answer, destination, destinationAddress, source, sourceAddress, bandwidth,
                bandwidth);
    }

    public Admission {
        if (callIdentifier.size() != 16 || conferenceIdentifier.size() != 16 || callReference < 0 || callReference > 0xFFFF) {
            throw new IllegalArgumentException("call and conference identifiers have 16 octets, a call reference 16 bits");
        }
        destination = List.copyOf(destination);
        source = List.copyOf(source);
    }

    /// What a call with these formats may need: one of sound and one of pictures, each at its highest rate, in both directions.
    public static long bandwidth(List<Capability> formats) {
        return 2 * (highest(formats, Codec.Kind.AUDIO) + highest(formats, Codec.Kind.VIDEO));
    }

    private static long highest(List<Capability> formats, Codec.Kind kind) {
        return formats.stream().filter(f -> f.codec().kind() == kind).mapToLong(f -> switch (f.codec()) {
            case G711_ALAW, G711_ULAW, G722 -> 640;
            case G729, G729A -> 80;
            case H261, H263, H264 -> f.bitRate();
        }).max().orElse(0);
    }
}

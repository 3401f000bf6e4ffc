package dev.parley.h323.ras;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A call for which an endpoint asks its gatekeeper (ARQ).
///
/// @param callIdentifier 16 octets, the same at both ends
/// @param conferenceIdentifier 16 octets
/// @param callReference of the Q.931 messages
/// @param answer whether the call came to us
/// @param bandwidth in units of 100 bit/s, both directions together: 1280 for G.711
/// @param leastBandwidth for less of it no call is made
/// @param lowestBandwidth to which the gatekeeper may lower it while the call is on
public record Admission(
        Octets callIdentifier, Octets conferenceIdentifier, int callReference, boolean answer, List<Alias> destination,
        Optional<TransportAddress> destinationAddress, List<Alias> source, Optional<TransportAddress> sourceAddress, long bandwidth,
        long leastBandwidth, long lowestBandwidth) {
    /// A call that needs as much as long as it is on.
    public Admission(
            Octets callIdentifier, Octets conferenceIdentifier, int callReference, boolean answer, List<Alias> destination,
            Optional<TransportAddress> destinationAddress, List<Alias> source, Optional<TransportAddress> sourceAddress, long bandwidth,
            long leastBandwidth) {
        this(callIdentifier, conferenceIdentifier, callReference, answer, destination, destinationAddress, source, sourceAddress, bandwidth,
                leastBandwidth, leastBandwidth);
    }

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

    /// The same call, which can do with less once it is on.
    public Admission downTo(long lowest) {
        return new Admission(callIdentifier, conferenceIdentifier, callReference, answer, destination, destinationAddress, source, sourceAddress,
                bandwidth, leastBandwidth, lowest);
    }

    /// What a call with these formats may need: one of sound and one of pictures, each at its highest rate, in both directions.
    public static long bandwidth(List<Capability> formats) {
        var sent = formats.stream().filter(f -> f.use().transmits()).toList();
        var received = formats.stream().filter(f -> f.use().receives()).toList();
        return Stream.of(sent, received).mapToLong(l -> highest(l, Codec.Kind.AUDIO) + highest(l, Codec.Kind.VIDEO)).sum();
    }

    /// What a call with these formats can be lowered to: the sound of the lowest rate, without pictures; pictures when it has no sound.
    public static long lowestBandwidth(List<Capability> formats) {
        var kind = formats.stream().anyMatch(f -> f.codec().kind() == Codec.Kind.AUDIO) ? Codec.Kind.AUDIO : Codec.Kind.VIDEO;
        return 2 * formats.stream().filter(f -> f.codec().kind() == kind).mapToLong(Admission::rate).min().orElse(0);
    }

    /// The formats that a call may go on with when it gets less: those of sound that fit, and those of pictures that fit beside the highest of
    /// them. The rate of pictures that come from a file cannot be lowered, so they stay whole or go.
    public static List<Capability> within(List<Capability> formats, long bandwidth) {
        var sound = formats.stream().filter(f -> f.codec().kind() == Codec.Kind.AUDIO && 2 * rate(f) <= bandwidth).toList();
        long left = bandwidth - 2 * highest(sound, Codec.Kind.AUDIO);
        var received = formats.stream().filter(f -> f.codec().kind() == Codec.Kind.VIDEO && f.use() == Capability.Use.RECEIVE && rate(f) <= left)
                .toList();
        long rest = left - highest(received, Codec.Kind.VIDEO);
        return formats.stream().filter(f -> f.codec().kind() == Codec.Kind.AUDIO ? sound.contains(f) : switch (f.use()) {
            case BOTH -> 2 * rate(f) <= left;
            case RECEIVE -> received.contains(f);
            case TRANSMIT, RECORDED -> rate(f) <= rest;
        }).toList();
    }

    private static long highest(List<Capability> formats, Codec.Kind kind) {
        return formats.stream().filter(f -> f.codec().kind() == kind).mapToLong(Admission::rate).max().orElse(0);
    }

    /// Of one direction, in units of 100 bit/s.
    private static long rate(Capability format) {
        return switch (format.codec()) {
            case G711_ALAW, G711_ULAW, G722 -> 640;
            case G729, G729A -> 80;
            case H261, H263, H264 -> format.bitRate();
        };
    }
}

package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import java.util.Optional;

/// Which calls an endpoint may make and take without asking (`preGrantedARQ` of a RegistrationConfirm, H.225.0 clause 7.9.2). Of such a call
/// the gatekeeper is told nothing but its state, when it wants that.
///
/// @param makeByGatekeeper Setup goes to the gatekeeper
/// @param answerFromGatekeeper only what comes from the gatekeeper may be taken
/// @param gatekeeper where it takes call signalling
/// @param reportEvery in seconds; 0 for never
/// @param totalBandwidth that all of them may use, in units of 100 bit/s
record PreGrant(
        boolean make, boolean makeByGatekeeper, boolean answer, boolean answerFromGatekeeper, Optional<TransportAddress> gatekeeper,
        long reportEvery, long totalBandwidth) {
    static final PreGrant NONE = new PreGrant(false, false, false, false, Optional.empty(), 0, 0);

    static PreGrant of(RasMessage confirm) {
        var granted = confirm.body().structAt("preGrantedARQ");
        if (granted.isEmpty()) {
            return NONE;
        }
        var g = granted.get();
        return new PreGrant(g.flagAt("makeCall"), g.flagAt("useGKCallSignalAddressToMakeCall"), g.flagAt("answerCall"),
                g.flagAt("useGKCallSignalAddressToAnswer"),
                confirm.body().listAt("callSignalAddress").stream().flatMap(a -> TransportAddress.fromH225(a).stream()).findFirst(),
                g.numberAt("irrFrequencyInCall").orElse(0L), g.numberAt("totalBandwidthRestriction").orElse(Long.MAX_VALUE));
    }

    /// Where the signalling of a call goes that needs no question; nothing when it must be asked for.
    ///
    /// @param used by calls like it, in units of 100 bit/s
    Optional<TransportAddress> destination(Admission call, long used) {
        if (used + call.bandwidth() > totalBandwidth) {
            return Optional.empty();
        }
        if (!call.answer()) {
            return !make ? Optional.empty() : makeByGatekeeper ? gatekeeper : call.destinationAddress();
        }
        boolean comesFromThere = gatekeeper.isPresent() && call.sourceAddress().filter(s -> s.ip().equals(gatekeeper.get().ip())).isPresent();
        // Nothing goes anywhere: the answer takes the connection of the Setup.
        return answer && (!answerFromGatekeeper || comesFromThere) ? call.sourceAddress() : Optional.empty();
    }

    boolean isRouted(Admission call) {
        return call.answer() ? answerFromGatekeeper : makeByGatekeeper;
    }
}

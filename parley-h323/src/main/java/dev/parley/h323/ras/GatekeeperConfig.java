package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.List;

/// How a gatekeeper works.
///
/// @param rasAddress where it takes RAS; 0.0.0.0 or :: for all addresses of its machine: then whoever asks is told the one on the way to it
/// @param signalAddress where it takes call signalling, told in the same way; in direct mode nobody is sent there
/// @param routed whether Setup goes through the gatekeeper
/// @param timeToLive the longest that a registration lives without a sign of life
/// @param mostRegistrations at the same time
/// @param mostCalls at the same time
/// @param callBandwidth that one call may use, in units of 100 bit/s
/// @param totalBandwidth that all calls may use together
/// @param stateEvery how often an endpoint shall tell of a call that it is in; 0 for never, otherwise 1 s to 65,535 s
/// @param alternates the RAS addresses of gatekeepers that endpoints may turn to when this one is gone, the preferred one first; at most 16
/// @param preGrant whether registered endpoints may make calls to addresses, and take calls, without asking (`preGrantedARQ`), within the bandwidth
///     of one call; only direct calls, of which nothing is recorded
/// @param host asked for its addresses when it listens on all of them
public record GatekeeperConfig(
        String identifier, TransportAddress rasAddress, TransportAddress signalAddress, boolean routed, Duration timeToLive, int mostRegistrations,
        int mostCalls, long callBandwidth, long totalBandwidth, Passwords passwords, List<TransportAddress> alternates,
        Duration stateEvery, boolean preGrant, OwnHost host) {
    private static final OwnHost NOWHERE = new OwnHost() {
        @Override
        public Octets toward(Octets peer) {
            throw new IllegalStateException("a gatekeeper on all addresses of its machine needs that machine");
        }

        @Override
        public boolean has(Octets address) {
            return false;
        }
    };

    public GatekeeperConfig {
        alternates = List.copyOf(alternates);
        if (identifier.isEmpty() || identifier.length() > 128 || timeToLive.toSeconds() < 1 || alternates.size() > 16) {
            throw new IllegalArgumentException("a gatekeeper's identifier has 1..128 characters, and registrations live for a second at least,"
                    + " and it tells of 16 others at most");
        }
        if (stateEvery.isNegative() || !stateEvery.isZero() && (stateEvery.toSeconds() < 1 || stateEvery.toSeconds() > 65_535)) {
            throw new IllegalArgumentException("the state of calls is told every 1..65,535 seconds, or never");
        }
        if (preGrant && routed) {
            throw new IllegalArgumentException("a call that is routed must be asked for: nobody else says where it goes");
        }
    }

    /// Direct calls, registrations of five minutes, ten thousand of each, 10 Mbit/s a call and 10 Gbit/s in all, a word of each call every minute.
    public static GatekeeperConfig of(String identifier, TransportAddress ras, TransportAddress signal, Passwords passwords) {
        return new GatekeeperConfig(identifier, ras, signal, false, Duration.ofSeconds(300), 10_000, 10_000, 100_000, 100_000_000, passwords,
                List.of(), Duration.ofSeconds(60), false, NOWHERE);
    }

    public GatekeeperConfig routing() {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, true, timeToLive, mostRegistrations, mostCalls, callBandwidth,
                totalBandwidth, passwords, alternates, stateEvery, preGrant, host);
    }

    public GatekeeperConfig limits(int registrations, int calls, long bandwidthOfACall, long bandwidthInAll) {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, routed, timeToLive, registrations, calls, bandwidthOfACall,
                bandwidthInAll, passwords, alternates, stateEvery, preGrant, host);
    }

    /// Both in units of 100 bit/s.
    public GatekeeperConfig bandwidths(long ofACall, long inAll) {
        return limits(mostRegistrations, mostCalls, ofACall, inAll);
    }

    public GatekeeperConfig timeToLive(Duration longest) {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, routed, longest, mostRegistrations, mostCalls, callBandwidth,
                totalBandwidth, passwords, alternates, stateEvery, preGrant, host);
    }

    public GatekeeperConfig alternates(List<TransportAddress> others) {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, routed, timeToLive, mostRegistrations, mostCalls, callBandwidth,
                totalBandwidth, passwords, others, stateEvery, preGrant, host);
    }

    public GatekeeperConfig stateEvery(Duration time) {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, routed, timeToLive, mostRegistrations, mostCalls, callBandwidth,
                totalBandwidth, passwords, alternates, time, preGrant, host);
    }

    public GatekeeperConfig preGranting() {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, routed, timeToLive, mostRegistrations, mostCalls, callBandwidth,
                totalBandwidth, passwords, alternates, stateEvery, true, host);
    }

    /// On this machine, when it listens on all of its addresses.
    public GatekeeperConfig on(OwnHost machine) {
        return new GatekeeperConfig(identifier, rasAddress, signalAddress, routed, timeToLive, mostRegistrations, mostCalls, callBandwidth,
                totalBandwidth, passwords, alternates, stateEvery, preGrant, machine);
    }

    /// Where somebody at an address reaches us with RAS.
    TransportAddress rasAddress(TransportAddress peer) {
        return toward(rasAddress, peer);
    }

    /// Where somebody at an address reaches us with call signalling.
    TransportAddress signalAddress(TransportAddress peer) {
        return toward(signalAddress, peer);
    }

    private TransportAddress toward(TransportAddress ours, TransportAddress peer) {
        return ours.isOfAll() ? new TransportAddress(host.toward(peer.ip()), ours.port()) : ours;
    }

    /// Whether an address is one where we take RAS, on whatever port.
    boolean isOurHost(TransportAddress address) {
        return isOn(rasAddress, address);
    }

    /// Whether call signalling that goes to an address comes to us.
    boolean isOurSignalling(TransportAddress address) {
        return address.port() == signalAddress.port() && isOn(signalAddress, address);
    }

    private boolean isOn(TransportAddress ours, TransportAddress address) {
        return address.ip().equals(ours.ip()) || ours.isOfAll() && (address.isOfAll() || host.has(address.ip()));
    }
}

package dev.parley.osi.user;

import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.Request;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.rfc1006.TransportOptions;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.VirtualLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What this side wants of its sessions; from here one connects or listens. Immutable.
///
/// @param units the functional units to propose, or to accept when they are proposed
/// @param options what X.225 leaves to the implementation
/// @param transport TPDU size, T-selectors, and whether the expedited flow is wanted; with the expedited unit it always is
/// @param tls secures the line; empty for plain TCP
/// @param capture writes what crosses the line
public record OsiProtocol(
        Set<FunctionalUnit> units,
        ByteBuffer callingSelector,
        ByteBuffer calledSelector,
        Optional<Long> initialSerial,
        Map<Token, Token.Side> tokens,
        Limits limits,
        SessionOptions options,
        TransportOptions transport,
        Optional<Tls> tls,
        Optional<Capture> capture) {
    /// The port that everybody knows RFC 1006 by.
    public static final int PORT = 102;

    private static final Set<FunctionalUnit> NUMBERED = Set.of(
            FunctionalUnit.MINOR_SYNC, FunctionalUnit.SYMMETRIC_SYNC, FunctionalUnit.MAJOR_SYNC, FunctionalUnit.RESYNCHRONIZE);

    public OsiProtocol {
        units = Set.copyOf(units);
        tokens = Map.copyOf(tokens);
        if (units.contains(FunctionalUnit.EXPEDITED)) {
            transport = transport.withExpedited();
        }
    }

    public static OsiProtocol with(FunctionalUnit first, FunctionalUnit... more) {
        return new OsiProtocol(
                EnumSet.of(first, more), Spdu.NO_DATA, Spdu.NO_DATA, Optional.empty(), Map.of(), Limits.DEFAULT, SessionOptions.DEFAULT,
                TransportOptions.ofTsdu(Limits.DEFAULT.connection().tsdu()), Optional.empty(), Optional.empty());
    }

    /// Session selectors, up to 16 octets each.
    public OsiProtocol selectors(ByteBuffer calling, ByteBuffer called) {
        return new OsiProtocol(units, calling, called, initialSerial, tokens, limits, options, transport, tls, capture);
    }

    /// The first serial number, where there is synchronization without activities; 1 unless said.
    public OsiProtocol initialSerial(long serial) {
        return new OsiProtocol(units, callingSelector, calledSelector, Optional.of(serial), tokens, limits, options, transport, tls, capture);
    }

    /// Where the tokens are at first; what is not named is with the calling side.
    public OsiProtocol tokens(Map<Token, Token.Side> sides) {
        return new OsiProtocol(units, callingSelector, calledSelector, initialSerial, sides, limits, options, transport, tls, capture);
    }

    public OsiProtocol limits(Limits most) {
        return new OsiProtocol(units, callingSelector, calledSelector, initialSerial, tokens, most, options, transport, tls, capture);
    }

    public OsiProtocol options(SessionOptions choices) {
        return new OsiProtocol(units, callingSelector, calledSelector, initialSerial, tokens, limits, choices, transport, tls, capture);
    }

    public OsiProtocol transport(TransportOptions wishes) {
        return new OsiProtocol(units, callingSelector, calledSelector, initialSerial, tokens, limits, options, wishes, tls, capture);
    }

    public OsiProtocol over(Tls secure) {
        return new OsiProtocol(
                units, callingSelector, calledSelector, initialSerial, tokens, limits, options, transport, Optional.of(secure), capture);
    }

    public OsiProtocol capture(Capture file) {
        return new OsiProtocol(units, callingSelector, calledSelector, initialSerial, tokens, limits, options, transport, tls, Optional.of(file));
    }

    /// The S-CONNECT request that these wishes make.
    public Request.Connect proposal(ByteBuffer userData) {
        boolean numbered = units.stream().anyMatch(NUMBERED::contains) && !units.contains(FunctionalUnit.ACTIVITY);
        var serial = numbered ? Optional.of(initialSerial.orElse(1L)) : initialSerial;
        return new Request.Connect(
                ConnectionIdentifier.NONE, callingSelector, calledSelector, units, serial,
                units.contains(FunctionalUnit.SYMMETRIC_SYNC) ? serial : Optional.empty(), tokens, userData);
    }

    /// Connects; blocks until the peer has accepted.
    ///
    /// @throws SessionException.Refused by the peer
    /// @throws SessionException.ConnectionLost when the peer cannot be reached, or the line breaks
    public OsiSession connect(InetSocketAddress address) {
        return connect(address, Spdu.NO_DATA);
    }

    public OsiSession connect(InetSocketAddress address, ByteBuffer userData) {
        var line = open(address);
        try {
            return line.connect(proposal(userData));
        } catch (SessionException e) {
            line.close();
            throw e;
        }
    }

    /// Opens a transport connection, for one session after the other.
    public OsiLine open(InetSocketAddress address) {
        var loop = new VirtualLoop("parley-osi " + address);
        var line = new OsiLine(loop, limits, call -> call.refuse(0, false, Spdu.NO_DATA));
        try {
            Tcp.connect(address, tls, (int) limits.connect().toMillis(), loop,
                    l -> tapped(OsiConnection.initiator(l, limits.connection(), options, transport, line.user()), true));
        } catch (IOException e) {
            loop.stop();
            throw new SessionException.ConnectionLost("cannot connect to " + address + ": " + e.getMessage(), e);
        }
        line.awaitReady();
        return line;
    }

    /// Listens; the handler is called on a virtual thread for each S-CONNECT indication.
    public OsiServer listen(InetSocketAddress address, OsiServer.Handler handler) throws IOException {
        return OsiServer.listen(this, address, handler);
    }

    dev.parley.runtime.Link.Handler tapped(dev.parley.runtime.Link.Handler handler, boolean calling) {
        return capture.map(file -> file.tap(handler, calling, PORT)).orElse(handler);
    }
}

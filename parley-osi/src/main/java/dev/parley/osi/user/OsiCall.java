package dev.parley.osi.user;

import dev.parley.api.Peer;
import dev.parley.api.SessionException;
import dev.parley.api.SessionId;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An S-CONNECT indication that waits for its response: accept or refuse, once.
public final class OsiCall {
    private final OsiLine line;
    private final Indication.Connect proposal;
    private final OsiSession session;

    OsiCall(OsiLine line, Indication.Connect proposal, OsiSession session) {
        this.line = line;
        this.proposal = proposal;
        this.session = session;
    }

    public Indication.Connect proposal() {
        return proposal;
    }

    /// Of the session that it may become.
    public SessionId id() {
        return session.id();
    }

    public Peer peer() {
        return session.peer();
    }

    public OsiLine line() {
        return line;
    }

    /// Accepts with those of the wanted functional units that the caller proposes (duplex, when both kinds are), its tokens where it wants
    /// them, and "acceptor chooses" decided for the caller.
    public OsiSession accept(Set<FunctionalUnit> wanted, ByteBuffer userData) {
        return accept(answer(wanted, userData));
    }

    /// S-CONNECT response, accepted, with all parameters.
    public OsiSession accept(Request.Accept response) {
        line.run(service -> service.request(response));
        var selected = EnumSet.noneOf(FunctionalUnit.class);
        selected.addAll(response.requirements());
        selected.retainAll(proposal.requirements());
        return session.open(selected);
    }

    /// The response that [#accept(Set, ByteBuffer)] gives.
    public Request.Accept answer(Set<FunctionalUnit> wanted, ByteBuffer userData) {
        var selected = select(wanted);
        var serial = serial(selected, proposal.initialSerial());
        var second = selected.contains(FunctionalUnit.SYMMETRIC_SYNC) ? serial(selected, proposal.secondInitialSerial()) : Optional.<Long>empty();
        return new Request.Accept(
                ConnectionIdentifier.NONE, proposal.calledSelector(), selected, serial, second, tokens(selected), Set.of(), userData);
    }

    private Set<FunctionalUnit> select(Set<FunctionalUnit> wanted) {
        var selected = EnumSet.noneOf(FunctionalUnit.class);
        selected.addAll(wanted);
        selected.retainAll(proposal.requirements());
        if (selected.contains(FunctionalUnit.DUPLEX)) {
            selected.remove(FunctionalUnit.HALF_DUPLEX);
        } else if (!selected.contains(FunctionalUnit.HALF_DUPLEX)) {
            throw new SessionException.Refused("the caller proposes neither duplex nor half-duplex as we want it: " + proposal.requirements());
        }
        // What cannot stand together or alone (X.225 5.8.1, X.215 9.2).
        if (!selected.contains(FunctionalUnit.HALF_DUPLEX)) {
            selected.remove(FunctionalUnit.EXCEPTIONS);
        }
        if (selected.contains(FunctionalUnit.SYMMETRIC_SYNC)) {
            selected.remove(FunctionalUnit.MINOR_SYNC);
        }
        if (!selected.contains(FunctionalUnit.MINOR_SYNC) && !selected.contains(FunctionalUnit.SYMMETRIC_SYNC)) {
            selected.remove(FunctionalUnit.DATA_SEPARATION);
        }
        if (selected.contains(FunctionalUnit.DATA_SEPARATION)) {
            selected.remove(FunctionalUnit.ACTIVITY);
        }
        if (!selected.contains(FunctionalUnit.ACTIVITY)) {
            selected.remove(FunctionalUnit.CAPABILITY_DATA);
        }
        return selected;
    }

    /// The initial serial number is in the response when there is synchronization without activities (Table 14).
    private static Optional<Long> serial(Set<FunctionalUnit> selected, Optional<Long> proposed) {
        boolean needed = !selected.contains(FunctionalUnit.ACTIVITY) && (selected.contains(FunctionalUnit.MINOR_SYNC)
                || selected.contains(FunctionalUnit.SYMMETRIC_SYNC) || selected.contains(FunctionalUnit.MAJOR_SYNC)
                || selected.contains(FunctionalUnit.RESYNCHRONIZE));
        return needed ? Optional.of(proposed.orElse(1L)) : Optional.empty();
    }

    /// Only tokens that the selected units make available: some stacks know no Token Setting Item, and without tokens there is nothing to say.
    private Map<Token, Token.Side> tokens(Set<FunctionalUnit> selected) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        proposal.tokens().forEach((token, side) -> {
            if (available(token, selected)) {
                sides.put(token, side == Token.Side.ACCEPTOR ? side : Token.Side.REQUESTOR);
            }
        });
        return sides;
    }

    private static boolean available(Token token, Set<FunctionalUnit> selected) {
        return switch (token) {
            case DATA -> selected.contains(FunctionalUnit.HALF_DUPLEX);
            case MINOR -> selected.contains(FunctionalUnit.MINOR_SYNC);
            case MAJOR_ACTIVITY -> selected.contains(FunctionalUnit.MAJOR_SYNC) || selected.contains(FunctionalUnit.ACTIVITY);
            case RELEASE -> selected.contains(FunctionalUnit.NEGOTIATED_RELEASE);
        };
    }

    /// S-CONNECT response, rejected.
    ///
    /// @param reason 0 unspecified, 1 temporary congestion, 2 with user data
    /// @param keepTransport whether the caller may try again on this transport connection
    public void refuse(int reason, boolean keepTransport, ByteBuffer userData) {
        line.run(service -> service.request(new Request.Refuse(ConnectionIdentifier.NONE, reason, keepTransport, userData)));
        session.refused();
    }

    /// Whoever was to answer or talk is gone.
    void end(String words) {
        if (session.phase() == dev.parley.api.Phase.SETTING_UP) {
            line.start(service -> {
                service.request(new Request.Refuse(ConnectionIdentifier.NONE, 0, false, dev.parley.osi.wire.Spdu.NO_DATA));
                service.flush();
                session.refused();
            });
        } else if (!session.hasEnded()) {
            session.abort(words);
        }
    }
}

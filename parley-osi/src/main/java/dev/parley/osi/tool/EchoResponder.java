package dev.parley.osi.tool;

import dev.parley.api.SessionException;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.user.OsiCall;
import dev.parley.osi.user.OsiServer;
import dev.parley.osi.user.OsiSession;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// A called side against which any stack can test itself: it accepts what the caller proposes, sends all data back, confirms what asks for
/// it, and gives what it is asked for.
public final class EchoResponder implements OsiServer.Handler {
    private final boolean halfDuplex;
    private final PrimitiveLog log;

    /// @param halfDuplex whether half-duplex is taken when both kinds are proposed
    public EchoResponder(boolean halfDuplex, PrimitiveLog log) {
        this.halfDuplex = halfDuplex;
        this.log = log;
    }

    @Override
    public void handle(OsiCall call) {
        var proposal = call.proposal();
        log.primitive(call.id(), false, IndicationWords.of(proposal));
        var wanted = EnumSet.allOf(FunctionalUnit.class);
        if (halfDuplex && proposal.requirements().contains(FunctionalUnit.HALF_DUPLEX)) {
            wanted.remove(FunctionalUnit.DUPLEX);
        }
        var answer = call.answer(wanted, proposal.userData());
        var words = RequestNames.of(answer);
        try (var session = call.accept(answer)) {
            log.primitive(call.id(), true, words);
            while (true) {
                var indication = session.receive();
                log.primitive(call.id(), false, IndicationWords.of(indication));
                if (!answer(session, indication)) {
                    return;
                }
            }
        } catch (SessionException e) {
            log.remark(call.id(), String.valueOf(e.getMessage()));
        }
    }

    /// False when the session is over.
    private boolean answer(OsiSession session, Indication indication) {
        switch (indication) {
            case Indication.Data(var data) -> echo(session, data);
            case Indication.TypedData(var data) -> issue(session, new Request.TypedData(data));
            case Indication.ExpeditedData(var data) -> issue(session, new Request.ExpeditedData(data));
            case Indication.CapabilityData(var data) -> issue(session, new Request.CapabilityDataResponse(data));
            case Indication.SyncMinor(var serial, var explicit, _, var data) -> {
                if (explicit) {
                    issue(session, new Request.SyncMinorResponse(serial, data));
                }
            }
            case Indication.SyncMajor(_, var data) -> issue(session, new Request.SyncMajorResponse(data));
            case Indication.Resynchronize r -> issue(
                    session, new Request.ResynchronizeResponse(r.serial(), r.secondSerial(), decided(r.tokens()), r.userData()));
            case Indication.ActivityInterrupt(_, var data) -> issue(session, new Request.ActivityInterruptResponse(data));
            case Indication.ActivityDiscard(_, var data) -> issue(session, new Request.ActivityDiscardResponse(data));
            case Indication.ActivityEnd(_, var data) -> issue(session, new Request.ActivityEndResponse(data));
            case Indication.TokensPlease(var tokens, var data) -> give(session, tokens, data);
            case Indication.ExceptionReport(_, var data) -> give(session, Set.of(Token.DATA), data);
            case Indication.ProviderExceptionReport(_, _) -> give(session, Set.of(Token.DATA), ByteBuffer.allocate(0));
            case Indication.Release(var data) -> {
                issue(session, new Request.ReleaseResponse(true, data));
                return false;
            }
            case Indication.UserAbort _, Indication.ProviderAbort _ -> {
                return false;
            }
            case Indication.TokensGiven _, Indication.ControlGiven _, Indication.ActivityStart _, Indication.ActivityResume _,
                    Indication.Connect _, Indication.Accepted _, Indication.Refused _, Indication.CapabilityDataConfirm _,
                    Indication.SyncMinorConfirm _, Indication.SyncMajorConfirm _, Indication.ResynchronizeConfirm _,
                    Indication.ActivityInterruptConfirm _, Indication.ActivityDiscardConfirm _, Indication.ActivityEndConfirm _,
                    Indication.ReleaseConfirm _ -> {
                // Nothing to answer.
            }
        }
        return true;
    }

    /// As normal data, or as typed data while the caller holds the data token.
    private void echo(OsiSession session, ByteBuffer data) {
        boolean mayNot = session.units().contains(FunctionalUnit.HALF_DUPLEX) && !session.owns(Token.DATA);
        issue(session, mayNot ? new Request.TypedData(data) : new Request.Data(data));
    }

    private void give(OsiSession session, Set<Token> asked, ByteBuffer data) {
        var given = EnumSet.noneOf(Token.class);
        asked.stream().filter(session::owns).forEach(given::add);
        if (given.isEmpty()) {
            log.remark(session.id(), "no token to give: we own none of " + Values.set(asked));
        } else {
            issue(session, new Request.GiveTokens(given, data));
        }
    }

    /// What the acceptor may choose goes to the caller of the resynchronization.
    private static Map<Token, Token.Side> decided(Map<Token, Token.Side> sides) {
        var decided = new EnumMap<Token, Token.Side>(Token.class);
        sides.forEach((token, side) -> decided.put(token, side == Token.Side.ACCEPTOR ? side : Token.Side.REQUESTOR));
        return decided;
    }

    /// What the protocol does not allow now is said and left out; the session goes on.
    private void issue(OsiSession session, Request request) {
        var words = RequestNames.of(request);
        try {
            session.request(request);
            log.primitive(session.id(), true, words);
        } catch (SessionException.OutOfSequence | SessionException.LimitReached e) {
            log.remark(session.id(), "not sent: " + words + ": " + e.getMessage());
        }
    }
}

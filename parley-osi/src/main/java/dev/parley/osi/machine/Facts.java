package dev.parley.osi.machine;

import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the predicates and actions ask of an event, whatever its kind: serial numbers, types, tokens, the local choice.
final class Facts {
    private Facts() {}

    /// sn: the serial number, without symmetric synchronize; -1 when the event carries none.
    static long serial(Event event) {
        return first(event).orElse(-1L);
    }

    /// The first serial number as it travels: it belongs to the requestor's sending flow.
    static Optional<Long> first(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.MinorSyncPoint s) -> Optional.of(s.serial());
            case Event.FromPeer(Spdu.MinorSyncAck s) -> Optional.of(s.serial());
            case Event.FromPeer(Spdu.MajorSyncPoint s) -> Optional.of(s.serial());
            case Event.FromPeer(Spdu.ActivityEnd s) -> Optional.of(s.serial());
            case Event.FromPeer(Spdu.MajorSyncAck s) -> s.serial();
            case Event.FromPeer(Spdu.Resynchronize s) -> s.serial();
            case Event.FromPeer(Spdu.ResynchronizeAck s) -> s.serial();
            case Event.FromPeer(Spdu.ActivityResume s) -> Optional.of(s.serial());
            case Event.FromPeer(Spdu.Accept s) -> s.item().initialSerial();
            case Event.FromUser(Request.SyncMinorResponse r) -> Optional.of(r.serial());
            case Event.FromUser(Request.Resynchronize r) -> r.serial();
            case Event.FromUser(Request.ResynchronizeResponse r) -> r.serial();
            case Event.FromUser(Request.ActivityResume r) -> Optional.of(r.serial());
            case Event.FromUser(Request.Accept r) -> r.initialSerial();
            default -> Optional.empty();
        };
    }

    /// The second serial number: the requestor's receiving flow; only with symmetric synchronize.
    static Optional<Long> second(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.MajorSyncAck s) -> s.second();
            case Event.FromPeer(Spdu.Resynchronize s) -> s.second();
            case Event.FromPeer(Spdu.ResynchronizeAck s) -> s.second();
            case Event.FromPeer(Spdu.ActivityResume s) -> s.second();
            case Event.FromPeer(Spdu.Accept s) -> s.item().secondInitialSerial();
            case Event.FromUser(Request.Resynchronize r) -> r.secondSerial();
            case Event.FromUser(Request.ResynchronizeResponse r) -> r.secondSerial();
            case Event.FromUser(Request.ActivityResume r) -> r.secondSerial();
            case Event.FromUser(Request.Accept r) -> r.secondInitialSerial();
            default -> Optional.empty();
        };
    }

    /// True when "first" is the sending flow of this machine: own requests, and answers to own requests.
    static boolean firstIsSending(Event event) {
        return switch (event) {
            case Event.FromPeer(var s) -> s instanceof Spdu.ResynchronizeAck || s instanceof Spdu.MajorSyncAck || s instanceof Spdu.Accept;
            case Event.FromUser(var r) -> !(r instanceof Request.ResynchronizeResponse || r instanceof Request.Accept);
            case Event.FromBelow _ -> true;
        };
    }

    /// sns.
    static Optional<Long> sending(Event event) {
        return firstIsSending(event) ? first(event) : second(event);
    }

    /// snr.
    static Optional<Long> receiving(Event event) {
        return firstIsSending(event) ? second(event) : first(event);
    }

    static Optional<ResyncType> type(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.Resynchronize s) -> s.type();
            case Event.FromUser(Request.Resynchronize r) -> r.type();
            default -> Optional.empty();
        };
    }

    private static Optional<ResyncType> secondType(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.Resynchronize s) -> s.secondType();
            case Event.FromUser(Request.Resynchronize r) -> r.secondType();
            default -> Optional.empty();
        };
    }

    static Optional<ResyncType> sendingType(Event event) {
        return firstIsSending(event) ? type(event) : secondType(event);
    }

    static Optional<ResyncType> receivingType(Event event) {
        return firstIsSending(event) ? secondType(event) : type(event);
    }

    /// The kind of resynchronization that the event asks for, including the activity interrupt and discard.
    static Variables.Resync resync(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.ActivityInterrupt _) -> Variables.Resync.INTERRUPT;
            case Event.FromUser(Request.ActivityInterrupt _) -> Variables.Resync.INTERRUPT;
            case Event.FromPeer(Spdu.ActivityDiscard _) -> Variables.Resync.DISCARD;
            case Event.FromUser(Request.ActivityDiscard _) -> Variables.Resync.DISCARD;
            default -> Variables.Resync.of(type(event));
        };
    }

    /// RT and GT: the tokens requested or given.
    static Set<Token> tokens(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.GiveTokens s) -> s.tokens();
            case Event.FromPeer(Spdu.PleaseTokens s) -> s.tokens();
            case Event.FromUser(Request.GiveTokens r) -> r.tokens();
            case Event.FromUser(Request.PleaseTokens r) -> r.tokens();
            default -> Set.of();
        };
    }

    static Map<Token, Token.Side> sides(Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.Accept s) -> s.item().tokens();
            case Event.FromPeer(Spdu.ResynchronizeAck s) -> s.tokens();
            case Event.FromUser(Request.Accept r) -> r.tokens();
            case Event.FromUser(Request.ResynchronizeResponse r) -> r.tokens();
            default -> Map.of();
        };
    }

    static boolean fromUser(Event event) {
        return event instanceof Event.FromUser;
    }

    /// The local choice of p02 and p64: keep the transport connection for another session connection. We keep it where our user asks for
    /// that, and where the peer offers it; for a CONNECT that the machine itself refuses where the options say so.
    static boolean keepTransport(Variables v, Event event) {
        return switch (event) {
            case Event.FromUser(Request.Refuse r) -> r.keepTransport();
            case Event.FromUser(Request.Release r) -> r.keepTransport();
            case Event.FromUser(Request.Abort r) -> r.keepTransport();
            case Event.FromPeer(Spdu.Refuse _) -> true;
            case Event.FromPeer(Spdu.Finish s) -> s.keepTransport();
            case Event.FromPeer(Spdu.Abort s) -> s.keepTransport();
            case Event.FromPeer(Spdu.Connect _) -> v.options.reuse();
            default -> false;
        };
    }
}

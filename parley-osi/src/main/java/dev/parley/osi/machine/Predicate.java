package dev.parley.osi.machine;

import static dev.parley.osi.FunctionalUnit.ACTIVITY;
import static dev.parley.osi.FunctionalUnit.CAPABILITY_DATA;
import static dev.parley.osi.FunctionalUnit.DATA_SEPARATION;
import static dev.parley.osi.FunctionalUnit.DUPLEX;
import static dev.parley.osi.FunctionalUnit.EXCEPTIONS;
import static dev.parley.osi.FunctionalUnit.EXPEDITED;
import static dev.parley.osi.FunctionalUnit.HALF_DUPLEX;
import static dev.parley.osi.FunctionalUnit.MAJOR_SYNC;
import static dev.parley.osi.FunctionalUnit.MINOR_SYNC;
import static dev.parley.osi.FunctionalUnit.NEGOTIATED_RELEASE;
import static dev.parley.osi.FunctionalUnit.RESYNCHRONIZE;
import static dev.parley.osi.FunctionalUnit.TYPED_DATA;
import static dev.parley.osi.Token.DATA;
import static dev.parley.osi.Token.MAJOR_ACTIVITY;
import static dev.parley.osi.Token.MINOR;

import dev.parley.osi.ResyncType;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Variables.Resync;
import dev.parley.osi.wire.Spdu;
import java.util.Arrays;
import java.util.Optional;

/// The predicates of Table A.7 with the standard's numbers. Predicates only read.
public enum Predicate {
    p01((v, _) -> v.transportInitiator),
    p02((v, e) -> Facts.keepTransport(v, e) && !v.transportExpedited),
    p03((v, _) -> v.mayInitiate(DATA)),
    p04((v, _) -> v.has(DUPLEX) && !v.finishCollision),
    p05((v, _) -> v.mayAccept(DATA)),
    p06((v, _) -> v.has(TYPED_DATA)),
    p07((v, _) -> v.has(TYPED_DATA) && !v.finishCollision),
    p08((v, _) -> v.has(EXPEDITED)),
    p09((v, _) -> v.has(EXPEDITED) && !v.finishCollision),
    p10((v, _) -> !v.finishCollision),
    p11((v, _) -> v.availableAndOwned(MAJOR_ACTIVITY)),
    p12((v, _) -> v.has(MAJOR_SYNC) && inActivity(v) && v.mayAccept(DATA) && v.mayAccept(MINOR) && v.availableNotOwned(MAJOR_ACTIVITY)),
    p13((v, _) ->
            v.has(MAJOR_SYNC) && inActivity(v) && v.mayInitiate(DATA) && v.mayInitiate(MINOR) && v.availableAndOwned(MAJOR_ACTIVITY)),
    p14((v, _) -> inActivity(v) && v.mayAccept(DATA) && v.availableNotOwned(MINOR)),
    p15((v, _) -> inActivity(v) && v.mayInitiate(DATA) && v.availableAndOwned(MINOR)),
    p16((v, _) -> !v.transportExpedited),
    p17((v, _) -> inActivity(v) && (v.symmetric() || v.has(MINOR_SYNC)) && (v.symmetric() || !v.mayAnswer)),
    p18((v, _) -> inActivity(v) && (v.symmetric() || v.has(MINOR_SYNC)) && (v.symmetric() || v.mayAnswer)),
    p19((v, e) -> !v.symmetric() && Facts.serial(e) == v.m),
    // The response to a major point carries no number of its own: it answers the last one.
    p20((v, e) -> !v.symmetric() && Facts.serial(e) == v.m - 1),
    p21((v, e) -> !v.symmetric() && v.m > Facts.serial(e) && Facts.serial(e) >= v.a),
    p23((v, _) -> v.has(ACTIVITY) && !v.nextActivity),
    p24((v, e) -> !Collision.weWin(v, e)),
    p25((v, _) -> (v.has(MINOR_SYNC) || v.symmetric() || v.has(MAJOR_SYNC)) && v.has(RESYNCHRONIZE)),
    p26((v, _) -> inActivity(v)),
    p27((v, _) -> v.resync == Resync.NONE),
    p28((v, _) -> v.has(RESYNCHRONIZE)),
    p29((v, _) -> inActivity(v) && v.has(RESYNCHRONIZE)),
    p30((v, _) -> !v.has(ACTIVITY) || v.nextActivity),
    p31((v, _) -> v.has(ACTIVITY) && v.nextActivity),
    p32(Predicate::restartIsNotTooOld),
    p33((v, e) -> !v.symmetric() && v.m >= Facts.serial(e) && Facts.serial(e) >= v.r),
    p34((v, _) -> v.has(ACTIVITY)),
    p35((v, _) -> v.has(RESYNCHRONIZE) && (!v.transportExpedited || v.has(DATA_SEPARATION))),
    p36((v, _) -> v.has(RESYNCHRONIZE) && v.transportExpedited),
    p37((v, _) -> v.has(ACTIVITY) && v.transportExpedited),
    p38((v, _) -> v.has(ACTIVITY) && !v.transportExpedited),
    p39((v, _) -> v.activity && v.availableAndOwned(MAJOR_ACTIVITY)),
    p40((v, _) -> v.availableNotOwned(MAJOR_ACTIVITY)),
    p41((v, _) -> v.resync == Resync.DISCARD),
    p42((v, _) -> v.resync == Resync.INTERRUPT),
    p43((v, e) -> answers(v, e) && (v.resync != Resync.ABANDON || Facts.serial(e) == v.m)),
    p44((v, _) -> v.has(ACTIVITY) && !v.activity && v.mayAccept(DATA) && v.mayAccept(MINOR) && v.mayAccept(MAJOR_ACTIVITY)),
    p45((v, _) -> v.has(ACTIVITY) && !v.activity && v.mayInitiate(DATA) && v.mayInitiate(MINOR) && v.mayInitiate(MAJOR_ACTIVITY)),
    p46((v, _) -> v.has(CAPABILITY_DATA) && v.has(ACTIVITY) && !v.activity && v.mayAccept(DATA) && v.mayAccept(MINOR)
            && !v.owned.contains(MAJOR_ACTIVITY)),
    p47((v, _) -> v.has(CAPABILITY_DATA) && v.has(ACTIVITY) && !v.activity && v.mayInitiate(DATA) && v.mayInitiate(MINOR)
            && v.owned.contains(MAJOR_ACTIVITY)),
    p48((v, _) -> v.has(EXCEPTIONS) && v.has(HALF_DUPLEX)),
    p49((v, e) -> answers(v, e)),
    p50((v, _) -> v.has(EXCEPTIONS) && inActivity(v) && v.availableNotOwned(DATA)),
    p51((v, _) -> v.has(EXCEPTIONS) && inActivity(v) && v.availableAndOwned(DATA)),
    p52((v, _) -> v.has(EXCEPTIONS) && !v.has(ACTIVITY) && v.availableAndOwned(DATA)),
    p53((v, e) -> Facts.tokens(e).stream().allMatch(v::available)),
    p54((v, e) -> Facts.tokens(e).stream().allMatch(v::availableAndOwned)),
    p55((v, _) -> v.has(ACTIVITY) && !v.activity && Arrays.stream(Token.values()).allMatch(v::mayInitiate)),
    p57((v, e) -> Facts.tokens(e).stream().allMatch(v::availableAndOwned) && !Facts.tokens(e).contains(DATA)),
    p58((v, e) -> Facts.tokens(e).stream().allMatch(v::availableAndOwned) && Facts.tokens(e).contains(DATA)),
    p59((v, e) -> Facts.tokens(e).stream().allMatch(v::availableNotOwned)),
    p60((v, e) -> Facts.tokens(e).stream().allMatch(v::availableNotOwned) && !Facts.tokens(e).contains(DATA)),
    p61((v, e) -> Facts.tokens(e).stream().allMatch(v::availableNotOwned) && Facts.tokens(e).contains(DATA)),
    p62((v, _) -> v.has(ACTIVITY) && !v.activity && Arrays.stream(Token.values()).allMatch(v::mayAccept)),
    p63((v, _) -> Arrays.stream(Token.values()).allMatch(v::mayInitiate) && (!v.has(ACTIVITY) || !v.activity)),
    p64((v, e) -> Facts.keepTransport(v, e) && v.transportInitiator && !v.transportExpedited),
    p65((v, _) -> Arrays.stream(Token.values()).anyMatch(v::available)),
    p66((v, _) -> v.reuse),
    p67((v, _) -> v.has(NEGOTIATED_RELEASE)),
    p68((v, _) -> Arrays.stream(Token.values()).allMatch(v::mayAccept) && (!v.has(ACTIVITY) || !v.activity)),
    p69((v, _) -> v.finishCollision),
    p70((v, _) -> v.has(DUPLEX)),
    p71((v, _) ->
            v.has(ACTIVITY) && v.activity && v.mayInitiate(DATA) && v.mayInitiate(MINOR) && v.availableAndOwned(MAJOR_ACTIVITY)),
    p72((v, _) -> v.has(ACTIVITY) && v.activity && v.mayAccept(DATA) && v.mayAccept(MINOR) && v.availableNotOwned(MAJOR_ACTIVITY)),
    p75((v, _) -> !v.finishCollision || v.disconnectReceived),
    p76((v, e) -> e instanceof Event.FromPeer(Spdu.Connect c) && SpduRules.refusal(c, v) != 0),
    p80((v, _) -> !v.has(DATA_SEPARATION) || v.separatedIn < (v.symmetric() ? v.ar : v.a)),
    p81((v, _) -> v.separatedOut >= (v.symmetric() ? v.as : v.a)),
    p82((v, _) -> v.has(DATA_SEPARATION)),
    p173((v, e) -> v.symmetric() && Facts.second(e).filter(serial -> serial == v.mr).isPresent()),
    p174((v, e) -> v.symmetric() && Facts.second(e).filter(serial -> serial == v.ms).isPresent()),
    p175((v, e) -> v.symmetric() && Facts.serial(e) == v.mr - 1),
    p176((v, e) -> v.symmetric() && v.ms > Facts.serial(e) && Facts.serial(e) >= v.as),
    p177((v, e) -> v.symmetric() && Facts.serial(e) == v.mr),
    p178((v, _) -> v.symmetric()),
    p179((v, e) -> v.symmetric() && v.mr > Facts.serial(e) && Facts.serial(e) >= v.ar),
    p180((v, e) -> v.symmetric()
            ? abandonOrSet(Facts.sendingType(e)) && abandonOrSet(Facts.receivingType(e))
            : Facts.resync(e) != Resync.RESTART),
    p184((v, _) -> v.symmetric() && v.resyncSending == Resync.NONE),
    // With symmetric synchronize V(Ado) belongs to the other flow, and protects nothing of this one (our erratum E24).
    p185((v, _) -> v.discardReceiving && (v.symmetric() || !p81.holds(v, Event.FromBelow.TIMER))),
    p186((v, _) -> v.discardSending),
    p187((v, e) -> v.symmetric()
            && (v.resyncReceiving != Resync.RESTART || Facts.receiving(e).orElse(-1L) == v.resyncReceivingSerial)
            && (v.resyncSending != Resync.RESTART || Facts.sending(e).orElse(-1L) == v.resyncSendingSerial)),
    p202((_, e) -> e instanceof Event.FromPeer(Spdu.ConnectDataOverflow s) && s.enclosure().end()),
    p204(Predicate::connectDataOverflows);

    private interface Check {
        boolean holds(Variables v, Event event);
    }

    private final Check check;

    Predicate(Check check) {
        this.check = check;
    }

    boolean holds(Variables v, Event event) {
        return check.holds(v, event);
    }

    /// ¬FU(ACT) or Vact.
    private static boolean inActivity(Variables v) {
        return !v.has(ACTIVITY) || v.activity;
    }

    /// p49: the serial of the answer fits the resynchronization under way.
    private static boolean answers(Variables v, Event event) {
        return !v.symmetric() && switch (v.resync) {
            case RESTART -> Facts.serial(event) == v.resyncSerial;
            case ABANDON -> Facts.serial(event) >= v.m;
            case SET -> true;
            case DISCARD, INTERRUPT, NONE -> false;
        };
    }

    private static boolean restartIsNotTooOld(Variables v, Event event) {
        if (!v.symmetric()) {
            return Facts.resync(event) != Resync.RESTART || Facts.serial(event) >= v.r;
        }
        return (notRestart(Facts.receivingType(event)) || Facts.receiving(event).orElse(-1L) >= v.rr)
                && (notRestart(Facts.sendingType(event)) || Facts.sending(event).orElse(-1L) >= v.rs);
    }

    private static boolean notRestart(Optional<ResyncType> type) {
        return type.filter(t -> t == ResyncType.RESTART).isEmpty();
    }

    private static boolean abandonOrSet(Optional<ResyncType> type) {
        return type.filter(t -> t != ResyncType.RESTART).isPresent();
    }

    /// p204: more than 10 240 octets of user data, which the sender tells by the Data Overflow parameter.
    private static boolean connectDataOverflows(Variables v, Event event) {
        return switch (event) {
            case Event.FromPeer(Spdu.Connect s) -> s.overflow();
            case Event.FromUser(Request.Connect r) -> r.userData().remaining() > Steps.MOST_CONNECT_DATA;
            default -> v.connectData.remaining() > Steps.MOST_CONNECT_DATA;
        };
    }
}

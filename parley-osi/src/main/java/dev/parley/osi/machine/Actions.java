package dev.parley.osi.machine;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Variables.Resync;
import dev.parley.osi.wire.Spdu;
import java.util.Arrays;
import java.util.Objects;

/// The specific actions of Table A.6 that only write variables, by their number.
final class Actions {
    private Actions() {}

    static void run(int number, Variables v, Event e) {
        switch (number) {
            case 1 -> v.transportInitiator = false;
            case 2 -> v.transportInitiator = true;
            case 5 -> connected(v, e);
            case 7 -> v.reuse = true;
            case 8 -> v.reuse = false;
            case 9 -> v.reuse = Facts.keepTransport(v, e);
            case 10 -> v.queued.add(e);
            case 11 -> moveTokens(v, e);
            case 12 -> v.activity = true;
            case 13 -> {
                if (v.has(FunctionalUnit.ACTIVITY)) {
                    v.nextActivity = !endsActivity(e);
                }
            }
            case 14 -> {
                if (v.has(FunctionalUnit.ACTIVITY)) {
                    v.activity = v.nextActivity;
                }
            }
            case 16 -> resynchronize(v, e);
            case 18 -> v.finishCollision = true;
            case 19 -> takeAbandonedNumber(v, e);
            case 20 -> v.mayAnswer = false;
            case 21 -> v.m++;
            case 22 -> {
                v.r = v.m;
                v.a = v.m;
            }
            // The printed [31] leaves Vsc as it was (our erratum E23).
            case 23, 31 -> {
                v.a = v.mayAnswer ? v.a : v.m;
                v.mayAnswer = true;
                v.m++;
            }
            case 24 -> {
                v.a = v.mayAnswer ? v.m : v.a;
                v.mayAnswer = false;
                v.m++;
            }
            case 25 -> v.a = Facts.serial(e) + 1;
            case 26 -> {
                v.a = 1;
                v.m = 1;
                v.r = 1;
            }
            case 27 -> {
                v.m = Facts.serial(e) + 1;
                v.a = v.m;
                v.r = 1;
            }
            case 28 -> {
                v.m = Facts.serial(e);
                v.a = v.m;
                if (v.resync == Resync.ABANDON || v.resync == Resync.SET) {
                    v.r = 0;
                }
                v.separatedOut = -1;
                v.separatedIn = -1;
                v.clearResynchronization();
            }
            case 29 -> endWithAllTokens(v, true);
            case 30 -> endWithAllTokens(v, false);
            case 32 -> v.disconnectReceived = true;
            case 41 -> v.separatedOut = v.m;
            case 42 -> v.separatedOut = v.ms;
            case 43 -> {
                v.separatedOut = -1;
                v.separatedIn = -1;
            }
            case 44 -> v.separatedIn = v.m;
            case 45 -> v.separatedIn = v.mr;
            case 50 -> keepConnectData(v, e);
            case 62 -> v.mr++;
            case 63 -> v.ms++;
            case 64 -> {
                v.rs = v.ms;
                v.as = v.ms;
                v.rr = v.mr;
                v.ar = v.mr;
            }
            case 65 -> v.as = Facts.serial(e) + 1;
            case 66 -> v.ar = Facts.serial(e) + 1;
            case 67 -> prepareResynchronize(v, e);
            case 68 -> resynchronized(v, e);
            case 69 -> {
                Facts.sending(e).ifPresent(serial -> v.ms = serial + 1);
                Facts.receiving(e).ifPresent(serial -> v.mr = serial + 1);
                v.as = v.ms;
                v.ar = v.mr;
                v.rs = 1;
                v.rr = 1;
            }
            case 70 -> {
                v.as = 1;
                v.ms = 1;
                v.rs = 1;
                v.ar = 1;
                v.mr = 1;
                v.rr = 1;
            }
            case 71 -> connected(v, e);
            case 72 -> Collision.merge(v, e);
            default -> throw new AssertionError("no action [" + number + "]");
        }
    }

    /// [5] and [71]. The symmetric tables print only [71], which forgets most of [5]: the union is meant (our erratum E2). A serial that is
    /// absent, because activities are selected, counts as 0 until an activity starts.
    private static void connected(Variables v, Event e) {
        v.units = Connecting.selected(v, e);
        Connecting.negotiate(v, e);
        v.m = Facts.first(e).orElse(0L);
        v.a = v.m;
        v.r = 0;
        v.ms = Facts.sending(e).orElse(0L);
        v.as = v.ms;
        v.rs = 0;
        v.mr = Facts.receiving(e).orElse(0L);
        v.ar = v.mr;
        v.rr = 0;
        v.finishCollision = false;
        v.disconnectReceived = false;
        v.mayAnswer = false;
        v.separatedOut = -1;
        v.separatedIn = -1;
        v.activity = false;
        v.nextActivity = false;
        v.clearResynchronization();
    }

    private static void moveTokens(Variables v, Event e) {
        switch (e) {
            case Event.FromPeer(Spdu.GiveTokens s) -> v.owned.addAll(s.tokens());
            case Event.FromUser(Request.GiveTokens r) -> v.owned.removeAll(r.tokens());
            case Event.FromPeer(Spdu.GiveTokensConfirm _) -> own(v, true);
            case Event.FromUser(Request.GiveControl _) -> own(v, false);
            case Event.FromPeer(Spdu.Accept s) -> Placement.place(v, s.item().tokens(), Token.Side.REQUESTOR);
            case Event.FromUser(Request.Accept r) -> Placement.place(
                    v, Placement.accepted(Objects.requireNonNull(v.connect).item().tokens(), r.tokens()), Token.Side.ACCEPTOR);
            case Event.FromPeer(Spdu.ResynchronizeAck s) -> Placement.place(v, s.tokens(), Token.Side.REQUESTOR);
            case Event.FromUser(Request.ResynchronizeResponse r) -> Placement.place(v, Placement.answered(v, r.tokens()), Token.Side.ACCEPTOR);
            default -> throw new AssertionError("no tokens move at " + e);
        }
    }

    private static void own(Variables v, boolean all) {
        v.owned.clear();
        if (all) {
            Arrays.stream(Token.values()).filter(v::available).forEach(v.owned::add);
        }
    }

    private static void endWithAllTokens(Variables v, boolean ours) {
        own(v, ours);
        v.activity = false;
        v.clearResynchronization();
    }

    private static boolean endsActivity(Event e) {
        return e instanceof Event.FromPeer(Spdu.ActivityEnd _) || e instanceof Event.FromUser(Request.ActivityEnd _);
    }

    private static void resynchronize(Variables v, Event e) {
        v.resyncTokens = Placement.tokens(e);
        if (v.symmetric() && Facts.resync(e) != Resync.INTERRUPT && Facts.resync(e) != Resync.DISCARD) {
            // Nothing under way is the weakest kind, so that this also takes the values of the first one (our erratum E20).
            Collision.merge(v, e);
            return;
        }
        v.resync = Facts.resync(e);
        if (v.resync == Resync.RESTART) {
            v.resyncSerial = Facts.serial(e);
        }
        v.discardReceiving = true;
        v.discardSending = true;
    }

    /// [19]: only an abandoned flow takes the higher of both numbers; the one row for all kinds in the symmetric tables does not say so (E16).
    private static void takeAbandonedNumber(Variables v, Event e) {
        if (!v.symmetric()) {
            v.m = Math.max(v.m, Facts.serial(e));
            return;
        }
        if (Resync.of(Facts.receivingType(e)) == Resync.ABANDON) {
            v.mr = Math.max(v.mr, Facts.receiving(e).orElse(-1L));
        }
        if (Resync.of(Facts.sendingType(e)) == Resync.ABANDON) {
            v.ms = Math.max(v.ms, Facts.sending(e).orElse(-1L));
        }
    }

    private static void prepareResynchronize(Variables v, Event e) {
        if (e instanceof Event.FromPeer(Spdu.Prepare p) && (p.resyncType().isPresent() || p.secondType().isPresent())) {
            // The types are the requestor's: its sending flow is our receiving one.
            v.discardReceiving |= p.resyncType().isPresent();
            v.discardSending |= p.secondType().isPresent();
        } else {
            v.discardReceiving = true;
            v.discardSending = true;
        }
    }

    private static void resynchronized(Variables v, Event e) {
        Facts.sending(e).ifPresent(serial -> {
            v.ms = serial;
            v.as = serial;
            v.rs = v.resyncSending == Resync.RESTART ? v.rs : 0;
            v.resyncSending = Resync.NONE;
            v.discardSending = false;
        });
        Facts.receiving(e).ifPresent(serial -> {
            v.mr = serial;
            v.ar = serial;
            v.rr = v.resyncReceiving == Resync.RESTART ? v.rr : 0;
            v.resyncReceiving = Resync.NONE;
            v.discardReceiving = false;
        });
        v.separatedOut = -1;
        v.separatedIn = -1;
    }

    private static void keepConnectData(Variables v, Event e) {
        v.connectData = Connecting.append(v.connectData, e instanceof Event.FromPeer(var spdu) ? spdu.userData() : Spdu.NO_DATA);
    }
}

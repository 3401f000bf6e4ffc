package dev.parley.osi.machine;

import dev.parley.osi.Indication;
import dev.parley.osi.machine.Variables.Resync;
import java.util.Optional;

/// Who wins when two resynchronizations collide (A.5.4.6, X.215 clause 16).
final class Collision {
    private Collision() {}

    /// SPMwinner: true when the resynchronization that this machine holds prevails over the colliding event.
    static boolean weWin(Variables v, Event event) {
        boolean fromInitiator = Facts.fromUser(event) == v.transportInitiator;
        if (!v.symmetric()) {
            return prevails(v.resync, v.resyncSerial, Facts.resync(event), Facts.serial(event), !fromInitiator);
        }
        var sending = Resync.of(Facts.sendingType(event));
        var receiving = Resync.of(Facts.receivingType(event));
        boolean mineSending =
                prevails(v.resyncSending, v.resyncSendingSerial, sending, Facts.sending(event).orElse(-1L), !fromInitiator);
        boolean mineReceiving =
                prevails(v.resyncReceiving, v.resyncReceivingSerial, receiving, Facts.receiving(event).orElse(-1L), !fromInitiator);
        return mineSending == mineReceiving ? mineSending : !fromInitiator;
    }

    /// dsc before int before a before s before r; two restarts: the lower serial; a tie is the calling side's.
    private static boolean prevails(Resync mine, long mySerial, Resync other, long otherSerial, boolean tie) {
        if (mine != other) {
            return mine.compareTo(other) < 0;
        }
        return mine == Resync.RESTART && mySerial != otherSerial ? mySerial < otherSerial : tie;
    }

    /// Action [72], and [16] when a resynchronization is under way with symmetric synchronize: per flow the prevailing values are kept. Two
    /// abandons keep the higher number, two sets the calling side's, two restarts the lower (7.24.3.3).
    static void merge(Variables v, Event event) {
        boolean tie = Facts.fromUser(event) != v.transportInitiator;
        var sending = Resync.of(Facts.sendingType(event));
        long sendingSerial = Facts.sending(event).orElse(-1L);
        if (!prevails(v.resyncSending, v.resyncSendingSerial, sending, sendingSerial, tie)) {
            v.resyncSendingSerial = sendingSerial;
        }
        v.resyncSending = stronger(v.resyncSending, sending);
        var receiving = Resync.of(Facts.receivingType(event));
        long receivingSerial = Facts.receiving(event).orElse(-1L);
        if (!prevails(v.resyncReceiving, v.resyncReceivingSerial, receiving, receivingSerial, tie)) {
            v.resyncReceivingSerial = receivingSerial;
        }
        v.resyncReceiving = stronger(v.resyncReceiving, receiving);
        v.discardSending |= v.resyncSending != Resync.NONE;
        v.discardReceiving |= v.resyncReceiving != Resync.NONE;
    }

    /// An indication as the collision left it: [16] runs after the indication is issued, so this looks ahead.
    static Indication.Resynchronize merged(Variables v, Indication.Resynchronize r) {
        // The first flow of the indication is the one that we receive.
        var first = stronger(v.resyncReceiving, Resync.of(r.type()));
        var second = stronger(v.resyncSending, Resync.of(r.secondType()));
        boolean tie = v.transportInitiator;
        var serial = prevails(v.resyncReceiving, v.resyncReceivingSerial, Resync.of(r.type()), r.serial().orElse(-1L), tie)
                ? Optional.of(v.resyncReceivingSerial) : r.serial();
        var secondSerial = prevails(v.resyncSending, v.resyncSendingSerial, Resync.of(r.secondType()), r.secondSerial().orElse(-1L), tie)
                ? Optional.of(v.resyncSendingSerial) : r.secondSerial();
        return new Indication.Resynchronize(
                first.type(), first == Resync.NONE ? Optional.empty() : serial, second.type(),
                second == Resync.NONE ? Optional.empty() : secondSerial, r.tokens(), r.userData());
    }

    private static Resync stronger(Resync a, Resync b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}

package dev.parley.osi.machine;

import dev.parley.osi.machine.Variables.Resync;

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

    /// Action [72]: per flow the prevailing values are kept.
    static void merge(Variables v, Event event) {
        boolean tie = Facts.fromUser(event) != v.transportInitiator;
        var sending = Resync.of(Facts.sendingType(event));
        long sendingSerial = Facts.sending(event).orElse(-1L);
        if (!prevails(v.resyncSending, v.resyncSendingSerial, sending, sendingSerial, tie)) {
            v.resyncSending = sending;
            v.resyncSendingSerial = sendingSerial;
        }
        var receiving = Resync.of(Facts.receivingType(event));
        long receivingSerial = Facts.receiving(event).orElse(-1L);
        if (!prevails(v.resyncReceiving, v.resyncReceivingSerial, receiving, receivingSerial, tie)) {
            v.resyncReceiving = receiving;
            v.resyncReceivingSerial = receivingSerial;
        }
    }
}

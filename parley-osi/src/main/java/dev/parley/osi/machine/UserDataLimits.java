package dev.parley.osi.machine;

import dev.parley.osi.wire.Spdu;

/// How much user data an SPDU may carry (8.3, 8.4). Version 2 has no limit of its own: what does not fit one SPDU is segmented.
final class UserDataLimits {
    static final int UNLIMITED = Integer.MAX_VALUE;
    static final int MOST_EXPEDITED = 14;
    static final int MOST_ABORT = 9;

    private UserDataLimits() {}

    static int most(Spdu spdu, int version) {
        return switch (spdu) {
            case Spdu.DataTransfer _, Spdu.TypedData _ -> UNLIMITED;
            case Spdu.Expedited _ -> MOST_EXPEDITED;
            case Spdu.OverflowAccept _, Spdu.AbortAccept _, Spdu.GiveTokensAck _, Spdu.Prepare _, Spdu.ExceptionReport _ -> 0;
            case Spdu.GiveTokens _, Spdu.GiveTokensConfirm _, Spdu.ActivityInterrupt _, Spdu.ActivityInterruptAck _, Spdu.ActivityDiscard _,
                    Spdu.ActivityDiscardAck _ -> version == 2 ? UNLIMITED : 0;
            case Spdu.Abort _ -> version == 2 ? UNLIMITED : MOST_ABORT;
            case Spdu.Connect _, Spdu.ConnectDataOverflow _ -> UNLIMITED;
            case Spdu.Accept _, Spdu.Refuse _, Spdu.Finish _, Spdu.Disconnect _, Spdu.NotFinished _, Spdu.CapabilityData _,
                    Spdu.CapabilityDataAck _, Spdu.PleaseTokens _, Spdu.MinorSyncPoint _, Spdu.MinorSyncAck _, Spdu.MajorSyncPoint _,
                    Spdu.MajorSyncAck _, Spdu.Resynchronize _, Spdu.ResynchronizeAck _, Spdu.ExceptionData _, Spdu.ActivityStart _,
                    Spdu.ActivityResume _, Spdu.ActivityEnd _ -> version == 2 ? UNLIMITED : 512;
        };
    }
}

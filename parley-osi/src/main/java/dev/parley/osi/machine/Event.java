package dev.parley.osi.machine;

import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.wire.Spdu;
import java.util.Optional;

/// What the machine reacts to (Table A.1), with the name that Annex A gives it.
public sealed interface Event {
    /// The name of the column in the tables. Whether symmetric synchronize is selected changes the names of resynchronization.
    String symbol(boolean symmetric);

    record FromUser(Request request) implements Event {
        @Override
        public String symbol(boolean symmetric) {
            return switch (request) {
                case Request.Connect _ -> "SCONreq";
                case Request.Accept _ -> "SCONrsp+";
                case Request.Refuse _ -> "SCONrsp-";
                case Request.Data _ -> "SDTreq";
                case Request.TypedData _ -> "STDreq";
                case Request.ExpeditedData _ -> "SEXreq";
                case Request.CapabilityData _ -> "SCDreq";
                case Request.CapabilityDataResponse _ -> "SCDrsp";
                case Request.GiveTokens _ -> "SGTreq";
                case Request.PleaseTokens _ -> "SPTreq";
                case Request.GiveControl _ -> "SCGreq";
                case Request.SyncMinor r -> r.dataSeparation() ? "SSYNmdreq" : "SSYNmreq";
                case Request.SyncMinorResponse _ -> "SSYNmrsp";
                case Request.SyncMajor _ -> "SSYNMreq";
                case Request.SyncMajorResponse _ -> "SSYNMrsp";
                case Request.Resynchronize r -> symmetric ? "SRSYNreq" : "SRSYNreq(" + letter(r.type()) + ")";
                case Request.ResynchronizeResponse _ -> "SRSYNrsp";
                case Request.ExceptionReport _ -> "SUERreq";
                case Request.ActivityStart _ -> "SACTSreq";
                case Request.ActivityResume _ -> "SACTRreq";
                case Request.ActivityInterrupt _ -> "SACTIreq";
                case Request.ActivityInterruptResponse _ -> "SACTIrsp";
                case Request.ActivityDiscard _ -> "SACTDreq";
                case Request.ActivityDiscardResponse _ -> "SACTDrsp";
                case Request.ActivityEnd _ -> "SACTEreq";
                case Request.ActivityEndResponse _ -> "SACTErsp";
                case Request.Release _ -> "SRELreq";
                case Request.ReleaseResponse r -> r.affirmative() ? "SRELrsp+" : "SRELrsp-";
                case Request.Abort _ -> "SUABreq";
            };
        }
    }

    record FromPeer(Spdu spdu) implements Event {
        @Override
        public String symbol(boolean symmetric) {
            return switch (spdu) {
                case Spdu.Resynchronize s -> symmetric ? "RS" : "RS-" + letter(s.type());
                case Spdu.MajorSyncAck _ -> "MAA/AEA";
                default -> spdu.symbol();
            };
        }
    }

    /// From the transport service and the one timer.
    enum FromBelow implements Event {
        CONNECT_INDICATION("TCONind"),
        CONNECT_CONFIRM("TCONcnf"),
        DISCONNECT_INDICATION("TDISind"),
        TIMER("TIM");

        private final String symbol;

        FromBelow(String symbol) {
            this.symbol = symbol;
        }

        @Override
        public String symbol(boolean symmetric) {
            return symbol;
        }
    }

    /// Without symmetric synchronize the type must be there (Table 32); an absent one matches no column and is invalid.
    private static String letter(Optional<ResyncType> type) {
        return type.map(t -> switch (t) {
            case ABANDON -> "a";
            case RESTART -> "r";
            case SET -> "s";
        }).orElse("?");
    }
}

package dev.parley.osi.wire;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The 36 session protocol data units of X.225 (11/95) clause 8.3, one record each. A record that exists is well-formed in itself; whether it
/// may occur now is the machine's question. User data is never null: an empty buffer means that the parameter is absent.
public sealed interface Spdu {
    ByteBuffer NO_DATA = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /// The abbreviation that Annex A uses.
    String symbol();

    /// The user data or user information field; empty where the SPDU has none.
    default ByteBuffer userData() {
        return NO_DATA;
    }

    default Enclosure enclosure() {
        return Enclosure.ABSENT;
    }

    /// The Connect/Accept Item (PGI 5) of CN and AC. `serialLimitDigits` is PI 56 (absent: 6 digits, 0: unlimited).
    record ConnectItem(
            int protocolOptions,
            Optional<TsduSizes> tsduSizes,
            int versions,
            Optional<Long> initialSerial,
            Map<Token, Token.Side> tokens,
            Optional<Long> secondInitialSerial,
            Optional<Integer> serialLimitDigits) {
        public ConnectItem {
            tokens = Map.copyOf(tokens);
        }
    }

    /// PI 21: maximum TSDU size per direction in octets; 0 means unlimited and not segmented.
    record TsduSizes(int fromInitiator, int fromResponder) {}

    /// CONNECT, 8.3.1. `overflow`: more user data follows in CONNECT DATA OVERFLOW.
    record Connect(
            ConnectionIdentifier identifier,
            ConnectItem item,
            Set<FunctionalUnit> requirements,
            ByteBuffer callingSelector,
            ByteBuffer calledSelector,
            boolean overflow,
            ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return "CN";
        }
    }

    /// OVERFLOW ACCEPT, 8.3.2.
    record OverflowAccept(Optional<TsduSizes> tsduSizes, int versions) implements Spdu {
        @Override
        public String symbol() {
            return "OA";
        }
    }

    /// CONNECT DATA OVERFLOW, 8.3.3.
    record ConnectDataOverflow(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "CDO";
        }
    }

    /// ACCEPT, 8.3.4. `pleaseTokens`: acts as if a PLEASE TOKENS followed.
    record Accept(
            ConnectionIdentifier identifier,
            ConnectItem item,
            Set<Token> pleaseTokens,
            Set<FunctionalUnit> requirements,
            Enclosure enclosure,
            Optional<ByteBuffer> callingSelector,
            ByteBuffer respondingSelector,
            ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return "AC";
        }
    }

    /// REFUSE, 8.3.5. `keepTransport` is bit 1 of Transport Disconnect turned round.
    record Refuse(
            ConnectionIdentifier identifier,
            boolean keepTransport,
            Optional<Set<FunctionalUnit>> requirements,
            Optional<Integer> versions,
            Enclosure enclosure,
            int reason,
            ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return keepTransport ? "RF-r" : "RF-nr";
        }
    }

    /// FINISH, 8.3.6.
    record Finish(boolean keepTransport, Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return keepTransport ? "FN-r" : "FN-nr";
        }
    }

    /// DISCONNECT, 8.3.7.
    record Disconnect(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "DN";
        }
    }

    /// NOT FINISHED, 8.3.8.
    record NotFinished(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "NF";
        }
    }

    /// Who aborts, bits 2 to 5 of Transport Disconnect (8.3.9).
    enum AbortCause {
        USER(0x02),
        PROTOCOL_ERROR(0x04),
        NO_REASON(0x08),
        RESTRICTION(0x10);

        private final int mask;

        AbortCause(int mask) {
            this.mask = mask;
        }

        public int mask() {
            return mask;
        }
    }

    /// ABORT, 8.3.9.
    record Abort(
            boolean keepTransport,
            AbortCause cause,
            Enclosure enclosure,
            Optional<ByteBuffer> reflected,
            ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return keepTransport ? "AB-r" : "AB-nr";
        }
    }

    /// ABORT ACCEPT, 8.3.10.
    record AbortAccept() implements Spdu {
        @Override
        public String symbol() {
            return "AA";
        }
    }

    /// DATA TRANSFER, 8.3.11.
    record DataTransfer(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "DT";
        }
    }

    /// EXPEDITED, 8.3.12; 1 to 14 octets.
    record Expedited(ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "EX";
        }
    }

    /// TYPED DATA, 8.3.13.
    record TypedData(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "TD";
        }
    }

    /// CAPABILITY DATA, 8.3.14.
    record CapabilityData(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "CD";
        }
    }

    /// CAPABILITY DATA ACK, 8.3.15.
    record CapabilityDataAck(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "CDA";
        }
    }

    /// GIVE TOKENS, 8.3.16. Without tokens it only introduces a concatenation and is no event.
    record GiveTokens(Set<Token> tokens, Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "GT";
        }
    }

    /// PLEASE TOKENS, 8.3.17. Without tokens it only introduces a concatenation and is no event.
    record PleaseTokens(Set<Token> tokens, Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "PT";
        }
    }

    /// GIVE TOKENS CONFIRM, 8.3.18.
    record GiveTokensConfirm(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "GTC";
        }
    }

    /// GIVE TOKENS ACK, 8.3.19.
    record GiveTokensAck() implements Spdu {
        @Override
        public String symbol() {
            return "GTA";
        }
    }

    /// MINOR SYNC POINT, 8.3.20.
    record MinorSyncPoint(
            boolean explicitConfirmation, boolean dataSeparation, Enclosure enclosure, long serial, ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return dataSeparation ? "MIP-d" : "MIP";
        }
    }

    /// MINOR SYNC ACK, 8.3.21; its user data travels in PI 46.
    record MinorSyncAck(Enclosure enclosure, long serial, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "MIA";
        }
    }

    /// MAJOR SYNC POINT, 8.3.22.
    record MajorSyncPoint(Enclosure enclosure, long serial, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "MAP";
        }
    }

    /// MAJOR SYNC ACK and ACTIVITY END ACK, 8.3.23 and 8.3.36: the same octets. `second` serial only with symmetric synchronize.
    record MajorSyncAck(Enclosure enclosure, Optional<Long> serial, Optional<Long> second, ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return "MAA";
        }
    }

    /// RESYNCHRONIZE, 8.3.24.
    record Resynchronize(
            Enclosure enclosure,
            Map<Token, Token.Side> tokens,
            Optional<ResyncType> type,
            Optional<Long> serial,
            Optional<ResyncType> secondType,
            Optional<Long> second,
            ByteBuffer userData)
            implements Spdu {
        public Resynchronize {
            tokens = Map.copyOf(tokens);
        }

        @Override
        public String symbol() {
            return "RS";
        }
    }

    /// RESYNCHRONIZE ACK, 8.3.25. The types only with symmetric synchronize.
    record ResynchronizeAck(
            Enclosure enclosure,
            Map<Token, Token.Side> tokens,
            Optional<ResyncType> type,
            Optional<Long> serial,
            Optional<ResyncType> secondType,
            Optional<Long> second,
            ByteBuffer userData)
            implements Spdu {
        public ResynchronizeAck {
            tokens = Map.copyOf(tokens);
        }

        @Override
        public String symbol() {
            return "RA";
        }
    }

    /// The values of Prepare Type (8.3.26).
    enum PrepareType {
        MAJOR_SYNC_ACK(1, "PR-MAA"),
        RESYNCHRONIZE(2, "PR-RS"),
        RESYNCHRONIZE_ACK(3, "PR-RA"),
        ABORT(4, "PR-AB");

        private final int code;
        private final String symbol;

        PrepareType(int code, String symbol) {
            this.code = code;
            this.symbol = symbol;
        }

        public int code() {
            return code;
        }
    }

    /// PREPARE, 8.3.26; on the expedited flow only. The types only with symmetric synchronize and RESYNCHRONIZE.
    record Prepare(PrepareType type, Optional<ResyncType> resyncType, Optional<ResyncType> secondType) implements Spdu {
        @Override
        public String symbol() {
            return type.symbol;
        }
    }

    /// EXCEPTION REPORT, 8.3.27: the erroneous SPDU up to the error.
    record ExceptionReport(ByteBuffer reflected) implements Spdu {
        @Override
        public String symbol() {
            return "ER";
        }
    }

    /// EXCEPTION DATA, 8.3.28.
    record ExceptionData(Enclosure enclosure, int reason, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "ED";
        }
    }

    /// ACTIVITY START, 8.3.29; identifier of 1 to 6 octets.
    record ActivityStart(Enclosure enclosure, ByteBuffer activity, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "AS";
        }
    }

    /// ACTIVITY RESUME, 8.3.30. `oldConnection.userReference()` is the calling SS-user reference.
    record ActivityResume(
            Enclosure enclosure,
            ConnectionIdentifier oldConnection,
            Optional<ByteBuffer> oldCalledReference,
            ByteBuffer oldActivity,
            long serial,
            Optional<Long> second,
            ByteBuffer activity,
            ByteBuffer userData)
            implements Spdu {
        @Override
        public String symbol() {
            return "AR";
        }
    }

    /// ACTIVITY INTERRUPT, 8.3.31.
    record ActivityInterrupt(Enclosure enclosure, Optional<Integer> reason, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "AI";
        }
    }

    /// ACTIVITY INTERRUPT ACK, 8.3.32.
    record ActivityInterruptAck(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "AIA";
        }
    }

    /// ACTIVITY DISCARD, 8.3.33.
    record ActivityDiscard(Enclosure enclosure, Optional<Integer> reason, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "AD";
        }
    }

    /// ACTIVITY DISCARD ACK, 8.3.34.
    record ActivityDiscardAck(Enclosure enclosure, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "ADA";
        }
    }

    /// ACTIVITY END, 8.3.35: as MAJOR SYNC POINT without the Sync Type Item.
    record ActivityEnd(Enclosure enclosure, long serial, ByteBuffer userData) implements Spdu {
        @Override
        public String symbol() {
            return "AE";
        }
    }
}

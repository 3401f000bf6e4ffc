package dev.parley.osi.machine;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.ResyncType;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The variables of A.5.4; the standard's name stands beside each.
final class Variables {
    /// Kinds of resynchronization in progress, the strongest first (A.5.4.6).
    enum Resync {
        DISCARD, // dsc
        INTERRUPT, // int
        ABANDON, // a
        SET, // s
        RESTART, // r
        NONE; // no

        static Resync of(Optional<ResyncType> type) {
            return type.map(t -> switch (t) {
                case ABANDON -> ABANDON;
                case SET -> SET;
                case RESTART -> RESTART;
            }).orElse(NONE);
        }

        /// Empty for what is not a kind of S-RESYNCHRONIZE.
        Optional<ResyncType> type() {
            return switch (this) {
                case ABANDON -> Optional.of(ResyncType.ABANDON);
                case SET -> Optional.of(ResyncType.SET);
                case RESTART -> Optional.of(ResyncType.RESTART);
                case DISCARD, INTERRUPT, NONE -> Optional.empty();
            };
        }
    }

    /// Only PREPAREs and expedited data arrive early; a peer whose SPDUs need more room than this breaks the protocol.
    static final int MOST_QUEUED = 64;

    final SessionOptions options;
    int version; // selected by the ACCEPT; 0 before
    long mostSerial = 999_999; // 10^n - 1, n the Upper Limit Serial Number of the ACCEPT
    Negotiated negotiated = Negotiated.NOTHING;
    Set<FunctionalUnit> units = Set.of(); // FU(f)
    Set<FunctionalUnit> proposed = Set.of(); // of the CONNECT that was sent or received
    final Set<Token> owned = EnumSet.noneOf(Token.class); // OWNED(t)
    boolean transportExpedited; // TEXP
    boolean transportInitiator; // not Vtca
    boolean reuse; // Vtrr
    boolean finishCollision; // Vcoll
    boolean disconnectReceived; // Vdnr
    boolean activity; // Vact
    boolean nextActivity; // Vnextact
    boolean mayAnswer; // Vsc
    long a; // V(A)
    long m; // V(M)
    long r; // V(R)
    long separatedOut = -1; // V(Ado)
    long separatedIn = -1; // V(Adi)
    long as; // V(As)
    long ms; // V(Ms)
    long rs; // V(Rs)
    long ar; // V(Ar)
    long mr; // V(Mr)
    long rr; // V(Rr)
    Resync resync = Resync.NONE; // Vrsp
    long resyncSerial; // Vrspnb
    Resync resyncSending = Resync.NONE; // Vrsps
    Resync resyncReceiving = Resync.NONE; // Vrspr
    long resyncSendingSerial; // Vrspnbs
    long resyncReceivingSerial; // Vrspnbr
    boolean discardReceiving; // Discard-rcv-flow
    boolean discardSending; // Discard-snd-flow
    final Queue<Event> queued = new ArrayDeque<>(); // actions [10] and [6]
    Spdu.@Nullable Connect connect; // the CONNECT under way, sent or received
    ByteBuffer connectData = Spdu.NO_DATA; // what arrived of its user data, or what is still to be sent of it
    boolean overflowAccepted; // an OVERFLOW ACCEPT was sent or received
    Map<Token, Token.Side> resyncTokens = Map.of(); // Token Setting Item of the RESYNCHRONIZE that prevails

    Variables(SessionOptions options) {
        this.options = options;
    }

    boolean has(FunctionalUnit unit) {
        return units.contains(unit);
    }

    /// AV(t), A.5.3.
    boolean available(Token token) {
        return Units.available(token, units);
    }

    /// I(t): may initiate.
    boolean mayInitiate(Token token) {
        return !available(token) || owned.contains(token);
    }

    /// A(t): may accept.
    boolean mayAccept(Token token) {
        return !available(token) || !owned.contains(token);
    }

    /// II(t).
    boolean availableAndOwned(Token token) {
        return available(token) && owned.contains(token);
    }

    /// AA(t).
    boolean availableNotOwned(Token token) {
        return available(token) && !owned.contains(token);
    }

    boolean symmetric() {
        return has(FunctionalUnit.SYMMETRIC_SYNC);
    }

    /// There is no session connection any more: only what belongs to the transport connection stays (6.2.2).
    void forget() {
        version = 0;
        mostSerial = 999_999;
        negotiated = Negotiated.NOTHING;
        units = Set.of();
        proposed = Set.of();
        owned.clear();
        finishCollision = false;
        disconnectReceived = false;
        activity = false;
        nextActivity = false;
        mayAnswer = false;
        queued.clear();
        connect = null;
        connectData = Spdu.NO_DATA;
        overflowAccepted = false;
        clearResynchronization();
    }

    /// Nothing is resynchronized in the data transfer state: the printed [29] and [30] forget the flags that [16] has set.
    void clearResynchronization() {
        resync = Resync.NONE;
        resyncSending = Resync.NONE;
        resyncReceiving = Resync.NONE;
        discardReceiving = false;
        discardSending = false;
        resyncTokens = Map.of();
    }
}

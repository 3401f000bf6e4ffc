package dev.parley.osi;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the SS-user asks of the provider: the request and response primitives of X.215 (11/95), without symmetric synchronize variants
/// having types of their own: the second serial numbers are the ones of the symmetric functional unit.
/// User data is never null; an empty buffer means absent. Buffers are owned by the provider from the call on.
public sealed interface Request {
    ByteBuffer userData();

    /// S-CONNECT request. Only the side that opened the transport may issue it.
    record Connect(
            ConnectionIdentifier identifier,
            ByteBuffer callingSelector,
            ByteBuffer calledSelector,
            Set<FunctionalUnit> requirements,
            Optional<Long> initialSerial,
            Optional<Long> secondInitialSerial,
            Map<Token, Token.Side> tokens,
            ByteBuffer userData)
            implements Request {}

    /// S-CONNECT response, accepted. `tokens` resolves the "acceptor chooses" settings; `pleaseTokens` asks for tokens at once.
    record Accept(
            ConnectionIdentifier identifier,
            ByteBuffer respondingSelector,
            Set<FunctionalUnit> requirements,
            Optional<Long> initialSerial,
            Optional<Long> secondInitialSerial,
            Map<Token, Token.Side> tokens,
            Set<Token> pleaseTokens,
            ByteBuffer userData)
            implements Request {}

    /// S-CONNECT response, rejected by the user: reason 0 unspecified, 1 temporary congestion, 2 user data follows.
    record Refuse(ConnectionIdentifier identifier, int reason, boolean keepTransport, ByteBuffer userData)
            implements Request {}

    record Data(ByteBuffer userData) implements Request {}

    record TypedData(ByteBuffer userData) implements Request {}

    record ExpeditedData(ByteBuffer userData) implements Request {}

    record CapabilityData(ByteBuffer userData) implements Request {}

    record CapabilityDataResponse(ByteBuffer userData) implements Request {}

    record GiveTokens(Set<Token> tokens, ByteBuffer userData) implements Request {}

    record PleaseTokens(Set<Token> tokens, ByteBuffer userData) implements Request {}

    record GiveControl(ByteBuffer userData) implements Request {}

    /// S-SYNC-MINOR request; the provider numbers it and tells the number by the return value of the connection's request method.
    record SyncMinor(boolean explicitConfirmation, boolean dataSeparation, ByteBuffer userData) implements Request {}

    record SyncMinorResponse(long serial, ByteBuffer userData) implements Request {}

    record SyncMajor(ByteBuffer userData) implements Request {}

    record SyncMajorResponse(ByteBuffer userData) implements Request {}

    /// S-RESYNCHRONIZE request. Without symmetric synchronize `type` must be present and `secondType` absent.
    record Resynchronize(
            Optional<ResyncType> type,
            Optional<Long> serial,
            Optional<ResyncType> secondType,
            Optional<Long> secondSerial,
            Map<Token, Token.Side> tokens,
            ByteBuffer userData)
            implements Request {}

    record ResynchronizeResponse(
            Optional<Long> serial, Optional<Long> secondSerial, Map<Token, Token.Side> tokens, ByteBuffer userData)
            implements Request {}

    record ExceptionReport(int reason, ByteBuffer userData) implements Request {}

    /// S-ACTIVITY-START request: identifier of 1 to 6 octets.
    record ActivityStart(ByteBuffer activity, ByteBuffer userData) implements Request {}

    /// S-ACTIVITY-RESUME request: the next serial used is `serial` + 1 (X.225 7.30). `oldConnection` is empty when the activity was
    /// interrupted on this connection; `oldCalledReference` is the called user's part of it.
    record ActivityResume(
            ByteBuffer activity,
            ByteBuffer oldActivity,
            long serial,
            Optional<Long> secondSerial,
            ConnectionIdentifier oldConnection,
            Optional<ByteBuffer> oldCalledReference,
            ByteBuffer userData)
            implements Request {}

    record ActivityInterrupt(Optional<Integer> reason, ByteBuffer userData) implements Request {}

    record ActivityInterruptResponse(ByteBuffer userData) implements Request {}

    record ActivityDiscard(Optional<Integer> reason, ByteBuffer userData) implements Request {}

    record ActivityDiscardResponse(ByteBuffer userData) implements Request {}

    record ActivityEnd(ByteBuffer userData) implements Request {}

    record ActivityEndResponse(ByteBuffer userData) implements Request {}

    record Release(boolean keepTransport, ByteBuffer userData) implements Request {}

    /// S-RELEASE response; a negative one needs the negotiated release functional unit.
    record ReleaseResponse(boolean affirmative, ByteBuffer userData) implements Request {}

    /// S-U-ABORT request. `keepTransport`: another connection may follow on the same transport, when the peer wants so too.
    record Abort(boolean keepTransport, ByteBuffer userData) implements Request {
        public Abort(ByteBuffer userData) {
            this(false, userData);
        }
    }
}

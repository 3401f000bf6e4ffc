package dev.parley.osi;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the provider tells the SS-user: the indication and confirm primitives of X.215 (11/95). Sealed: the compiler lists what was forgotten.
/// User data is never null; an empty buffer means absent.
public sealed interface Indication {
    ByteBuffer userData();

    record Connect(
            ConnectionIdentifier identifier,
            ByteBuffer callingSelector,
            ByteBuffer calledSelector,
            Set<FunctionalUnit> requirements,
            Optional<Long> initialSerial,
            Optional<Long> secondInitialSerial,
            Map<Token, Token.Side> tokens,
            ByteBuffer userData)
            implements Indication {}

    /// S-CONNECT confirm, accepted. `selected` is the intersection of both requirements.
    record Accepted(
            ConnectionIdentifier identifier,
            ByteBuffer respondingSelector,
            Set<FunctionalUnit> selected,
            Optional<Long> initialSerial,
            Optional<Long> secondInitialSerial,
            Map<Token, Token.Side> tokens,
            ByteBuffer userData)
            implements Indication {}

    /// S-CONNECT confirm, rejected: reason as in PI 50 (0-2 by the user, 129-134 by the provider). `transportKept`: a new CONNECT may follow.
    record Refused(ConnectionIdentifier identifier, int reason, boolean transportKept, ByteBuffer userData)
            implements Indication {}

    record Data(ByteBuffer userData) implements Indication {}

    record TypedData(ByteBuffer userData) implements Indication {}

    record ExpeditedData(ByteBuffer userData) implements Indication {}

    record CapabilityData(ByteBuffer userData) implements Indication {}

    record CapabilityDataConfirm(ByteBuffer userData) implements Indication {}

    record TokensGiven(Set<Token> tokens, ByteBuffer userData) implements Indication {}

    record TokensPlease(Set<Token> tokens, ByteBuffer userData) implements Indication {}

    record ControlGiven(ByteBuffer userData) implements Indication {}

    record SyncMinor(long serial, boolean explicitConfirmation, boolean dataSeparation, ByteBuffer userData)
            implements Indication {}

    record SyncMinorConfirm(long serial, ByteBuffer userData) implements Indication {}

    record SyncMajor(long serial, ByteBuffer userData) implements Indication {}

    record SyncMajorConfirm(ByteBuffer userData) implements Indication {}

    record Resynchronize(
            Optional<ResyncType> type,
            Optional<Long> serial,
            Optional<ResyncType> secondType,
            Optional<Long> secondSerial,
            Map<Token, Token.Side> tokens,
            ByteBuffer userData)
            implements Indication {}

    record ResynchronizeConfirm(
            Optional<Long> serial, Optional<Long> secondSerial, Map<Token, Token.Side> tokens, ByteBuffer userData)
            implements Indication {}

    record ExceptionReport(int reason, ByteBuffer userData) implements Indication {}

    /// S-P-EXCEPTION-REPORT indication.
    record ProviderExceptionReport(String reason, ByteBuffer userData) implements Indication {}

    record ActivityStart(ByteBuffer activity, ByteBuffer userData) implements Indication {}

    record ActivityResume(
            ByteBuffer activity,
            ByteBuffer oldActivity,
            long serial,
            Optional<Long> secondSerial,
            ConnectionIdentifier oldConnection,
            Optional<ByteBuffer> oldCalledReference,
            ByteBuffer userData)
            implements Indication {}

    record ActivityInterrupt(Optional<Integer> reason, ByteBuffer userData) implements Indication {}

    record ActivityInterruptConfirm(ByteBuffer userData) implements Indication {}

    record ActivityDiscard(Optional<Integer> reason, ByteBuffer userData) implements Indication {}

    record ActivityDiscardConfirm(ByteBuffer userData) implements Indication {}

    record ActivityEnd(long serial, ByteBuffer userData) implements Indication {}

    record ActivityEndConfirm(ByteBuffer userData) implements Indication {}

    record Release(ByteBuffer userData) implements Indication {}

    record ReleaseConfirm(boolean affirmative, ByteBuffer userData) implements Indication {}

    /// S-U-ABORT indication.
    record UserAbort(ByteBuffer userData) implements Indication {}

    /// S-P-ABORT indication, or the loss of the transport.
    record ProviderAbort(String reason, ByteBuffer userData) implements Indication {}
}

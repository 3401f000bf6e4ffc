package dev.parley.osi.machine;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Builds what goes out: an SPDU from our user's request, an indication or confirm from the peer's SPDU (Tables A.1 and A.3).
final class Outputs {
    private static final Enclosure WHOLE = Enclosure.ABSENT;

    private Outputs() {}

    /// The SPDU that carries a request. Serial numbers of sync points come from the variables before they are counted up.
    static Spdu spdu(Request request, Variables v, boolean keep) {
        return switch (request) {
            case Request.Connect r -> connect(r, v);
            case Request.Accept r -> accept(r, v);
            case Request.Refuse r -> new Spdu.Refuse(
                    r.identifier(), keep, Optional.empty(), v.overflowAccepted ? Optional.of(0x02) : Optional.empty(), WHOLE, r.reason(),
                    r.userData());
            case Request.Data r -> new Spdu.DataTransfer(WHOLE, r.userData());
            case Request.TypedData r -> new Spdu.TypedData(WHOLE, r.userData());
            case Request.ExpeditedData r -> new Spdu.Expedited(r.userData());
            case Request.CapabilityData r -> new Spdu.CapabilityData(WHOLE, r.userData());
            case Request.CapabilityDataResponse r -> new Spdu.CapabilityDataAck(WHOLE, r.userData());
            case Request.GiveTokens r -> new Spdu.GiveTokens(r.tokens(), WHOLE, r.userData());
            case Request.PleaseTokens r -> new Spdu.PleaseTokens(r.tokens(), WHOLE, r.userData());
            case Request.GiveControl r -> new Spdu.GiveTokensConfirm(WHOLE, r.userData());
            case Request.SyncMinor r -> new Spdu.MinorSyncPoint(
                    r.explicitConfirmation(), r.dataSeparation(), WHOLE, next(v), r.userData());
            case Request.SyncMinorResponse r -> new Spdu.MinorSyncAck(WHOLE, r.serial(), r.userData());
            case Request.SyncMajor r -> new Spdu.MajorSyncPoint(WHOLE, next(v), r.userData());
            case Request.SyncMajorResponse r -> answer(v, r);
            case Request.Resynchronize r -> resynchronize(r, v);
            case Request.ResynchronizeResponse r -> new Spdu.ResynchronizeAck(
                    WHOLE, Placement.answered(v, r.tokens()), v.resyncReceiving.type(), r.serial(), v.resyncSending.type(), r.secondSerial(),
                    r.userData());
            case Request.ExceptionReport r -> new Spdu.ExceptionData(WHOLE, r.reason(), r.userData());
            case Request.ActivityStart r -> new Spdu.ActivityStart(WHOLE, r.activity(), r.userData());
            case Request.ActivityResume r -> new Spdu.ActivityResume(
                    WHOLE, r.oldConnection(), r.oldCalledReference(), r.oldActivity(), r.serial(), r.secondSerial(), r.activity(), r.userData());
            case Request.ActivityInterrupt r -> new Spdu.ActivityInterrupt(WHOLE, r.reason(), r.userData());
            case Request.ActivityInterruptResponse r -> new Spdu.ActivityInterruptAck(WHOLE, r.userData());
            case Request.ActivityDiscard r -> new Spdu.ActivityDiscard(WHOLE, r.reason(), r.userData());
            case Request.ActivityDiscardResponse r -> new Spdu.ActivityDiscardAck(WHOLE, r.userData());
            case Request.ActivityEnd r -> new Spdu.ActivityEnd(WHOLE, next(v), r.userData());
            case Request.ActivityEndResponse r -> answer(v, r);
            case Request.Release r -> new Spdu.Finish(keep, WHOLE, r.userData());
            case Request.ReleaseResponse r -> r.affirmative()
                    ? new Spdu.Disconnect(WHOLE, r.userData())
                    : new Spdu.NotFinished(WHOLE, r.userData());
            case Request.Abort r -> new Spdu.Abort(keep, Spdu.AbortCause.USER, WHOLE, Optional.empty(), r.userData());
        };
    }

    /// V(M), or V(Ms) with symmetric synchronize.
    private static long next(Variables v) {
        return v.symmetric() ? v.ms : v.m;
    }

    private static Spdu answer(Variables v, Request request) {
        return v.symmetric()
                ? new Spdu.MajorSyncAck(WHOLE, Optional.empty(), Optional.of(v.ms), request.userData())
                : new Spdu.MajorSyncAck(WHOLE, Optional.of(v.m - 1), Optional.empty(), request.userData());
    }

    /// Version 2 alone is proposed when there is more user data than version 1 can carry (8.3.1.7).
    private static Spdu.Connect connect(Request.Connect r, Variables v) {
        boolean overflow = r.userData().remaining() > Steps.MOST_CONNECT_DATA;
        var data = overflow ? r.userData().slice(r.userData().position(), Steps.MOST_CONNECT_DATA) : r.userData();
        int versions = r.userData().remaining() > 512 ? 0x02 : v.options.versions();
        return new Spdu.Connect(
                r.identifier(),
                new Spdu.ConnectItem(
                        options(v), sizes(v.options.tsduFromInitiator(), v.options.tsduFromResponder()), versions, r.initialSerial(), r.tokens(),
                        r.secondInitialSerial(), digits(v.options.serialDigits())),
                r.requirements(), r.callingSelector(), r.calledSelector(), overflow, data);
    }

    /// The CONNECT as it goes out: whether the transport connection has an expedited flow is known only when it is confirmed.
    static Spdu.Connect settled(Spdu.Connect s, Variables v) {
        return new Spdu.Connect(
                s.identifier(), s.item(), without(s.requirements(), v), s.callingSelector(), s.calledSelector(), s.overflow(), s.userData());
    }

    private static Spdu.Accept accept(Request.Accept r, Variables v) {
        return new Spdu.Accept(
                r.identifier(),
                new Spdu.ConnectItem(
                        options(v), agreedSizes(v), version(v), r.initialSerial(), setting(r, v),
                        r.secondInitialSerial(), digits(agreedDigits(v))),
                r.pleaseTokens(), without(r.requirements(), v), WHOLE, Optional.empty(), r.respondingSelector(), r.userData());
    }

    /// Without a token there is nothing to set, and some stacks (openiec61850) do not know the Token Setting Item.
    private static Map<Token, Token.Side> setting(Request.Accept r, Variables v) {
        var selected = EnumSet.noneOf(FunctionalUnit.class);
        selected.addAll(r.requirements());
        selected.retainAll(v.proposed);
        boolean tokens = selected.contains(FunctionalUnit.HALF_DUPLEX) || selected.contains(FunctionalUnit.MINOR_SYNC)
                || selected.contains(FunctionalUnit.MAJOR_SYNC) || selected.contains(FunctionalUnit.ACTIVITY)
                || selected.contains(FunctionalUnit.NEGOTIATED_RELEASE);
        return tokens ? Placement.accepted(Objects.requireNonNull(v.connect).item().tokens(), r.tokens()) : Map.of();
    }

    /// Protocol Options: bit 1 says that we can receive extended concatenated SPDUs.
    private static int options(Variables v) {
        return v.options.extendedConcatenation() ? 1 : 0;
    }

    /// 5.8.6: the smaller of both; none where one side says 0, which is unlimited. An OVERFLOW ACCEPT and the ACCEPT carry the same.
    static Optional<Spdu.TsduSizes> agreedSizes(Variables v) {
        var proposed = Objects.requireNonNull(v.connect).item().tsduSizes().orElse(new Spdu.TsduSizes(0, 0));
        return sizes(
                smaller(proposed.fromInitiator(), v.options.tsduFromInitiator()),
                smaller(proposed.fromResponder(), v.options.tsduFromResponder()));
    }

    static int smaller(int a, int b) {
        return a == 0 || b == 0 ? 0 : Math.min(a, b);
    }

    private static Optional<Spdu.TsduSizes> sizes(int fromInitiator, int fromResponder) {
        return fromInitiator == 0 && fromResponder == 0
                ? Optional.empty()
                : Optional.of(new Spdu.TsduSizes(fromInitiator, fromResponder));
    }

    /// The Upper Limit Serial Number; absent means six digits.
    private static Optional<Integer> digits(int digits) {
        return digits == 6 ? Optional.empty() : Optional.of(digits);
    }

    /// 5.8.4: the responder's value holds; ours is the smaller of both. 0 digits is unlimited.
    static int agreedDigits(Variables v) {
        int proposed = Objects.requireNonNull(v.connect).item().serialLimitDigits().orElse(6);
        int ours = v.options.serialDigits();
        return proposed == 0 ? ours : ours == 0 ? proposed : Math.min(proposed, ours);
    }

    /// The highest version that both know; 0 when there is none.
    static int version(Variables v) {
        int common = Objects.requireNonNull(v.connect).item().versions() & v.options.versions();
        return (common & 0x02) != 0 ? 0x02 : common & 0x01;
    }

    /// An abandon carries the next unused number (7.24.1); the other kinds carry what the user gave.
    private static Spdu.Resynchronize resynchronize(Request.Resynchronize r, Variables v) {
        boolean abandon = r.type().filter(ResyncType.ABANDON::equals).isPresent();
        boolean secondAbandon = r.secondType().filter(ResyncType.ABANDON::equals).isPresent();
        return new Spdu.Resynchronize(
                WHOLE, Placement.asked(v, r.tokens()), r.type(), abandon ? Optional.of(next(v)) : r.serial(), r.secondType(),
                secondAbandon ? Optional.of(v.mr) : r.secondSerial(), r.userData());
    }

    /// Expedited data cannot be selected without transport expedited (5.6.5).
    private static Set<FunctionalUnit> without(Set<FunctionalUnit> units, Variables v) {
        var kept = EnumSet.noneOf(FunctionalUnit.class);
        kept.addAll(units);
        if (!v.transportExpedited) {
            kept.remove(FunctionalUnit.EXPEDITED);
        }
        return kept;
    }

    /// The primitive that tells our user of an SPDU.
    static Indication indication(Spdu spdu, Variables v, boolean activityEnds) {
        return switch (spdu) {
            case Spdu.Connect s -> new Indication.Connect(
                    s.identifier(), s.callingSelector(), s.calledSelector(), s.requirements(), s.item().initialSerial(),
                    s.item().secondInitialSerial(), s.item().tokens(), s.userData());
            case Spdu.Accept s -> {
                var selected = EnumSet.noneOf(FunctionalUnit.class);
                selected.addAll(s.requirements());
                selected.retainAll(v.proposed);
                yield new Indication.Accepted(
                        s.identifier(), s.respondingSelector(), selected, s.item().initialSerial(), s.item().secondInitialSerial(),
                        s.item().tokens(), s.userData());
            }
            case Spdu.Refuse s -> new Indication.Refused(s.identifier(), s.reason(), s.keepTransport(), s.userData());
            case Spdu.Finish s -> new Indication.Release(s.userData());
            case Spdu.Disconnect s -> new Indication.ReleaseConfirm(true, s.userData());
            case Spdu.NotFinished s -> new Indication.ReleaseConfirm(false, s.userData());
            case Spdu.DataTransfer s -> new Indication.Data(s.userData());
            case Spdu.TypedData s -> new Indication.TypedData(s.userData());
            case Spdu.Expedited s -> new Indication.ExpeditedData(s.userData());
            case Spdu.CapabilityData s -> new Indication.CapabilityData(s.userData());
            case Spdu.CapabilityDataAck s -> new Indication.CapabilityDataConfirm(s.userData());
            case Spdu.GiveTokens s -> new Indication.TokensGiven(s.tokens(), s.userData());
            case Spdu.PleaseTokens s -> new Indication.TokensPlease(s.tokens(), s.userData());
            case Spdu.GiveTokensConfirm s -> new Indication.ControlGiven(s.userData());
            case Spdu.MinorSyncPoint s -> new Indication.SyncMinor(
                    s.serial(), s.explicitConfirmation(), s.dataSeparation(), s.userData());
            case Spdu.MinorSyncAck s -> new Indication.SyncMinorConfirm(s.serial(), s.userData());
            case Spdu.MajorSyncPoint s -> new Indication.SyncMajor(s.serial(), s.userData());
            case Spdu.ActivityEnd s -> new Indication.ActivityEnd(s.serial(), s.userData());
            case Spdu.MajorSyncAck s -> activityEnds
                    ? new Indication.ActivityEndConfirm(s.userData())
                    : new Indication.SyncMajorConfirm(s.userData());
            case Spdu.Resynchronize s -> new Indication.Resynchronize(
                    s.type(), s.serial(), s.secondType(), s.second(), s.tokens(), s.userData());
            case Spdu.ResynchronizeAck s -> new Indication.ResynchronizeConfirm(s.serial(), s.second(), s.tokens(), s.userData());
            case Spdu.ExceptionData s -> new Indication.ExceptionReport(s.reason(), s.userData());
            case Spdu.ExceptionReport s -> new Indication.ProviderExceptionReport("the peer reports a protocol error", s.reflected());
            case Spdu.ActivityStart s -> new Indication.ActivityStart(s.activity(), s.userData());
            case Spdu.ActivityResume s -> new Indication.ActivityResume(
                    s.activity(), s.oldActivity(), s.serial(), s.second(), s.oldConnection(), s.oldCalledReference(), s.userData());
            case Spdu.ActivityInterrupt s -> new Indication.ActivityInterrupt(s.reason(), s.userData());
            case Spdu.ActivityInterruptAck s -> new Indication.ActivityInterruptConfirm(s.userData());
            case Spdu.ActivityDiscard s -> new Indication.ActivityDiscard(s.reason(), s.userData());
            case Spdu.ActivityDiscardAck s -> new Indication.ActivityDiscardConfirm(s.userData());
            case Spdu.Abort s -> s.cause() == Spdu.AbortCause.USER
                    ? new Indication.UserAbort(s.userData())
                    : new Indication.ProviderAbort(words(s.cause()), s.reflected().orElse(Spdu.NO_DATA));
            case Spdu.OverflowAccept _, Spdu.ConnectDataOverflow _, Spdu.AbortAccept _, Spdu.GiveTokensAck _, Spdu.Prepare _ ->
                throw new AssertionError(spdu.symbol() + " has no indication");
        };
    }

    private static String words(Spdu.AbortCause cause) {
        return switch (cause) {
            case USER -> "the peer's user aborted";
            case PROTOCOL_ERROR -> "the peer says that we broke the protocol";
            case NO_REASON -> "the peer aborted without a reason";
            case RESTRICTION -> "the peer reached a limit that its conformance statement names";
        };
    }
}

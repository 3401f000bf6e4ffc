package dev.parley.osi.wire;

import dev.parley.osi.ConnectionIdentifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Cuts an SSDU into SPDUs (6.3.5, 7.37). DT and TD are cut in both versions when a maximum TSDU size was agreed for their direction; every one
/// then has an Enclosure Item. The others are cut in version 2 only, when one SPDU would be too long.
public final class Segments {
    /// The longest SPDU: identifier, a three-octet length, and 65 535 octets.
    public static final int MOST_SPDU = 65_539;

    /// No SPDU has more octets of other parameters: an ACTIVITY RESUME with four references of the greatest length has about 250.
    private static final int MOST_PARAMETERS = 400;

    /// GIVE TOKENS, identifier, length, and the Enclosure Item of a DATA TRANSFER; a TYPED DATA needs two octets less.
    private static final int DATA_OVERHEAD = 7;

    private Segments() {}

    /// @param mostTsdu octets of the largest TSDU in this direction; 0 is unlimited
    public static List<Spdu> of(Spdu spdu, int mostTsdu) {
        return switch (spdu) {
            case Spdu.DataTransfer s -> mostTsdu == 0 ? List.of(s) : cut(s, mostTsdu - DATA_OVERHEAD, mostTsdu - DATA_OVERHEAD, true);
            case Spdu.TypedData s -> mostTsdu == 0 ? List.of(s) : cut(s, mostTsdu - DATA_OVERHEAD + 2, mostTsdu - DATA_OVERHEAD + 2, true);
            case Spdu.Connect _, Spdu.ConnectDataOverflow _, Spdu.OverflowAccept _, Spdu.Expedited _, Spdu.Prepare _, Spdu.AbortAccept _,
                    Spdu.GiveTokensAck _, Spdu.ExceptionReport _ -> List.of(spdu);
            default -> {
                int introduction = Concatenation.introduction(spdu) == 0 ? 0 : 2;
                int most = Math.min(mostTsdu == 0 ? MOST_SPDU : mostTsdu - introduction, MOST_SPDU);
                int data = spdu.userData().remaining();
                // Without user data there is nothing to cut, however small the TSDUs are.
                if (data == 0 || data + MOST_PARAMETERS <= most || data <= MOST_SPDU - MOST_PARAMETERS && SpduEncoder.size(spdu) <= most) {
                    yield List.of(spdu);
                }
                // Besides the user data: three-octet lengths of the SPDU and the parameter, its code, and the Enclosure Item.
                int parameters = SpduEncoder.size(with(spdu, Enclosure.ABSENT, Spdu.NO_DATA));
                yield cut(spdu, most - parameters - 11, most - 13, false);
            }
        };
    }

    private static List<Spdu> cut(Spdu spdu, int first, int other, boolean always) {
        var data = spdu.userData();
        var segments = new ArrayList<Spdu>();
        int at = data.position();
        do {
            int size = Math.min(Math.max(1, at == data.position() ? first : other), data.limit() - at);
            boolean end = at + size == data.limit();
            if (!always && at == data.position() && end) {
                // All of it fits after all; the rest is an empty last segment, which 7.37.1 allows.
                segments.add(with(spdu, Enclosure.of(true, false), data.slice(at, size)));
                segments.add(with(spdu, Enclosure.of(false, true), Spdu.NO_DATA));
                return segments;
            }
            segments.add(with(spdu, Enclosure.of(at == data.position(), end), data.slice(at, size)));
            at += size;
        } while (at < data.limit());
        return segments;
    }

    /// The same SPDU with other user data. A segment that continues has no other parameters, so they are left empty in it.
    static Spdu with(Spdu spdu, Enclosure enclosure, ByteBuffer data) {
        boolean continues = enclosure.present() && !enclosure.begin();
        return switch (spdu) {
            case Spdu.Accept s -> new Spdu.Accept(
                    s.identifier(), s.item(), s.pleaseTokens(), s.requirements(), enclosure, s.callingSelector(), s.respondingSelector(), data);
            case Spdu.Refuse s -> new Spdu.Refuse(
                    s.identifier(), s.keepTransport(), s.requirements(), s.versions(), enclosure, s.reason(), data);
            case Spdu.Finish s -> new Spdu.Finish(s.keepTransport(), enclosure, data);
            case Spdu.Disconnect _ -> new Spdu.Disconnect(enclosure, data);
            case Spdu.NotFinished _ -> new Spdu.NotFinished(enclosure, data);
            case Spdu.Abort s -> new Spdu.Abort(s.keepTransport(), s.cause(), enclosure, continues ? Optional.empty() : s.reflected(), data);
            case Spdu.DataTransfer _ -> new Spdu.DataTransfer(enclosure, data);
            case Spdu.TypedData _ -> new Spdu.TypedData(enclosure, data);
            case Spdu.CapabilityData _ -> new Spdu.CapabilityData(enclosure, data);
            case Spdu.CapabilityDataAck _ -> new Spdu.CapabilityDataAck(enclosure, data);
            case Spdu.GiveTokens s -> new Spdu.GiveTokens(continues ? Set.of() : s.tokens(), enclosure, data);
            case Spdu.PleaseTokens s -> new Spdu.PleaseTokens(continues ? Set.of() : s.tokens(), enclosure, data);
            case Spdu.GiveTokensConfirm _ -> new Spdu.GiveTokensConfirm(enclosure, data);
            case Spdu.MinorSyncPoint s -> new Spdu.MinorSyncPoint(
                    s.explicitConfirmation() || continues, s.dataSeparation() && !continues, enclosure, continues ? 0 : s.serial(), data);
            case Spdu.MinorSyncAck s -> new Spdu.MinorSyncAck(enclosure, continues ? 0 : s.serial(), data);
            case Spdu.MajorSyncPoint s -> new Spdu.MajorSyncPoint(enclosure, continues ? 0 : s.serial(), data);
            case Spdu.MajorSyncAck s -> continues
                    ? new Spdu.MajorSyncAck(enclosure, Optional.empty(), Optional.empty(), data)
                    : new Spdu.MajorSyncAck(enclosure, s.serial(), s.second(), data);
            case Spdu.Resynchronize s -> continues
                    ? new Spdu.Resynchronize(enclosure, Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), data)
                    : new Spdu.Resynchronize(enclosure, s.tokens(), s.type(), s.serial(), s.secondType(), s.second(), data);
            case Spdu.ResynchronizeAck s -> continues
                    ? new Spdu.ResynchronizeAck(enclosure, Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), data)
                    : new Spdu.ResynchronizeAck(enclosure, s.tokens(), s.type(), s.serial(), s.secondType(), s.second(), data);
            case Spdu.ExceptionData s -> new Spdu.ExceptionData(enclosure, continues ? 0 : s.reason(), data);
            case Spdu.ActivityStart s -> new Spdu.ActivityStart(enclosure, continues ? Spdu.NO_DATA : s.activity(), data);
            case Spdu.ActivityResume s -> continues
                    ? new Spdu.ActivityResume(
                            enclosure, ConnectionIdentifier.NONE, Optional.empty(), Spdu.NO_DATA, 0, Optional.empty(), Spdu.NO_DATA, data)
                    : new Spdu.ActivityResume(
                            enclosure, s.oldConnection(), s.oldCalledReference(), s.oldActivity(), s.serial(), s.second(), s.activity(), data);
            case Spdu.ActivityInterrupt s -> new Spdu.ActivityInterrupt(enclosure, continues ? Optional.empty() : s.reason(), data);
            case Spdu.ActivityInterruptAck _ -> new Spdu.ActivityInterruptAck(enclosure, data);
            case Spdu.ActivityDiscard s -> new Spdu.ActivityDiscard(enclosure, continues ? Optional.empty() : s.reason(), data);
            case Spdu.ActivityDiscardAck _ -> new Spdu.ActivityDiscardAck(enclosure, data);
            case Spdu.ActivityEnd s -> new Spdu.ActivityEnd(enclosure, continues ? 0 : s.serial(), data);
            case Spdu.Connect _, Spdu.ConnectDataOverflow _, Spdu.OverflowAccept _, Spdu.Expedited _, Spdu.Prepare _, Spdu.AbortAccept _,
                    Spdu.GiveTokensAck _, Spdu.ExceptionReport _ -> throw new AssertionError(spdu.symbol() + " is not segmented");
        };
    }
}

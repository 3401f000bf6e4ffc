package dev.parley.osi.machine;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Variables.Resync;
import dev.parley.osi.wire.Spdu;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What clause 7 and Tables A.4 and A.5 demand of a received SPDU beyond the predicates of its cell: values that fit what was negotiated and
/// the numbers that are expected next. A broken rule makes the SPDU invalid (A.4.3).
final class SpduRules {
    private static final List<String> COUNTS_A_POINT = List.of("[23]", "[31]", "[62]");
    private static final List<String> COUNTS_AN_ANSWER = List.of("[25]", "[65]");

    private SpduRules() {}

    /// The Reason Code with which the machine refuses a CONNECT (p76), or 0: 132 no common version, 129 selector unknown.
    static int refusal(Spdu.Connect connect, Variables v) {
        if ((connect.item().versions() & v.options.versions()) == 0) {
            return 132;
        }
        var served = v.options.selectors();
        return served.isEmpty() || served.contains(connect.calledSelector()) ? 0 : 129;
    }

    /// In words what is wrong with an SPDU that a rule wants to take, or null.
    static @Nullable String broken(Spdu spdu, Table.Rule rule, Variables v) {
        if (rule.does("[10]") && v.queued.size() == Variables.MOST_QUEUED) {
            return "more than " + Variables.MOST_QUEUED + " SPDUs came early on the expedited flow";
        }
        int most = UserDataLimits.most(spdu, v.version == 0 ? assumedVersion(v) : v.version);
        if (spdu.userData().remaining() > most) {
            return spdu.userData().remaining() + " octets of user data, at most " + most + " are allowed in version " + v.version;
        }
        return switch (spdu) {
            case Spdu.Connect s -> connect(s);
            case Spdu.ConnectDataOverflow s -> v.connectData.remaining() + s.userData().remaining() > v.options.ssdu()
                    ? "the user data is longer than the limit of " + v.options.ssdu() + " octets"
                    : null;
            case Spdu.OverflowAccept s -> s.versions() == 2 ? null : "an OVERFLOW ACCEPT selects version 2, not " + s.versions();
            case Spdu.Accept s -> accept(s, v);
            case Spdu.MinorSyncPoint _, Spdu.MajorSyncPoint _, Spdu.ActivityEnd _ -> point(spdu, rule, v);
            case Spdu.MinorSyncAck s -> COUNTS_AN_ANSWER.stream().anyMatch(rule::does) ? answer(s.serial(), v) : null;
            case Spdu.MajorSyncAck s -> v.symmetric() == s.second().isPresent() && v.symmetric() != s.serial().isPresent()
                    ? null
                    : "an acknowledgement carries the second serial number with symmetric synchronize, otherwise the first";
            case Spdu.Resynchronize s -> resynchronize(s, v);
            case Spdu.ResynchronizeAck s -> rule.does("SRSYNcnf") ? acknowledged(s, v) : null;
            case Spdu.ActivityResume s -> resume(s, v);
            case Spdu.Prepare s -> !v.symmetric() && (s.resyncType().isPresent() || s.secondType().isPresent())
                    ? "a resynchronize type in a PREPARE belongs to symmetric synchronize"
                    : null;
            default -> null;
        };
    }

    private static int assumedVersion(Variables v) {
        return v.connect == null ? v.options.versions() : v.connect.item().versions();
    }

    private static @Nullable String connect(Spdu.Connect s) {
        return s.requirements().contains(FunctionalUnit.HALF_DUPLEX) || s.requirements().contains(FunctionalUnit.DUPLEX)
                ? null
                : "a CONNECT proposes half-duplex, duplex or both";
    }

    private static @Nullable String accept(Spdu.Accept s, Variables v) {
        var proposed = Objects.requireNonNull(v.connect).item();
        int version = s.item().versions();
        if (version != 1 && version != 2 || (version & proposed.versions()) == 0) {
            return "protocol version " + version + " was not proposed";
        }
        var selected = EnumSet.copyOf(FunctionalUnit.ofBits(FunctionalUnit.toBits(s.requirements())));
        if (selected.contains(FunctionalUnit.HALF_DUPLEX) == selected.contains(FunctionalUnit.DUPLEX)) {
            return "an ACCEPT selects one of half-duplex and duplex";
        }
        if (selected.contains(FunctionalUnit.MINOR_SYNC) && selected.contains(FunctionalUnit.SYMMETRIC_SYNC)) {
            return "an ACCEPT does not have both minor and symmetric synchronize";
        }
        selected.retainAll(v.proposed);
        if (!selected.contains(FunctionalUnit.HALF_DUPLEX) && !selected.contains(FunctionalUnit.DUPLEX)) {
            return "neither half-duplex nor duplex was proposed and accepted";
        }
        return Units.numbered(selected) && s.item().initialSerial().isEmpty()
                        || Units.numbered(selected)
                                && selected.contains(FunctionalUnit.SYMMETRIC_SYNC)
                                && s.item().secondInitialSerial().isEmpty()
                ? "the initial serial number is missing"
                : tokens(s, v);
    }

    private static @Nullable String tokens(Spdu.Accept s, Variables v) {
        var proposed = Objects.requireNonNull(v.connect).item().tokens();
        for (var token : Token.values()) {
            var side = s.item().tokens().getOrDefault(token, Token.Side.REQUESTOR);
            var wanted = proposed.getOrDefault(token, Token.Side.REQUESTOR);
            if (Units.available(token, Connecting.selected(v, new Event.FromPeer(s)))
                    && (side == Token.Side.ACCEPTOR_CHOOSES || wanted != Token.Side.ACCEPTOR_CHOOSES && side != wanted)) {
                return "the " + token + " token was proposed for " + wanted + ", but the ACCEPT says " + side;
            }
        }
        return null;
    }

    private static @Nullable String point(Spdu spdu, Table.Rule rule, Variables v) {
        if (COUNTS_A_POINT.stream().noneMatch(rule::does)) {
            return null;
        }
        long expected = v.symmetric() ? v.mr : v.m;
        long serial = Facts.serial(new Event.FromPeer(spdu));
        return serial == expected && serial < v.mostSerial
                ? null
                : "synchronization point " + serial + ", expected " + expected + " and less than " + v.mostSerial;
    }

    private static @Nullable String answer(long serial, Variables v) {
        long lowest = v.symmetric() ? v.as : v.a;
        long next = v.symmetric() ? v.ms : v.m;
        return serial >= lowest && serial < next ? null : "confirmation of " + serial + ", expected " + lowest + " to " + (next - 1);
    }

    private static @Nullable String resynchronize(Spdu.Resynchronize s, Variables v) {
        if (!v.symmetric()) {
            return s.type().isEmpty() || s.serial().isEmpty() || s.secondType().isPresent() || s.second().isPresent()
                    ? "without symmetric synchronize there is one type and one serial number"
                    : beyond(s.serial(), v);
        }
        if (s.type().isEmpty() && s.secondType().isEmpty()) {
            return "no flow is resynchronized";
        }
        if (s.type().isPresent() != s.serial().isPresent() || s.secondType().isPresent() != s.second().isPresent()) {
            return "each flow that is resynchronized has a type and a serial number";
        }
        return beyond(s.serial(), v) != null ? beyond(s.serial(), v) : beyond(s.second(), v);
    }

    private static @Nullable String acknowledged(Spdu.ResynchronizeAck s, Variables v) {
        if (s.tokens().entrySet().stream().anyMatch(e -> e.getValue() == Token.Side.ACCEPTOR_CHOOSES && v.available(e.getKey()))) {
            return "a RESYNCHRONIZE ACK decides where the tokens are";
        }
        if (!v.symmetric()) {
            return s.serial().isEmpty() || s.second().isPresent() ? "without symmetric synchronize there is one serial number"
                    : beyond(s.serial(), v);
        }
        if (s.serial().isPresent() != (v.resyncSending != Resync.NONE) || s.second().isPresent() != (v.resyncReceiving != Resync.NONE)) {
            return "each flow that is resynchronized, and no other, has a serial number";
        }
        if (v.resyncSending == Resync.ABANDON && s.serial().orElse(-1L) < v.ms
                || v.resyncReceiving == Resync.ABANDON && s.second().orElse(-1L) < v.mr) {
            return "an abandoned flow goes on with a number that was never used";
        }
        return beyond(s.serial(), v) != null ? beyond(s.serial(), v) : beyond(s.second(), v);
    }

    private static @Nullable String resume(Spdu.ActivityResume s, Variables v) {
        if (v.symmetric() != s.second().isPresent()) {
            return "the second serial number belongs to symmetric synchronize, and is needed there";
        }
        var one = beyond(Optional.of(s.serial() + 1), v);
        return one != null || s.second().isEmpty() ? one : beyond(Optional.of(s.second().get() + 1), v);
    }

    private static @Nullable String beyond(Optional<Long> serial, Variables v) {
        return serial.orElse(0L) > v.mostSerial ? "serial number " + serial.get() + ", at most " + v.mostSerial + " was agreed" : null;
    }
}

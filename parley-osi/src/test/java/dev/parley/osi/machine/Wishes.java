package dev.parley.osi.machine;

import static dev.parley.osi.machine.Worlds.any;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a random user may wish for, and what X.215 says about it (Table 8 of X.215, clause 13): written from the service definition, not from the
/// tables of the protocol, so that one checks the other.
final class Wishes {
    private Wishes() {}

    static Request random(Puppet p, Variables v) {
        var random = p.random;
        return switch (random.nextInt(22)) {
            case 0, 1 -> new Request.Data(some(random, 20));
            case 2 -> new Request.TypedData(some(random, 20));
            case 3 -> new Request.ExpeditedData(some(random, 14));
            case 4 -> new Request.CapabilityData(p.data());
            case 5, 6 -> new Request.GiveTokens(tokens(p), p.data());
            case 7 -> new Request.PleaseTokens(tokens(p), p.data());
            case 8 -> new Request.GiveControl(p.data());
            case 9, 10, 11 -> new Request.SyncMinor(random.nextBoolean(), random.nextInt(4) == 0, p.data());
            case 12, 13 -> new Request.SyncMinorResponse(Math.max(0, p.lastIndicated - random.nextInt(2)), p.data());
            case 14 -> new Request.SyncMajor(p.data());
            case 15 -> resynchronize(p, v);
            case 16 -> new Request.ExceptionReport(0, p.data());
            case 17 -> new Request.ActivityStart(some(random, 6), p.data());
            case 18 -> new Request.ActivityResume(
                    some(random, 6), some(random, 6), random.nextInt(5),
                    p.symmetric() ? Optional.of((long) random.nextInt(5)) : Optional.empty(), ConnectionIdentifier.NONE, Optional.empty(), p.data());
            case 19 -> random.nextBoolean()
                    ? new Request.ActivityInterrupt(Optional.of(1), p.data())
                    : new Request.ActivityDiscard(Optional.empty(), p.data());
            case 20 -> new Request.ActivityEnd(p.data());
            default -> random.nextInt(8) == 0 ? new Request.Release(false, p.data()) : new Request.Data(some(random, 60));
        };
    }

    private static Request resynchronize(Puppet p, Variables v) {
        var random = p.random;
        var tokens = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            if (random.nextBoolean()) {
                tokens.put(token, any(random, Token.Side.values()));
            }
        }
        if (!p.symmetric()) {
            var kind = p.kind();
            return new Request.Resynchronize(
                    Optional.of(kind), serial(kind, v.r, v.m, random), Optional.empty(), Optional.empty(), tokens, p.data());
        }
        Optional<ResyncType> first = random.nextInt(3) == 0 ? Optional.empty() : Optional.of(p.kind());
        Optional<ResyncType> second = first.isEmpty() || random.nextBoolean() ? Optional.of(p.kind()) : Optional.empty();
        return new Request.Resynchronize(
                first, first.flatMap(kind -> serial(kind, v.rs, v.ms, random)), second, second.flatMap(kind -> serial(kind, v.rr, v.mr, random)),
                tokens, p.data());
    }

    private static Optional<Long> serial(ResyncType kind, long lowest, long next, Random random) {
        return switch (kind) {
            case ABANDON -> Optional.empty();
            case SET -> Optional.of((long) random.nextInt(50));
            case RESTART -> Optional.of(lowest + (next > lowest ? random.nextLong(next - lowest + 1) : 0));
        };
    }

    /// The answer to what waits for one.
    static Request answer(Puppet p, Indication question) {
        return switch (question) {
            case Indication.Connect i -> accept(p, i);
            case Indication.CapabilityData _ -> new Request.CapabilityDataResponse(p.data());
            case Indication.SyncMajor _ -> new Request.SyncMajorResponse(p.data());
            case Indication.ActivityEnd _ -> new Request.ActivityEndResponse(p.data());
            case Indication.ActivityInterrupt _ -> new Request.ActivityInterruptResponse(p.data());
            case Indication.ActivityDiscard _ -> new Request.ActivityDiscardResponse(p.data());
            case Indication.Release _ -> new Request.ReleaseResponse(
                    !p.units.contains(FunctionalUnit.NEGOTIATED_RELEASE) || p.random.nextInt(3) == 0, p.data());
            case Indication.Resynchronize i -> new Request.ResynchronizeResponse(
                    i.serial(), i.secondSerial(), chosen(i.tokens(), p), p.data());
            default -> throw new AssertionError("nothing to answer: " + question);
        };
    }

    /// What the requestor left open is chosen at random.
    static Map<Token, Token.Side> chosen(Map<Token, Token.Side> asked, Puppet p) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        asked.forEach((token, side) -> sides.put(
                token, side != Token.Side.ACCEPTOR_CHOOSES ? side : any(p.random, Token.Side.REQUESTOR, Token.Side.ACCEPTOR)));
        return sides;
    }

    private static Request accept(Puppet p, Indication.Connect i) {
        var random = p.random;
        var units = EnumSet.copyOf(p.proposal);
        return new Request.Accept(
                ConnectionIdentifier.NONE, p.data(), units, Optional.of((long) random.nextInt(5)), Optional.of((long) random.nextInt(5)),
                chosen(i.tokens(), p), Set.of(), p.data());
    }

    private static Set<Token> tokens(Puppet p) {
        var tokens = EnumSet.of(any(p.random, Token.values()));
        for (var token : Token.values()) {
            if (p.random.nextInt(3) == 0 && p.available(token)) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static ByteBuffer some(Random random, int most) {
        return ByteBuffer.allocate(1 + random.nextInt(most));
    }

    /// What X.215 says about a request of a user who is in the data transfer phase with nothing outstanding: true, false, or null where the
    /// answer depends on numbers that the user's books do not have.
    static @Nullable Boolean allowed(Puppet p, Request request) {
        boolean inActivity = !p.units.contains(FunctionalUnit.ACTIVITY) || p.activity;
        boolean outside = p.units.contains(FunctionalUnit.ACTIVITY) && !p.activity;
        boolean data = ownedOrAbsent(p, Token.DATA);
        boolean minor = ownedOrAbsent(p, Token.MINOR);
        boolean major = p.owned.contains(Token.MAJOR_ACTIVITY);
        return switch (request) {
            case Request.Data _ -> data;
            case Request.TypedData _ -> p.units.contains(FunctionalUnit.TYPED_DATA);
            case Request.ExpeditedData _ -> p.units.contains(FunctionalUnit.EXPEDITED);
            case Request.CapabilityData _ -> p.units.contains(FunctionalUnit.CAPABILITY_DATA) && outside && data && minor && major;
            case Request.GiveTokens r -> p.owned.containsAll(r.tokens());
            case Request.PleaseTokens r -> r.tokens().stream().allMatch(p::available);
            case Request.GiveControl _ -> outside && data && minor && major && ownedOrAbsent(p, Token.RELEASE);
            case Request.SyncMinor r -> inActivity
                    && (!r.dataSeparation() || p.units.contains(FunctionalUnit.DATA_SEPARATION))
                    && (p.symmetric() || data && p.owned.contains(Token.MINOR));
            case Request.SyncMinorResponse _ -> null;
            case Request.SyncMajor _ -> p.units.contains(FunctionalUnit.MAJOR_SYNC) && inActivity && data && minor && major;
            case Request.Resynchronize r -> p.units.contains(FunctionalUnit.RESYNCHRONIZE) && inActivity ? counts(p, r) : Boolean.FALSE;
            case Request.ExceptionReport _ -> p.units.contains(FunctionalUnit.EXCEPTIONS) && inActivity && p.available(Token.DATA)
                    && !p.owned.contains(Token.DATA);
            case Request.ActivityStart _, Request.ActivityResume _ -> outside && data && minor && major;
            case Request.ActivityInterrupt _, Request.ActivityDiscard _ -> p.units.contains(FunctionalUnit.ACTIVITY) && p.activity && major;
            case Request.ActivityEnd _ -> p.units.contains(FunctionalUnit.ACTIVITY) && p.activity && data && minor && major;
            case Request.Release _ -> (!p.units.contains(FunctionalUnit.ACTIVITY) || !p.activity) && data && minor
                    && ownedOrAbsent(p, Token.MAJOR_ACTIVITY) && ownedOrAbsent(p, Token.RELEASE);
            default -> null;
        };
    }

    /// Restart and set need numbers, which a synchronization unit brings (p25).
    private static @Nullable Boolean counts(Puppet p, Request.Resynchronize r) {
        boolean numbered = p.symmetric() || p.units.contains(FunctionalUnit.MINOR_SYNC) || p.units.contains(FunctionalUnit.MAJOR_SYNC);
        return numbered || r.type().filter(ResyncType.ABANDON::equals).isPresent() ? Boolean.TRUE : Boolean.FALSE;
    }

    private static boolean ownedOrAbsent(Puppet p, Token token) {
        return !p.available(token) || p.owned.contains(token);
    }
}

package dev.parley.osi.wire;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Random SPDUs of every kind with every parameter, each within the limits of clause 8.3.
final class Spdus {
    /// Kinds of SPDU that [#random(int, Random)] knows.
    static final int KINDS = 36;

    private static final int[] REASONS = {0, 1, 3, 5, 6, 128};

    private Spdus() {}

    static Spdu random(int kind, Random random) {
        var data = octets(random, random.nextInt(40));
        var e = random.nextInt(3) == 0 ? Enclosure.of(true, random.nextBoolean()) : Enclosure.ABSENT;
        return switch (kind) {
            case 0 -> connect(random);
            case 1 -> new Spdu.OverflowAccept(sizes(random), 2);
            case 2 -> new Spdu.ConnectDataOverflow(Enclosure.of(false, random.nextBoolean()), octets(random, 1 + random.nextInt(30)));
            case 3 -> new Spdu.Accept(
                    identifier(random), item(random, 1 + random.nextInt(2)), tokens(random, 0), units(random), e,
                    random.nextBoolean() ? Optional.of(octets(random, 1 + random.nextInt(16))) : Optional.empty(),
                    octets(random, random.nextInt(17)), data);
            case 4 -> {
                int reason = random.nextBoolean() ? 2 : random.nextBoolean() ? random.nextInt(2) : 129 + random.nextInt(6);
                yield new Spdu.Refuse(
                        identifier(random), random.nextBoolean(), random.nextBoolean() ? Optional.of(units(random)) : Optional.empty(),
                        random.nextBoolean() ? Optional.of(2) : Optional.empty(), e, reason, reason == 2 ? data : Spdu.NO_DATA);
            }
            case 5 -> new Spdu.Finish(random.nextBoolean(), e, data);
            case 6 -> new Spdu.Disconnect(e, data);
            case 7 -> new Spdu.NotFinished(e, data);
            case 8 -> {
                var cause = Spdu.AbortCause.values()[random.nextInt(4)];
                yield new Spdu.Abort(
                        random.nextBoolean(), cause, e,
                        cause == Spdu.AbortCause.PROTOCOL_ERROR ? Optional.of(octets(random, 1 + random.nextInt(9))) : Optional.empty(),
                        cause == Spdu.AbortCause.USER ? data : Spdu.NO_DATA);
            }
            case 9 -> new Spdu.AbortAccept();
            case 10 -> new Spdu.DataTransfer(e, octets(random, 1 + random.nextInt(40)));
            case 11 -> new Spdu.Expedited(octets(random, 1 + random.nextInt(14)));
            case 12 -> new Spdu.TypedData(e, octets(random, 1 + random.nextInt(40)));
            case 13 -> new Spdu.CapabilityData(e, data);
            case 14 -> new Spdu.CapabilityDataAck(e, data);
            case 15 -> new Spdu.GiveTokens(tokens(random, 1), e, data);
            case 16 -> new Spdu.PleaseTokens(tokens(random, 1), e, data);
            case 17 -> new Spdu.GiveTokensConfirm(e, data);
            case 18 -> new Spdu.GiveTokensAck();
            case 19 -> new Spdu.MinorSyncPoint(random.nextBoolean(), random.nextBoolean(), e, serial(random), data);
            case 20 -> new Spdu.MinorSyncAck(e, serial(random), data);
            case 21 -> new Spdu.MajorSyncPoint(e, serial(random), data);
            case 22 -> random.nextBoolean()
                    ? new Spdu.MajorSyncAck(e, Optional.of(serial(random)), Optional.empty(), data)
                    : new Spdu.MajorSyncAck(e, Optional.empty(), Optional.of(serial(random)), data);
            case 23 -> {
                var a = resynchronize(random, e, data);
                yield new Spdu.Resynchronize(e, a.tokens(), a.type(), a.serial(), a.secondType(), a.second(), data);
            }
            case 24 -> resynchronize(random, e, data);
            case 25 -> new Spdu.Prepare(Spdu.PrepareType.values()[random.nextInt(4)], type(random), type(random));
            case 26 -> new Spdu.ExceptionReport(octets(random, 1 + random.nextInt(1024)));
            case 27 -> new Spdu.ExceptionData(e, reason(random), data);
            case 28 -> new Spdu.ActivityStart(e, octets(random, 1 + random.nextInt(6)), data);
            case 29 -> new Spdu.ActivityResume(
                    e, identifier(random), reference(random, 64), octets(random, 1 + random.nextInt(6)), serial(random),
                    random.nextBoolean() ? Optional.of(serial(random)) : Optional.empty(), octets(random, 1 + random.nextInt(6)), data);
            case 30 -> new Spdu.ActivityInterrupt(e, maybeReason(random), data);
            case 31 -> new Spdu.ActivityInterruptAck(e, data);
            case 32 -> new Spdu.ActivityDiscard(e, maybeReason(random), data);
            case 33 -> new Spdu.ActivityDiscardAck(e, data);
            case 34 -> new Spdu.ActivityEnd(e, serial(random), data);
            default -> extended(random);
        };
    }

    private static Spdu.Connect connect(Random random) {
        return new Spdu.Connect(
                identifier(random), item(random, 1 + random.nextInt(3)), units(random), octets(random, random.nextInt(17)),
                octets(random, random.nextInt(17)), false, octets(random, random.nextInt(10) == 0 ? 512 : random.nextInt(40)));
    }

    /// A CONNECT with Extended User Data, for version 2 alone.
    private static Spdu.Connect extended(Random random) {
        boolean overflow = random.nextBoolean();
        return new Spdu.Connect(
                identifier(random), item(random, 2), units(random), Spdu.NO_DATA, Spdu.NO_DATA, overflow,
                octets(random, overflow ? 10_240 : 513 + random.nextInt(2_000)));
    }

    private static Spdu.ConnectItem item(Random random, int versions) {
        boolean large = random.nextBoolean();
        return new Spdu.ConnectItem(
                random.nextInt(2), sizes(random), versions, random.nextBoolean() ? Optional.of(serial(random)) : Optional.empty(),
                random.nextBoolean() ? sides(random) : Map.of(), random.nextBoolean() ? Optional.of(serial(random)) : Optional.empty(),
                large ? Optional.of(random.nextInt(7)) : Optional.empty());
    }

    private static Spdu.ResynchronizeAck resynchronize(Random random, Enclosure e, ByteBuffer data) {
        return new Spdu.ResynchronizeAck(
                e, random.nextBoolean() ? sides(random) : Map.of(), type(random), Optional.of(serial(random)), type(random),
                random.nextBoolean() ? Optional.of(serial(random)) : Optional.empty(), data);
    }

    private static Optional<Spdu.TsduSizes> sizes(Random random) {
        return random.nextBoolean() ? Optional.of(new Spdu.TsduSizes(random.nextInt(0x10000), random.nextInt(0x10000))) : Optional.empty();
    }

    private static ConnectionIdentifier identifier(Random random) {
        return random.nextBoolean()
                ? ConnectionIdentifier.NONE
                : new ConnectionIdentifier(reference(random, 64), reference(random, 64), reference(random, 4));
    }

    private static Optional<ByteBuffer> reference(Random random, int most) {
        return random.nextBoolean() ? Optional.of(octets(random, 1 + random.nextInt(most))) : Optional.empty();
    }

    private static Set<FunctionalUnit> units(Random random) {
        return FunctionalUnit.ofBits(random.nextInt(1 << 13));
    }

    private static Set<Token> tokens(Random random, int fewest) {
        var tokens = EnumSet.noneOf(Token.class);
        do {
            for (var token : Token.values()) {
                if (random.nextBoolean()) {
                    tokens.add(token);
                }
            }
        } while (tokens.size() < fewest);
        return tokens;
    }

    private static Map<Token, Token.Side> sides(Random random) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            sides.put(token, Token.Side.values()[random.nextInt(3)]);
        }
        return sides;
    }

    private static Optional<ResyncType> type(Random random) {
        return random.nextBoolean() ? Optional.of(ResyncType.values()[random.nextInt(3)]) : Optional.empty();
    }

    private static long serial(Random random) {
        return random.nextInt(4) == 0 ? random.nextInt(10) : random.nextInt(1_000_000);
    }

    private static int reason(Random random) {
        return REASONS[random.nextInt(REASONS.length)];
    }

    private static Optional<Integer> maybeReason(Random random) {
        return random.nextBoolean() ? Optional.of(reason(random)) : Optional.empty();
    }

    static ByteBuffer octets(Random random, int size) {
        var octets = new byte[size];
        random.nextBytes(octets);
        return ByteBuffer.wrap(octets);
    }
}

package dev.parley.osi.machine;

import static dev.parley.osi.machine.Worlds.any;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// A random event for each name of Table A.1, with small serial numbers.
final class Events {
    private static final Enclosure WHOLE = Enclosure.ABSENT;
    private static final Map<String, ResyncType> KINDS = Map.of("a", ResyncType.ABANDON, "r", ResyncType.RESTART, "s", ResyncType.SET);

    private Events() {}

    static Event of(String symbol, Variables v, Random random) {
        return switch (symbol) {
            case "TCONind" -> Event.FromBelow.CONNECT_INDICATION;
            case "TCONcnf" -> Event.FromBelow.CONNECT_CONFIRM;
            case "TDISind" -> Event.FromBelow.DISCONNECT_INDICATION;
            case "TIM" -> Event.FromBelow.TIMER;
            default -> symbol.matches("S[A-Z]+.*(req|rsp).*")
                    ? new Event.FromUser(request(symbol, v, random))
                    : new Event.FromPeer(spdu(symbol, v, random));
        };
    }

    private static Request request(String symbol, Variables v, Random random) {
        var data = data(random);
        return switch (symbol) {
            case "SCONreq" -> new Request.Connect(
                    ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, v.proposed, Optional.of(1L), Optional.of(1L), Map.of(),
                    random.nextBoolean() ? data : Worlds.MUCH);
            case "SCONrsp+" -> new Request.Accept(
                    ConnectionIdentifier.NONE, Spdu.NO_DATA, v.proposed, Optional.of(1L), Optional.of(1L), Map.of(), Set.of(), data);
            case "SCONrsp-" -> new Request.Refuse(ConnectionIdentifier.NONE, 2, random.nextBoolean(), data);
            case "SDTreq" -> new Request.Data(ByteBuffer.allocate(1));
            case "STDreq" -> new Request.TypedData(ByteBuffer.allocate(1));
            case "SEXreq" -> new Request.ExpeditedData(ByteBuffer.allocate(1));
            case "SCDreq" -> new Request.CapabilityData(data);
            case "SCDrsp" -> new Request.CapabilityDataResponse(data);
            case "SGTreq" -> new Request.GiveTokens(tokens(random), data);
            case "SPTreq" -> new Request.PleaseTokens(tokens(random), data);
            case "SCGreq" -> new Request.GiveControl(data);
            case "SSYNmreq" -> new Request.SyncMinor(random.nextBoolean(), false, data);
            case "SSYNmdreq" -> new Request.SyncMinor(random.nextBoolean(), true, data);
            case "SSYNmrsp" -> new Request.SyncMinorResponse(random.nextInt(6), data);
            case "SSYNMreq" -> new Request.SyncMajor(data);
            case "SSYNMrsp" -> new Request.SyncMajorResponse(data);
            case "SRSYNreq" -> {
                var s = flows(random);
                yield new Request.Resynchronize(s.type(), s.serial(), s.secondType(), s.second(), Map.of(), data);
            }
            case "SRSYNreq(a)", "SRSYNreq(r)", "SRSYNreq(s)" -> new Request.Resynchronize(
                    Optional.ofNullable(KINDS.get(symbol.substring(9, 10))), Optional.of((long) random.nextInt(6)), Optional.empty(),
                    Optional.empty(), sides(random), data);
            case "SRSYNrsp" -> new Request.ResynchronizeResponse(
                    maybeSerial(random), v.symmetric() ? maybeSerial(random) : Optional.empty(), Map.of(), data);
            case "SUERreq" -> new Request.ExceptionReport(any(random, 0, 1, 3, 5, 6, 128), data);
            case "SACTSreq" -> new Request.ActivityStart(ByteBuffer.allocate(1), data);
            case "SACTRreq" -> new Request.ActivityResume(
                    ByteBuffer.allocate(1), ByteBuffer.allocate(1), random.nextInt(6),
                    v.symmetric() ? Optional.of((long) random.nextInt(6)) : Optional.empty(), ConnectionIdentifier.NONE, Optional.empty(), data);
            case "SACTIreq" -> new Request.ActivityInterrupt(Optional.empty(), data);
            case "SACTIrsp" -> new Request.ActivityInterruptResponse(data);
            case "SACTDreq" -> new Request.ActivityDiscard(Optional.empty(), data);
            case "SACTDrsp" -> new Request.ActivityDiscardResponse(data);
            case "SACTEreq" -> new Request.ActivityEnd(data);
            case "SACTErsp" -> new Request.ActivityEndResponse(data);
            case "SRELreq" -> new Request.Release(random.nextBoolean(), data);
            case "SRELrsp+" -> new Request.ReleaseResponse(true, data);
            case "SRELrsp-" -> new Request.ReleaseResponse(false, data);
            case "SUABreq" -> new Request.Abort(random.nextBoolean(), ByteBuffer.allocate(random.nextInt(20)));
            default -> throw new AssertionError(symbol);
        };
    }

    private static Spdu spdu(String symbol, Variables v, Random random) {
        var data = data(random);
        long serial = random.nextInt(6);
        return switch (symbol) {
            case "CN" -> {
                int versions = random.nextInt(4) == 0 ? 4 : 3;
                boolean overflow = random.nextBoolean();
                yield new Spdu.Connect(
                        ConnectionIdentifier.NONE,
                        new Spdu.ConnectItem(0, Optional.empty(), versions, Optional.of(1L), Map.of(), Optional.of(1L), Optional.empty()),
                        v.proposed, Spdu.NO_DATA, Spdu.NO_DATA, overflow, data);
            }
            case "OA" -> new Spdu.OverflowAccept(Optional.empty(), 2);
            case "CDO" -> new Spdu.ConnectDataOverflow(Enclosure.of(false, random.nextBoolean()), data);
            case "AC" -> new Spdu.Accept(
                    ConnectionIdentifier.NONE,
                    new Spdu.ConnectItem(0, Optional.empty(), 2, Optional.of(1L), Map.of(), Optional.of(1L), Optional.empty()),
                    Set.of(), v.proposed, WHOLE, Optional.empty(), Spdu.NO_DATA, data);
            case "RF-nr", "RF-r" -> new Spdu.Refuse(
                    ConnectionIdentifier.NONE, symbol.endsWith("-r"), Optional.empty(), Optional.empty(), WHOLE, 2, data);
            case "FN-nr", "FN-r" -> new Spdu.Finish(symbol.endsWith("-r"), WHOLE, data);
            case "DN" -> new Spdu.Disconnect(WHOLE, data);
            case "NF" -> new Spdu.NotFinished(WHOLE, data);
            case "AB-nr", "AB-r" -> new Spdu.Abort(
                    symbol.endsWith("-r"), any(random, Spdu.AbortCause.values()), WHOLE, Optional.empty(), data);
            case "AA" -> new Spdu.AbortAccept();
            case "DT" -> new Spdu.DataTransfer(WHOLE, ByteBuffer.allocate(1));
            case "EX" -> new Spdu.Expedited(ByteBuffer.allocate(1));
            case "TD" -> new Spdu.TypedData(WHOLE, ByteBuffer.allocate(1));
            case "CD" -> new Spdu.CapabilityData(WHOLE, data);
            case "CDA" -> new Spdu.CapabilityDataAck(WHOLE, data);
            case "GT" -> new Spdu.GiveTokens(tokens(random), WHOLE, data);
            case "PT" -> new Spdu.PleaseTokens(tokens(random), WHOLE, data);
            case "GTC" -> new Spdu.GiveTokensConfirm(WHOLE, data);
            case "GTA" -> new Spdu.GiveTokensAck();
            case "MIP", "MIP-d" -> new Spdu.MinorSyncPoint(random.nextBoolean(), symbol.endsWith("-d"), WHOLE, serial, data);
            case "MIA" -> new Spdu.MinorSyncAck(WHOLE, serial, data);
            case "MAP" -> new Spdu.MajorSyncPoint(WHOLE, serial, data);
            case "MAA/AEA" -> v.symmetric()
                    ? new Spdu.MajorSyncAck(WHOLE, Optional.empty(), Optional.of(serial), data)
                    : new Spdu.MajorSyncAck(WHOLE, Optional.of(serial), Optional.empty(), data);
            case "RS" -> flows(random);
            case "RS-a", "RS-r", "RS-s" -> new Spdu.Resynchronize(
                    WHOLE, sides(random), Optional.ofNullable(KINDS.get(symbol.substring(3))), Optional.of(serial), Optional.empty(),
                    Optional.empty(), data);
            case "RA" -> new Spdu.ResynchronizeAck(
                    WHOLE, Map.of(), Optional.empty(), v.symmetric() ? maybeSerial(random) : Optional.of(serial), Optional.empty(),
                    v.symmetric() ? maybeSerial(random) : Optional.empty(), data);
            case "PR-MAA" -> new Spdu.Prepare(Spdu.PrepareType.MAJOR_SYNC_ACK, Optional.empty(), Optional.empty());
            case "PR-RS" -> new Spdu.Prepare(Spdu.PrepareType.RESYNCHRONIZE, Optional.empty(), Optional.empty());
            case "PR-RA" -> new Spdu.Prepare(Spdu.PrepareType.RESYNCHRONIZE_ACK, Optional.empty(), Optional.empty());
            case "PR-AB" -> new Spdu.Prepare(Spdu.PrepareType.ABORT, Optional.empty(), Optional.empty());
            case "ER" -> new Spdu.ExceptionReport(ByteBuffer.allocate(1));
            case "ED" -> new Spdu.ExceptionData(WHOLE, 0, data);
            case "AS" -> new Spdu.ActivityStart(WHOLE, ByteBuffer.allocate(1), data);
            case "AR" -> new Spdu.ActivityResume(
                    WHOLE, ConnectionIdentifier.NONE, Optional.empty(), ByteBuffer.allocate(1), serial,
                    v.symmetric() ? Optional.of(serial) : Optional.empty(), ByteBuffer.allocate(1), data);
            case "AI" -> new Spdu.ActivityInterrupt(WHOLE, Optional.empty(), data);
            case "AIA" -> new Spdu.ActivityInterruptAck(WHOLE, data);
            case "AD" -> new Spdu.ActivityDiscard(WHOLE, Optional.empty(), data);
            case "ADA" -> new Spdu.ActivityDiscardAck(WHOLE, data);
            case "AE" -> new Spdu.ActivityEnd(WHOLE, serial, data);
            default -> throw new AssertionError(symbol);
        };
    }

    private static Spdu.Resynchronize flows(Random random) {
        var type = maybeType(random);
        var second = type.isEmpty() ? Optional.of(any(random, ResyncType.values())) : maybeType(random);
        return new Spdu.Resynchronize(
                WHOLE, sides(random), type, type.map(_ -> (long) random.nextInt(6)), second, second.map(_ -> (long) random.nextInt(6)),
                data(random));
    }

    private static Optional<ResyncType> maybeType(Random random) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(any(random, ResyncType.values()));
    }

    private static Optional<Long> maybeSerial(Random random) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of((long) random.nextInt(6));
    }

    private static Map<Token, Token.Side> sides(Random random) {
        var sides = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            sides.put(token, any(random, Token.Side.values()));
        }
        return sides;
    }

    private static Set<Token> tokens(Random random) {
        var tokens = EnumSet.of(any(random, Token.values()));
        if (random.nextBoolean()) {
            tokens.add(any(random, Token.values()));
        }
        return tokens;
    }

    private static ByteBuffer data(Random random) {
        return ByteBuffer.allocate(random.nextInt(3));
    }
}

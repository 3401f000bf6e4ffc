package dev.parley.osi.fuzz;

import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Effect;
import dev.parley.osi.machine.Event;
import dev.parley.osi.machine.SessionMachine;
import dev.parley.osi.machine.State;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.osi.wire.TsduStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A fuzz target: octets as a script for one machine in a connection. Each step is a length and that many octets: a TSDU from the peer, or with
/// length 0 a request of our user. The machine may refuse requests and blame the peer; it may not throw anything else, nor grow.
public final class MachineTarget {
    private MachineTarget() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        if (octets.length < 3) {
            return;
        }
        var input = ByteBuffer.wrap(octets);
        var machine = new SessionMachine(SessionOptions.DEFAULT.withSsdu(4096).withReportErrors((octets[0] & 1) != 0));
        machine.transportExpedited((octets[0] & 2) != 0);
        machine.handle(Event.FromBelow.CONNECT_INDICATION);
        int units = input.getShort() & 0xFFFF;
        connect(machine, FunctionalUnit.ofBits(units));
        var stream = new TsduStream(true, false, 4096);
        while (input.hasRemaining() && machine.state() != State.STA01) {
            int length = input.get() & 0xFF;
            if (length == 0 && input.hasRemaining()) {
                request(machine, input.get() & 0xFF);
                continue;
            }
            int size = Math.min(length, input.remaining());
            var tsdu = input.slice(input.position(), size);
            input.position(input.position() + size);
            receive(machine, stream, tsdu);
        }
    }

    private static void connect(SessionMachine machine, Set<FunctionalUnit> units) {
        machine.handle(new Event.FromPeer(new Spdu.Connect(
                ConnectionIdentifier.NONE,
                new Spdu.ConnectItem(0, Optional.empty(), 3, Optional.of(1L), Map.of(), Optional.of(1L), Optional.empty()),
                units, Spdu.NO_DATA, Spdu.NO_DATA, false, Spdu.NO_DATA)));
        attempt(machine, new Request.Accept(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, units, Optional.of(1L), Optional.of(1L), Map.of(), Set.of(), Spdu.NO_DATA));
    }

    private static void receive(SessionMachine machine, TsduStream stream, ByteBuffer tsdu) {
        var n = machine.negotiated();
        stream.agree(n.version(), n.mostSent(), n.mostReceived(), n.peerTakesExtended());
        List<Spdu> spdus;
        try {
            spdus = stream.receive(tsdu);
        } catch (SessionException.ProtocolViolation e) {
            encode(machine.malformed("malformed", tsdu));
            return;
        }
        spdus.forEach(spdu -> encode(machine.handle(new Event.FromPeer(spdu))));
    }

    /// What a machine sends can always be encoded.
    private static void encode(List<Effect> effects) {
        for (var effect : effects) {
            if (effect instanceof Effect.Send(var spdu)) {
                SpduCodec.encode(spdu);
            }
        }
    }

    private static void request(SessionMachine machine, int choice) {
        var data = ByteBuffer.allocate(1);
        var serial = Optional.of((long) (choice >> 5));
        attempt(machine, switch (choice & 0x1F) {
            case 0 -> new Request.Data(data);
            case 1 -> new Request.SyncMinor(true, false, data);
            case 2 -> new Request.SyncMinor(true, true, data);
            case 3 -> new Request.SyncMinorResponse(choice >> 5, data);
            case 4 -> new Request.SyncMajor(data);
            case 5 -> new Request.SyncMajorResponse(data);
            case 6 -> new Request.Resynchronize(
                    Optional.of(ResyncType.RESTART), serial, Optional.empty(), Optional.empty(), Map.of(), data);
            case 7 -> new Request.Resynchronize(
                    Optional.of(ResyncType.SET), serial, Optional.of(ResyncType.ABANDON), Optional.empty(), Map.of(), data);
            case 8 -> new Request.ResynchronizeResponse(serial, Optional.empty(), Map.of(), data);
            case 9 -> new Request.ResynchronizeResponse(serial, serial, Map.of(), data);
            case 10 -> new Request.ActivityStart(data, data);
            case 11 -> new Request.ActivityInterrupt(Optional.empty(), data);
            case 12 -> new Request.ActivityInterruptResponse(data);
            case 13 -> new Request.ActivityDiscard(Optional.empty(), data);
            case 14 -> new Request.ActivityDiscardResponse(data);
            case 15 -> new Request.ActivityEnd(data);
            case 16 -> new Request.ActivityEndResponse(data);
            case 17 -> new Request.CapabilityData(data);
            case 18 -> new Request.CapabilityDataResponse(data);
            case 19 -> new Request.ExceptionReport(0, data);
            case 20 -> new Request.GiveTokens(Set.of(Token.values()[(choice >> 5) & 3]), data);
            case 21 -> new Request.PleaseTokens(Set.of(Token.values()[(choice >> 5) & 3]), data);
            case 22 -> new Request.GiveControl(data);
            case 23 -> new Request.Release(false, data);
            case 24 -> new Request.ReleaseResponse((choice & 0x20) != 0, data);
            case 25 -> new Request.ExpeditedData(data);
            case 26 -> new Request.TypedData(data);
            default -> new Request.Abort((choice & 0x20) != 0, data);
        });
    }

    private static void attempt(SessionMachine machine, Request request) {
        try {
            encode(machine.handle(new Event.FromUser(request)));
        } catch (SessionException.OutOfSequence | SessionException.LimitReached refused) {
            // Our user may not do this now.
        }
    }
}

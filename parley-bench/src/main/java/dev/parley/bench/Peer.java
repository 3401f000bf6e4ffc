package dev.parley.bench;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.machine.Effect;
import dev.parley.osi.machine.Event;
import dev.parley.osi.machine.SessionMachine;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.TsduStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A session protocol machine with its codec, joined to another one without a line between them: what one sends the other has at once.
final class Peer {
    private static final Set<FunctionalUnit> UNITS = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.MINOR_SYNC);

    private final SessionMachine machine = new SessionMachine();
    private final TsduStream stream = new TsduStream(false, false, SessionOptions.DEFAULT.ssdu());
    private final Consumer<ByteBuffer[]> line = this::hand;
    private Peer other = this;
    /// What the user was last told.
    Indication last = new Indication.ProviderAbort("nothing yet", Spdu.NO_DATA);

    /// The calling side of a connected pair, with duplex and minor synchronize, which it begins.
    static Peer connected() {
        var caller = new Peer();
        var called = new Peer();
        caller.other = called;
        called.other = caller;
        called.carryOut(Event.FromBelow.CONNECT_INDICATION);
        caller.request(new Request.Connect(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, UNITS, Optional.of(1L), Optional.empty(), Map.of(), Spdu.NO_DATA));
        caller.carryOut(Event.FromBelow.CONNECT_CONFIRM);
        called.request(new Request.Accept(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, UNITS, Optional.of(1L), Optional.empty(), Map.of(), Set.of(), Spdu.NO_DATA));
        return caller;
    }

    Peer other() {
        return other;
    }

    long nextSerial() {
        return machine.nextSerial();
    }

    void request(Request request) {
        carryOut(new Event.FromUser(request));
    }

    private void carryOut(Event event) {
        for (var effect : machine.handle(event)) {
            switch (effect) {
                case Effect.Send(var spdu) -> {
                    var n = machine.negotiated();
                    stream.agree(n.version(), n.mostSent(), n.mostReceived(), n.peerTakesExtended());
                    stream.send(spdu, line);
                }
                case Effect.Indicate(var indication) -> last = indication;
                case Effect.SendExpedited _, Effect.ConnectTransport _, Effect.AcceptTransport _, Effect.DisconnectTransport _,
                        Effect.StartTimer _, Effect.StopTimer _ -> {}
            }
        }
    }

    /// As a transport does for its receiver, the TSDU is one buffer; a page stands in it already, so that only our own work counts.
    private void hand(ByteBuffer[] tsdu) {
        other.take(tsdu.length == 2 && tsdu[1].position() == tsdu[0].remaining() ? page(tsdu) : join(tsdu));
    }

    private static ByteBuffer page(ByteBuffer[] tsdu) {
        var whole = tsdu[1].duplicate().position(0);
        whole.put(0, tsdu[0], 0, tsdu[0].remaining());
        return whole;
    }

    private static ByteBuffer join(ByteBuffer[] tsdu) {
        var out = new ByteArrayOutputStream();
        for (var part : tsdu) {
            while (part.hasRemaining()) {
                out.write(part.get());
            }
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    private void take(ByteBuffer tsdu) {
        for (var spdu : stream.receive(tsdu)) {
            carryOut(new Event.FromPeer(spdu));
        }
    }
}

package dev.parley.osi;

import dev.parley.api.SessionException;
import dev.parley.osi.machine.Effect;
import dev.parley.osi.machine.Event;
import dev.parley.osi.machine.SessionMachine;
import dev.parley.osi.machine.State;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.osi.wire.TsduStream;
import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import dev.parley.runtime.rfc1006.Rfc1006;
import dev.parley.runtime.rfc1006.TransportOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One X.225 session connection over RFC 1006: joins the machine, the codec and the transport. Event driven, used only on one [Loop].
public final class OsiConnection implements SessionService, Transport.User {
    /// Octets of a TSDU before the connection is accepted: nobody may make us keep more for a stranger.
    private static final int SET_UP_TSDU = 128 << 10;

    private final Loop loop;
    private final boolean initiator;
    private final OsiLimits limits;
    private final SessionService.User user;
    private final SessionMachine machine;
    private final TsduStream stream;
    private final Consumer<ByteBuffer[]> toTransport = tsdu -> transport().send(tsdu);
    private final Queue<Event> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean over;
    private boolean wasIdle;
    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer setUp;
    private @Nullable Transport transport;

    private OsiConnection(Loop loop, boolean initiator, OsiLimits limits, SessionOptions options, SessionService.User user) {
        machine = new SessionMachine(options);
        stream = new TsduStream(options.extendedConcatenation(), options.concatenate(), Math.min(options.ssdu(), limits.tsdu()));
        this.loop = loop;
        this.initiator = initiator;
        this.limits = limits;
        this.user = user;
    }

    /// The calling side: the handler to give to a new link. The user is told [SessionService.User#ready] when S-CONNECT may be issued.
    public static Link.Handler initiator(Loop loop, OsiLimits limits, SessionService.User user) {
        return initiator(loop, limits, SessionOptions.DEFAULT, user);
    }

    public static Link.Handler initiator(Loop loop, OsiLimits limits, SessionOptions options, SessionService.User user) {
        return initiator(loop, limits, options, TransportOptions.ofTsdu(limits.tsdu()), user);
    }

    /// @param transport the largest TSDU in it holds instead of the limits' one
    public static Link.Handler initiator(
            Loop loop, OsiLimits limits, SessionOptions options, TransportOptions transport, SessionService.User user) {
        return Rfc1006.initiator(transport, new OsiConnection(loop, true, limits, options, user));
    }

    /// The called side.
    public static Link.Handler responder(Loop loop, OsiLimits limits, SessionService.User user) {
        return responder(loop, limits, SessionOptions.DEFAULT, user);
    }

    public static Link.Handler responder(Loop loop, OsiLimits limits, SessionOptions options, SessionService.User user) {
        return responder(loop, limits, options, TransportOptions.ofTsdu(limits.tsdu()), user);
    }

    public static Link.Handler responder(
            Loop loop, OsiLimits limits, SessionOptions options, TransportOptions transport, SessionService.User user) {
        return Rfc1006.responder(transport, new OsiConnection(loop, false, limits, options, user));
    }

    @Override
    public long request(Request request) {
        boolean bulk = request instanceof Request.Data || request instanceof Request.TypedData || request instanceof Request.Connect;
        int size = request.userData().remaining();
        if (size > (bulk ? limits.tsdu() - 16 : limits.userData())) {
            throw new SessionException.LimitReached("user data of " + size + " octets in " + request.getClass().getSimpleName()
                    + ", at most " + (bulk ? limits.tsdu() - 16 : limits.userData()) + " are allowed");
        }
        long serial = switch (request) {
            case Request.SyncMinor _, Request.SyncMajor _, Request.ActivityEnd _ -> machine.nextSerial();
            default -> -1;
        };
        run(machine.handle(new Event.FromUser(request)));
        if (request instanceof Request.Accept) {
            established();
        }
        drain();
        return serial;
    }

    /// Closes the transport after what is queued was sent.
    public void close() {
        if (!over) {
            transport().disconnect();
        }
    }

    /// Sends octets as a TSDU past the machine; for tests of a peer.
    public void raw(ByteBuffer tsdu) {
        if (!over) {
            transport().send(tsdu);
        }
    }

    public State state() {
        return machine.state();
    }

    @Override
    public boolean isWritable() {
        return !over && transport().isWritable();
    }

    @Override
    public void flush() {
        if (!over) {
            stream.flush(toTransport);
            transport().flush();
        }
    }

    @Override
    public void setReading(boolean reading) {
        if (!over) {
            transport().setReading(reading);
        }
    }

    @Override
    public boolean owns(Token token) {
        return machine.owns(token);
    }

    @Override
    public void disconnect() {
        if (!over) {
            transport().abort();
        }
    }

    @Override
    public Security security() {
        return transport().security();
    }

    @Override
    public String peer() {
        return transport().peer();
    }

    @Override
    public void ready(Transport ready) {
        transport = ready;
        waitForConnect();
        if (initiator) {
            // The machine asks for the transport connection with the first S-CONNECT; the link below is open already.
            user.ready(this);
        }
    }

    @Override
    public void connectIndication() {
        machine.transportExpedited(transport().expedited());
        accept(Event.FromBelow.CONNECT_INDICATION);
        user.ready(this);
    }

    @Override
    public void connectConfirm() {
        machine.transportExpedited(transport().expedited());
        accept(Event.FromBelow.CONNECT_CONFIRM);
    }

    @Override
    public void tsdu(ByteBuffer octets) {
        if (over) {
            return;
        }
        List<Spdu> spdus;
        try {
            agree();
            spdus = stream.receive(octets);
        } catch (SessionException.ProtocolViolation e) {
            malformed(String.valueOf(e.getMessage()));
            run(machine.malformed("the peer broke the protocol: " + e.getMessage(), octets));
            flush();
            return;
        }
        for (var spdu : spdus) {
            accept(new Event.FromPeer(spdu));
        }
    }

    /// SPDUs of the expedited flow are whole, and do not disturb the segments of the normal one (7.11.3).
    @Override
    public void expedited(ByteBuffer octets) {
        if (over) {
            return;
        }
        try {
            SpduCodec.decode(octets).forEach(spdu -> accept(new Event.FromPeer(spdu)));
        } catch (SessionException.ProtocolViolation e) {
            run(machine.malformed("the peer broke the protocol: " + e.getMessage(), octets));
            flush();
        }
    }

    private static ByteBuffer whole(ByteBuffer... parts) {
        var whole = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
        for (var part : parts) {
            whole.put(part);
        }
        return whole.flip();
    }

    @Override
    public void writable() {
        if (!over) {
            user.writable();
        }
    }

    @Override
    public void malformed(String words) {
        if (!over) {
            user.malformed(transport().peer(), words);
        }
    }

    @Override
    public void disconnected(String reason) {
        if (over) {
            return;
        }
        stop(timer);
        stop(setUp);
        if (machine.state() != State.STA01) {
            var effects = machine.handle(Event.FromBelow.DISCONNECT_INDICATION);
            for (var effect : effects) {
                if (effect instanceof Effect.Indicate(Indication.ProviderAbort _)) {
                    user.lost(reason);
                    user.indication(new Indication.ProviderAbort(reason, Spdu.NO_DATA));
                }
            }
        }
        over = true;
        user.closed(reason);
    }

    /// An event from the peer or below. One that comes while another is being handled waits, so that effects keep their order.
    private void accept(Event event) {
        if (over) {
            return;
        }
        waiting.add(event);
        drain();
        flush();
    }

    private void drain() {
        if (busy) {
            return;
        }
        busy = true;
        try {
            for (var event = waiting.poll(); event != null && !over; event = waiting.poll()) {
                run(machine.handle(event));
            }
        } finally {
            busy = false;
        }
    }

    private void run(List<Effect> effects) {
        carryOut(effects);
        boolean idle = machine.state() == State.STA01C;
        if (idle && !wasIdle && !over) {
            waitForConnect();
        }
        wasIdle = idle;
    }

    private void carryOut(List<Effect> effects) {
        for (var effect : effects) {
            if (over) {
                return;
            }
            switch (effect) {
                case Effect.Send(var spdu) -> {
                    agree();
                    stream.send(spdu, toTransport);
                }
                case Effect.SendExpedited(var spdu) -> transport().sendExpedited(whole(SpduCodec.encode(spdu)));
                case Effect.Indicate(var indication) -> indicate(indication);
                case Effect.ConnectTransport _ -> transport().connect();
                case Effect.AcceptTransport _ -> transport().accept();
                case Effect.DisconnectTransport _ -> {
                    stream.flush(toTransport);
                    transport().disconnect();
                }
                case Effect.StartTimer _ -> startTimer(limits.abortTimer());
                case Effect.StopTimer _ -> stop(timer);
            }
        }
    }

    /// A transport without a session connection is not kept for ever: at the beginning, and again when a connection ended and it was kept.
    private void waitForConnect() {
        stop(setUp);
        transport().limit(Math.min(SET_UP_TSDU, limits.tsdu()));
        setUp = loop.schedule(limits.setUp(), () -> end("no connection was set up within " + limits.setUp().toSeconds() + " s"));
    }

    private void agree() {
        var negotiated = machine.negotiated();
        stream.agree(negotiated.version(), negotiated.mostSent(), negotiated.mostReceived(), negotiated.peerTakesExtended());
    }

    private void indicate(Indication indication) {
        if (indication instanceof Indication.Accepted) {
            established();
        }
        user.indication(indication);
    }

    private void established() {
        stop(setUp);
        transport().limit(limits.tsdu());
    }

    private void startTimer(Duration wait) {
        stop(timer);
        stop(setUp);
        flush();
        timer = loop.schedule(wait, () -> {
            accept(Event.FromBelow.TIMER);
        });
    }

    private void end(String reason) {
        if (!over) {
            over = true;
            stop(timer);
            transport().abort();
            user.closed(reason);
        }
    }

    private static void stop(Loop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private Transport transport() {
        if (transport == null) {
            throw new IllegalStateException("the link is not open yet");
        }
        return transport;
    }
}

package dev.parley.h323;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.CallMachine;
import dev.parley.h323.machine.CallState;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.machine.Timer;
import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.media.MediaListener;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// One virtual thread that feeds a call's machine, one event at a time, and does its effects in order: sockets, timers, media.
final class CallDriver implements MediaListener {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final Inbox inbox = new Inbox();
    private final Map<Timer, Long> timers = new EnumMap<>(Timer.class);
    private final Streams streams;
    private final Optional<Capture> capture;
    private final H323Call call;
    private final Optional<Redirection> redirection;
    private final Duration writeLimit;
    private CallConfig config;
    private CallMachine machine;
    private volatile Octets callIdentifier;
    private volatile TpktSocket signal;
    private volatile Optional<TpktSocket> control = Optional.empty();
    private volatile Optional<ServerSocket> listening = Optional.empty();
    private volatile CallState state = CallState.NULL;
    private volatile boolean over;
    private volatile boolean aborted;

    /// @param redirection where a call of ours goes when the peer wants it elsewhere
    CallDriver(CallConfig config, TpktSocket signal, Streams streams, Optional<Capture> capture, Optional<Redirection> redirection,
            Duration writeLimit) {
        this.writeLimit = writeLimit;
        this.config = config;
        this.redirection = redirection;
        machine = new CallMachine(config);
        callIdentifier = config.callIdentifier();
        this.signal = signal;
        this.streams = streams;
        this.capture = capture;
        call = new H323Call(this);
        streams.peer(signal.remote().getAddress());
        streams.listen(this);
    }

    H323Call call() {
        return call;
    }

    CallState state() {
        return state;
    }

    boolean is(Octets identifier) {
        return callIdentifier.equals(identifier);
    }

    String peerAddress() {
        return signal.remote().getAddress().getHostAddress() + ":" + signal.remote().getPort();
    }

    /// @param done when everything is closed
    void start(Runnable done) {
        listenTo(signal);
        Thread.ofVirtual().name("h323 call").start(() -> {
            try {
                drive();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                // A fault of ours, or of who listens, must not leave a call that nobody drives and nobody sees the end of.
                call.failed(e);
            } finally {
                over = true;
                state = CallState.ENDED;
                inbox.close();
                closeControl();
                signal.close();
                streams.close();
                // Whoever hears that the call has ended finds room for another one.
                done.run();
                call.over();
            }
        });
    }

    private void listenTo(TpktSocket socket) {
        socket.read("h323 signal", m -> tell(() -> from(socket, new Event.Signal(m))), why -> tell(() -> from(socket, new Event.SignalLost(why))));
    }

    private Optional<Event> from(TpktSocket socket, Event event) {
        return socket == signal ? Optional.of(event) : Optional.empty();
    }

    private void drive() throws InterruptedException {
        while (state != CallState.ENDED) {
            var event = next();
            var effects = machine.handle(event, System.nanoTime());
            var after = machine.state();
            callIdentifier = machine.callIdentifier();
            for (var effect : effects) {
                if (effect instanceof Effect.Ended(CallEnd.Redirected elsewhere) && redirection.isPresent()) {
                    after = redirected(elsewhere, redirection.get());
                    continue;
                }
                run(effect);
                call.observed(effect);
            }
            state = after;
        }
    }

    /// The peer wants the call elsewhere: it is placed again there, with the media that it has.
    private CallState redirected(CallEnd.Redirected elsewhere, Redirection to) {
        try {
            var callee = config.callee().orElseThrow();
            var next = to.next(elsewhere, callee.aliases());
            var socket = TpktSocket.connect(next.socket(), CONNECT_LIMIT, capture);
            control.ifPresent(TpktSocket::close);
            control = Optional.empty();
            listening = Optional.empty();
            timers.clear();
            streams.startOver(socket.remote().getAddress());
            config = config.to(next.callee(callee));
            machine = new CallMachine(config);
            signal = socket;
            listenTo(socket);
            inbox.own(new Event.Place());
            call.observed(new Effect.Redirected(next.address(), elsewhere.why()));
            return CallState.CALLING;
        } catch (Redirection.Refused e) {
            call.observed(new Effect.Ended(new CallEnd.Redirected(elsewhere.to(), elsewhere.aliases(), elsewhere.why() + ", " + e.getMessage())));
        } catch (IOException e) {
            call.observed(new Effect.Ended(new CallEnd.Lost(elsewhere.words() + ", where nobody is: " + e.getMessage())));
        }
        return CallState.ENDED;
    }

    /// The next event, or the timer that is due first.
    private Event next() throws InterruptedException {
        while (true) {
            var due = timers.entrySet().stream().min(Map.Entry.comparingByValue());
            var told = due.isEmpty() ? Optional.of(inbox.take()) : inbox.take(due.get().getValue() - System.nanoTime());
            var event = told.flatMap(Supplier::get);
            if (event.isPresent()) {
                return event.get();
            }
            if (told.isEmpty() && due.isPresent() && due.get().getValue() <= System.nanoTime()) {
                timers.remove(due.get().getKey());
                return new Event.Expired(due.get().getKey());
            }
        }
    }

    /// Waits when the call is busy.
    void tell(Event event) {
        tell(() -> Optional.of(event));
    }

    private void tell(Supplier<Optional<Event>> event) {
        inbox.tell(event);
    }

    /// Ends the call at once. Never waits: neither for room nor for a peer that does not read.
    void abort(String reason) {
        inbox.own(new Event.Hangup(Cause.TEMPORARY_FAILURE));
        inbox.own(new Event.SignalLost(reason));
        aborted = true;
        signal.hurry();
        control.ifPresent(TpktSocket::hurry);
    }

    /// A connection that came after the wish to end the call has no more time than the one before.
    private void write(TpktSocket to, Octets message) throws IOException {
        if (aborted) {
            to.hurry();
        }
        to.write(message, writeLimit);
    }

    private void run(Effect effect) {
        switch (effect) {
            case Effect.SendSignal(var message) -> {
                try {
                    write(signal, message);
                } catch (IOException e) {
                    var broken = signal;
                    inbox.own(() -> from(broken, new Event.SignalLost(String.valueOf(e.getMessage()))));
                }
            }
            case Effect.SendControl(var message) -> control.ifPresent(c -> {
                try {
                    write(c, message);
                } catch (IOException e) {
                    inbox.own(() -> ofControl(c, new Event.ControlLost(String.valueOf(e.getMessage()))));
                }
            });
            case Effect.ListenControl _ -> listenControl();
            case Effect.ConnectControl(var to) -> connectControl(to);
            case Effect.CloseControl _ -> closeControl();
            case Effect.CloseSignal _ -> signal.close();
            case Effect.Start(var timer, var after) -> timers.put(timer, System.nanoTime() + after.toNanos());
            case Effect.Stop(var timer) -> timers.remove(timer);
            case Effect.SendMedia send -> streams.send(send);
            case Effect.ReceiveMedia receive -> streams.receive(receive);
            case Effect.StopSending(var kind) -> streams.stopSending(kind);
            case Effect.StopReceiving(var kind) -> streams.stopReceiving(kind);
            case Effect.Connected _ -> streams.connected();
            case Effect.FastUpdateWanted _ -> streams.refreshPicture();
            case Effect.FlowControl(var kind, var rate) -> streams.limit(kind, rate);
            case Effect.PressKeys(var keys, int payloadType) -> streams.press(keys, payloadType);
            case Effect.Reconnect(var to) -> reconnect(to);
            case Effect.AskMedia _ -> streams.silentFor().thenAccept(since -> tell(new Event.MediaSilence(since)));
            case Effect.Incoming _, Effect.Proceeding _, Effect.Ringing _, Effect.Ended _, Effect.Keys _, Effect.RoundTrip _,
                    Effect.ControlReady _, Effect.Signalling _, Effect.Redirected _, Effect.Note _ -> { }
        }
    }

    private void reconnect(List<TransportAddress> to) {
        Thread.ofVirtual().name("h323 signal again").start(() -> {
            var why = "nobody to call";
            for (var address : to) {
                try {
                    var socket = TpktSocket.connect(Streams.socket(address), CONNECT_LIMIT, capture);
                    adopt(socket, _ -> true);
                    return;
                } catch (IOException e) {
                    why = address + ": " + e.getMessage();
                }
            }
            tell(new Event.ReconnectFailed(why));
        });
    }

    /// The caller came back on a new connection, from the same host as before.
    ///
    /// @param otherwise when the call does not wait for it
    void cameBack(TpktSocket socket, FirstMessage first, Runnable otherwise) {
        adopt(socket, m -> {
            boolean ours = m.awaits(first) && socket.remote().getAddress().equals(signal.remote().getAddress());
            if (!ours) {
                otherwise.run();
            }
            return ours;
        });
    }

    private void adopt(TpktSocket socket, Predicate<CallMachine> wanted) {
        if (over) {
            socket.close();
            return;
        }
        tell(() -> {
            if (over || !wanted.test(machine)) {
                socket.close();
                return Optional.empty();
            }
            signal.close();
            signal = socket;
            listenTo(socket);
            return Optional.of(new Event.SignalBack());
        });
    }

    private void listenControl() {
        try {
            var server = new ServerSocket(0, 1, signal.local().getAddress());
            server.setSoTimeout((int) Timer.T301.usual().toMillis());
            listening = Optional.of(server);
            inbox.own(new Event.ControlListening(Streams.address((InetSocketAddress) server.getLocalSocketAddress())));
            Thread.ofVirtual().name("h323 h245 listener").start(() -> {
                try (server) {
                    opened(server.accept(), false);
                } catch (IOException _) {
                    // Nobody came, or the call has ended: then nobody waits for it either.
                    return;
                }
            });
        } catch (IOException e) {
            inbox.own(new Event.ControlLost("cannot listen for H.245: " + e.getMessage()));
        }
    }

    private void connectControl(TransportAddress to) {
        Thread.ofVirtual().name("h323 h245 connect").start(() -> {
            var socket = new Socket();
            try {
                socket.connect(Streams.socket(to), (int) CONNECT_LIMIT.toMillis());
                opened(socket, true);
            } catch (IOException e) {
                tell(new Event.ControlLost("cannot open H.245 at " + to + ": " + e.getMessage()));
            }
        });
    }

    /// The first connection is the one; when both sides opened, the other one is closed.
    private synchronized void opened(Socket socket, boolean weOpened) throws IOException {
        if (over || control.isPresent()) {
            socket.close();
            return;
        }
        var opened = new TpktSocket(socket, weOpened, capture);
        control = Optional.of(opened);
        tell(new Event.ControlConnected());
        opened.read("h323 h245", m -> tell(() -> ofControl(opened, new Event.Control(m))),
                why -> tell(() -> ofControl(opened, new Event.ControlLost(why))));
    }

    private Optional<Event> ofControl(TpktSocket socket, Event event) {
        return control.filter(c -> c == socket).map(_ -> event);
    }

    private void closeControl() {
        control.ifPresent(TpktSocket::close);
        listening.ifPresent(server -> {
            try {
                server.close();
            } catch (IOException _) {
                // It is closed all the same.
                return;
            }
        });
    }

    void play(CallMedia media) {
        streams.play(media);
    }

    Optional<CompletionStage<MediaFigures>> figures(Codec.Kind kind) {
        return streams.figures(kind);
    }

    @Override
    public void sourceEnded() {
        call.played();
    }

    @Override
    public void keyPressed(char key) {
        inbox.offer(new Event.KeyHeard(key));
    }

    @Override
    public void pictureDamaged() {
        inbox.offer(new Event.WantFastUpdate());
    }

    @Override
    public void failed(Exception cause) {
        call.observed(new Effect.Note("media: " + cause.getMessage()));
    }
}

package dev.parley.h323;

import dev.parley.api.AddressText;
import dev.parley.api.Side;
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
import java.net.InetAddress;
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
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Inbox inbox = new Inbox();
    private final ControlConnection control;
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
    private volatile CallState state = CallState.NULL;
    private volatile boolean over;
    private volatile boolean aborted;
    private boolean moving;

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
        control = new ControlConnection(inbox, capture);
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
        return AddressText.of(signal.remote());
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
                control.end();
                signal.close();
                streams.close();
                // Whoever hears that the call has ended finds room for another one.
                done.run();
                call.over();
            }
        });
    }

    private void listenTo(TpktSocket socket) {
        socket.read("h323 signal", m -> tell(() -> from(socket, new Event.Signal(m))), why -> tell(() -> from(socket, new Event.SignalLost(why))),
                why -> tell(() -> from(socket, new Event.SignalGarbled(why))));
    }

    private Optional<Event> from(TpktSocket socket, Event event) {
        return socket == signal ? Optional.of(event) : Optional.empty();
    }

    private void drive() throws InterruptedException {
        while (state != CallState.ENDED) {
            var event = next();
            if (event.isEmpty()) {
                return;
            }
            if (moving) {
                onTheWay(event.get());
                continue;
            }
            var effects = machine.handle(event.get(), System.nanoTime());
            callIdentifier = machine.callIdentifier();
            // Before the effects: who is told of one may ask for the state.
            state = effects.stream().anyMatch(this::isElsewhere) ? CallState.CALLING : machine.state();
            for (var effect : effects) {
                if (effect instanceof Effect.Ended(CallEnd.Redirected elsewhere) && redirection.isPresent()) {
                    goElsewhere(elsewhere, redirection.get());
                    continue;
                }
                run(effect);
                call.observed(effect);
            }
        }
    }

    private boolean isElsewhere(Effect effect) {
        return redirection.isPresent() && effect instanceof Effect.Ended(CallEnd.Redirected _);
    }

    /// The peer wants the call elsewhere: it is placed again there, with the media that it has. To find out where that is and to connect may
    /// take its time, so that is done beside the call's thread, which goes on listening to its user.
    private void goElsewhere(CallEnd.Redirected elsewhere, Redirection to) {
        var callee = config.callee().orElseThrow();
        moving = true;
        Thread.ofVirtual().name("h323 redirection").start(() -> {
            try {
                var next = to.next(elsewhere, callee.aliases());
                var socket = TpktSocket.connect(next.socket(), CONNECT_LIMIT, capture);
                inbox.own(() -> placeAgain(next, socket, callee, elsewhere.why()));
            } catch (Redirection.Refused e) {
                var end = new CallEnd.Redirected(elsewhere.to(), elsewhere.aliases(), elsewhere.why() + ": " + e.getMessage());
                inbox.own(() -> endsOnTheWay(end));
            } catch (IOException e) {
                inbox.own(() -> endsOnTheWay(new CallEnd.Lost(elsewhere.words() + ", where nobody is: " + e.getMessage())));
            } catch (RuntimeException e) {
                // Of whoever is asked where that is: it ends the call as any fault on its own thread.
                inbox.own(() -> {
                    if (!over && moving) {
                        throw e;
                    }
                    return Optional.empty();
                });
            }
        });
    }

    /// On the call's thread, as the next two.
    private Optional<Event> placeAgain(Redirection.Next next, TpktSocket socket, CallConfig.Callee callee, String why) {
        if (over || !moving) {
            socket.close();
            return Optional.empty();
        }
        moving = false;
        control.startOver();
        timers.clear();
        streams.startOver(socket.remote().getAddress());
        config = config.to(next.callee(callee));
        machine = new CallMachine(config);
        signal = socket;
        listenTo(socket);
        call.observed(new Effect.Redirected(next.address(), next.aliases(), why));
        return Optional.of(new Event.Place());
    }

    private Optional<Event> endsOnTheWay(CallEnd end) {
        if (!over && moving) {
            moving = false;
            state = CallState.ENDED;
            call.observed(new Effect.Ended(end));
        }
        return Optional.empty();
    }

    /// There is nobody to talk to, but our user may not want to wait.
    private void onTheWay(Event event) {
        if (event instanceof Event.Hangup(var cause, var why)) {
            endsOnTheWay(new CallEnd.Cleared(Side.LOCAL, cause, why.isEmpty() ? Optional.empty() : Optional.of(why), false));
        }
    }

    /// The next event, or the timer that is due first; none when what came ended the call.
    private Optional<Event> next() throws InterruptedException {
        while (state != CallState.ENDED) {
            var due = timers.entrySet().stream().min(Map.Entry.comparingByValue());
            var told = due.isEmpty() ? Optional.of(inbox.take()) : inbox.take(due.get().getValue() - System.nanoTime());
            var event = told.flatMap(Supplier::get);
            if (event.isPresent()) {
                return event;
            }
            if (told.isEmpty() && due.isPresent() && due.get().getValue() <= System.nanoTime()) {
                timers.remove(due.get().getKey());
                return Optional.of(new Event.Expired(due.get().getKey()));
            }
        }
        return Optional.empty();
    }

    /// The wish to end the call needs no room and never waits.
    void end(Event event) {
        inbox.own(event);
    }

    /// How long a release may take: behind a write that waits, and then for the peer's own end.
    Duration releaseLimit() {
        return writeLimit.plus(Timer.CLEARING.usual()).plus(MARGIN);
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
        control.hurry();
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
            case Effect.SendControl(var message) -> {
                if (aborted) {
                    control.hurry();
                }
                control.write(message, writeLimit);
            }
            case Effect.ListenControl _ -> control.listen(signal.local().getAddress(), this::mayOpenControl);
            case Effect.ConnectControl(var to) -> control.connect(to, CONNECT_LIMIT);
            case Effect.CloseControl _ -> control.close();
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
                    Effect.ControlReady _, Effect.Signalling _, Effect.Redirected _, Effect.TooMuch _, Effect.NoFormat _, Effect.MediaFailed _,
                    Effect.Note _ -> { }
        }
    }

    private boolean mayOpenControl(InetAddress host) {
        return machine.mayOpenControl(Octets.of(host.getAddress()), Streams.address(signal.remote()).ip());
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

    /// The caller came back on a new connection, from the same host as before or from its own.
    ///
    /// @param otherwise when the call does not wait for it
    void cameBack(TpktSocket socket, FirstMessage first, Runnable otherwise) {
        adopt(socket, m -> {
            boolean ours = m.awaits(first, Streams.address(socket.remote()).ip(), Streams.address(signal.remote()).ip());
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
    public void keysRefused(String words) {
        call.observed(new Effect.Note("media: " + words));
    }

    @Override
    public void failed(Exception cause) {
        call.observed(new Effect.MediaFailed(String.valueOf(cause.getMessage())));
    }
}

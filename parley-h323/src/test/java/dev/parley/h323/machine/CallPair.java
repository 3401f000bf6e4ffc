package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Two calls joined by a line, in one thread and virtual time: a caller and a callee. Every octet travels, nothing is passed by reference.
final class CallPair {
    /// Not the usual one.
    static final Duration LIVENESS = Duration.ofSeconds(12);
    static final TransportAddress CALLEE_SIGNAL = address(2, 1720);

    final List<String> trace = new ArrayList<>();
    final End caller;
    final End callee;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private final Random random;
    private long now;
    private long order;
    /// Names of messages of H.245 that get lost on its own connection.
    final Set<String> lost = new HashSet<>();
    /// Messages of call signalling that get lost.
    final Set<MessageType> lostSignals = EnumSet.noneOf(MessageType.class);
    /// Whether the callee can listen for H.245.
    boolean listens = true;
    boolean signalCut;
    private int signalLines;
    boolean mute;
    Optional<Duration> mediaSilence = Optional.of(Duration.ofMillis(20));

    private record Task(long at, long order, Runnable run) {}

    CallPair(CallConfig caller, CallConfig callee, long seed) {
        random = new Random(seed);
        this.caller = new End("caller", new CallMachine(caller));
        this.callee = new End("callee", new CallMachine(callee));
    }

    static TransportAddress address(int host, int port) {
        return new TransportAddress(Octets.of((byte) 127, (byte) 0, (byte) 0, (byte) host), port);
    }

    static CallConfig config(int host, CallConfig.Style style, Optional<CallConfig.Callee> callee, long seed, Capability... capabilities) {
        var numbers = new Random(seed * 31 + host);
        var guid = new byte[16];
        numbers.nextBytes(guid);
        var ports = Map.of(
                Codec.Kind.AUDIO, new CallConfig.Ports(address(host, 5000), address(host, 5001)),
                Codec.Kind.VIDEO, new CallConfig.Ports(address(host, 5002), address(host, 5003)));
        return new CallConfig(List.of("user" + host, "100" + host), "User " + host, List.of(capabilities), ports, style, false,
                LIVENESS, Map.of(), 50, numbers::nextLong, Octets.of(guid), Octets.of(guid), 1 + numbers.nextInt(32_000), callee,
                Optional.empty(), Optional.empty());
    }

    /// The name of a message of H.245.
    static String name(Octets message) {
        return ((Value.Chosen) ((Value.Chosen) Pdu.H245.decode(message)).value()).name();
    }

    /// The same one that wants one format in both directions.
    static CallConfig symmetric(CallConfig c) {
        return new CallConfig(c.aliases(), c.display(), c.capabilities(), c.media(), c.style(), true, c.liveness(), c.times(),
                c.terminalType(), c.random(), c.callIdentifier(), c.conferenceId(), c.callReference(), c.callee(), c.takesCalls(),
                c.telephoneEvents());
    }

    /// The same one that can come back after its signalling connection was lost.
    static CallConfig returning(CallConfig c) {
        var host = c.media().get(Codec.Kind.AUDIO);
        return new CallConfig(c.aliases(), c.display(), c.capabilities(), c.media(), c.style(), c.symmetric(), c.liveness(), c.times(),
                c.terminalType(), c.random(), c.callIdentifier(), c.conferenceId(), c.callReference(), c.callee(),
                Optional.of(new TransportAddress(Objects.requireNonNull(host).rtp().ip(), 1720)), c.telephoneEvents());
    }

    /// The same one that takes keys in RTP.
    static CallConfig withEvents(CallConfig c, int payloadType) {
        return new CallConfig(c.aliases(), c.display(), c.capabilities(), c.media(), c.style(), c.symmetric(), c.liveness(), c.times(),
                c.terminalType(), c.random(), c.callIdentifier(), c.conferenceId(), c.callReference(), c.callee(), c.takesCalls(),
                Optional.of(payloadType));
    }

    /// The same one with other numbers for the determination of master and slave.
    static CallConfig withRandom(CallConfig c, LongSupplier numbers) {
        return new CallConfig(c.aliases(), c.display(), c.capabilities(), c.media(), c.style(), c.symmetric(), c.liveness(), c.times(),
                c.terminalType(), numbers, c.callIdentifier(), c.conferenceId(), c.callReference(), c.callee(), c.takesCalls(),
                c.telephoneEvents());
    }

    static Optional<CallConfig.Callee> toCallee() {
        return Optional.of(new CallConfig.Callee(List.of("user2"), CALLEE_SIGNAL, Map.of()));
    }

    /// One side with its timers and what its user has seen.
    final class End {
        final String name;
        final CallMachine machine;
        final List<Effect> seen = new ArrayList<>();
        /// What each event led to, in this order.
        final List<List<Effect>> steps = new ArrayList<>();
        private final Map<Timer, Long> timers = new EnumMap<>(Timer.class);
        private boolean controlUp;
        private long lastArrival;

        End(String name, CallMachine machine) {
            this.name = name;
            this.machine = machine;
        }

        End other() {
            return this == caller ? callee : caller;
        }

        void does(Event event) {
            trace.add(now / 1_000_000 + " ms " + name + " " + event.getClass().getSimpleName());
            var effects = machine.handle(event, now);
            steps.add(effects);
            for (var effect : effects) {
                seen.add(effect);
                run(effect);
            }
        }

        private void run(Effect effect) {
            switch (effect) {
                case Effect.SendSignal(var message) when !signalCut && !mute && !isLost(message) -> {
                    int line = signalLines;
                    deliver(() -> {
                        if (line == signalLines) {
                            other().does(new Event.Signal(message));
                        }
                    });
                }
                case Effect.SendControl(var message) when controlUp && !mute && !lost.contains(name(message)) -> deliver(new Event.Control(message));
                case Effect.ListenControl _ when listens || name.equals("caller") ->
                        later(0, () -> does(new Event.ControlListening(address(name.equals("caller") ? 1 : 2, 3000))));
                case Effect.ConnectControl _ -> later(delay(), () -> {
                    controlUp = true;
                    other().controlUp = true;
                    other().does(new Event.ControlConnected());
                    does(new Event.ControlConnected());
                });
                case Effect.CloseSignal _ when !signalCut -> deliver(new Event.SignalLost("closed"));
                case Effect.Reconnect _ -> later(delay(), () -> {
                    if (signalCut) {
                        does(new Event.ReconnectFailed("cut"));
                    } else {
                        other().does(new Event.SignalBack());
                        does(new Event.SignalBack());
                    }
                });
                case Effect.AskMedia _ -> later(0, () -> does(new Event.MediaSilence(mediaSilence)));
                case Effect.CloseControl _ when controlUp -> {
                    controlUp = false;
                    deliver(new Event.ControlLost("closed"));
                }
                case Effect.Start(var timer, var after) -> {
                    long due = now + after.toNanos();
                    timers.put(timer, due);
                    schedule(due, () -> {
                        if (timers.getOrDefault(timer, -1L) == due) {
                            timers.remove(timer);
                            does(new Event.Expired(timer));
                        }
                    });
                }
                case Effect.Stop(var timer) -> timers.remove(timer);
                default -> { }
            }
        }

        private boolean isLost(Octets message) {
            return Q931.decode(message).messageType().filter(lostSignals::contains).isPresent();
        }

        /// In order, like TCP.
        private void deliver(Event event) {
            deliver(() -> other().does(event));
        }

        private void deliver(Runnable arrival) {
            lastArrival = Math.max(lastArrival, now + delay());
            schedule(lastArrival, arrival);
        }

        <E extends Effect> List<E> seen(Class<E> kind) {
            return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        long sent(MessageType type) {
            return seen(Effect.SendSignal.class).stream().filter(s -> Q931.decode(s.message()).messageType().equals(Optional.of(type))).count();
        }

        /// The messages of H.245 on its own connection, with a name.
        List<Value> sent(String message) {
            return seen(Effect.SendControl.class).stream().filter(c -> name(c.message()).equals(message))
                    .map(c -> ((Value.Chosen) ((Value.Chosen) Pdu.H245.decode(c.message())).value()).value()).toList();
        }

        boolean noted(String words) {
            return Stream.concat(seen(Effect.Note.class).stream().map(Effect.Note::words),
                    seen(Effect.NoFormat.class).stream().map(Effect.NoFormat::words)).anyMatch(n -> n.contains(words));
        }

        CallEnd end() {
            return seen(Effect.Ended.class).getFirst().end();
        }
    }

    private long delay() {
        return 1_000_000L * (1 + random.nextInt(40));
    }

    void later(long after, Runnable run) {
        schedule(now + after, run);
    }

    private void schedule(long at, Runnable run) {
        tasks.add(new Task(at, order++, run));
    }

    /// Call signalling that is under way does not arrive.
    void loseSignals() {
        signalLines++;
    }

    /// Lets time pass.
    void run(Duration time) {
        long until = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().at() <= until) {
            var task = tasks.remove();
            now = task.at();
            task.run().run();
        }
        now = until;
    }
}

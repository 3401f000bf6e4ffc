package dev.parley.osi.machine;

import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.osi.wire.TsduStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// One machine with its stream of TSDUs, and what is on its way to it. The line keeps the order of each flow; what is expedited may overtake what
/// is not, and never comes after what was sent later (X.214).
final class Side {
    /// What a side did with a request, an SPDU or an event, or what it told its user. Put into words only when a test fails.
    record Line(String side, State before, Object what, State after) {
        @Override
        public String toString() {
            var arrow = switch (what) {
                case Request _ -> "  user: ";
                case Spdu _ -> "  peer: ";
                case Indication _ -> "  tells its user: ";
                default -> "  ";
            };
            return side + " " + before + arrow + what + (before == after ? "" : " -> " + after);
        }
    }

    private record Sent(long number, ByteBuffer octets) {}

    final String name;
    final SessionMachine machine;
    final Variables variables;
    final List<Line> log;
    private final TsduStream stream;
    private final Consumer<Indication> user;
    private final Deque<Sent> normal = new ArrayDeque<>();
    private final Deque<Sent> expedited = new ArrayDeque<>();
    private Side peer = this;
    private long sent;
    boolean timer;
    boolean closing;

    Side(String name, SessionOptions options, boolean transportExpedited, List<Line> log, Consumer<Indication> user) {
        this.name = name;
        this.log = log;
        this.user = user;
        variables = new Variables(options);
        machine = new SessionMachine(variables, State.STA01);
        machine.transportExpedited(transportExpedited);
        stream = new TsduStream(options.extendedConcatenation(), options.concatenate(), options.ssdu());
    }

    void join(Side other) {
        peer = other;
    }

    /// @throws SessionException when the machine refuses
    void request(Request request) {
        var before = machine.state();
        var effects = machine.handle(new Event.FromUser(request));
        log.add(new Line(name, before, request, machine.state()));
        run(effects);
        stream.flush(this::send);
    }

    void below(Event.FromBelow event) {
        log.add(new Line(name, machine.state(), event, machine.state()));
        run(machine.handle(event));
        stream.flush(this::send);
    }

    boolean isQuiet() {
        return normal.isEmpty() && expedited.isEmpty();
    }

    boolean hasExpedited() {
        return !expedited.isEmpty();
    }

    /// Hands the next TSDU over: of the expedited flow when it is asked for, or when it is older than the other.
    void deliver(boolean first) {
        boolean fast = !expedited.isEmpty() && (first || normal.isEmpty() || expedited.peek().number < normal.peek().number);
        var octets = (fast ? expedited.poll() : normal.poll()).octets;
        if (closing || machine.state() == State.STA01) {
            return;
        }
        agree();
        try {
            for (var spdu : stream.receive(octets)) {
                var before = machine.state();
                var effects = machine.handle(new Event.FromPeer(spdu));
                log.add(new Line(name, before, spdu, machine.state()));
                run(effects);
            }
        } catch (SessionException.ProtocolViolation e) {
            throw new AssertionError(name + " found what the other side sent malformed: " + e.getMessage(), e);
        }
        stream.flush(this::send);
    }

    private void run(List<Effect> effects) {
        for (var effect : effects) {
            switch (effect) {
                case Effect.Send(var spdu) -> {
                    agree();
                    stream.send(spdu, this::send);
                }
                case Effect.SendExpedited(var spdu) -> {
                    var octets = join(SpduCodec.encode(spdu));
                    if (octets.remaining() > 16) {
                        throw new AssertionError(spdu + " has " + octets.remaining() + " octets, the expedited flow carries 16");
                    }
                    peer.expedited.add(new Sent(sent++, octets));
                }
                case Effect.Indicate(var indication) -> {
                    log.add(new Line(name, machine.state(), indication, machine.state()));
                    user.accept(indication);
                }
                case Effect.ConnectTransport _, Effect.AcceptTransport _ -> {}
                case Effect.DisconnectTransport _ -> closing = true;
                case Effect.StartTimer _ -> timer = true;
                case Effect.StopTimer _ -> timer = false;
            }
        }
    }

    private void agree() {
        var n = machine.negotiated();
        stream.agree(n.version(), n.mostSent(), n.mostReceived(), n.peerTakesExtended());
    }

    private void send(ByteBuffer[] tsdu) {
        peer.normal.add(new Sent(sent++, join(tsdu)));
    }

    private static ByteBuffer join(ByteBuffer[] buffers) {
        var out = new ByteArrayOutputStream();
        for (var buffer : buffers) {
            var octets = new byte[buffer.remaining()];
            buffer.duplicate().get(octets);
            out.writeBytes(octets);
        }
        return ByteBuffer.wrap(out.toByteArray());
    }
}

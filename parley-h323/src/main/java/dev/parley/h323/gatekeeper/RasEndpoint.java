package dev.parley.h323.gatekeeper;

import dev.parley.api.SessionException;
import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.EndpointMachine;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.RasOutput;
import dev.parley.h323.ras.RasTime;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// An endpoint's link to its gatekeeper. Methods may be called from any thread; what they return completes on the loop. What the gatekeeper
/// does by itself (demands the end of a call, falls silent) comes to the listener.
public final class RasEndpoint implements AutoCloseable {
    private final Loop loop;
    private final Consumer<EndpointEvent> listener;
    private final EndpointMachine machine;
    private final Datagrams socket;
    private final CompletableFuture<EndpointEvent.Registered> registered = new CompletableFuture<>();
    private final CompletableFuture<EndpointEvent.Unregistered> unregistered = new CompletableFuture<>();
    private final Map<Octets, CompletableFuture<EndpointEvent.Admitted>> admissions = new HashMap<>();
    private final Map<Octets, CompletableFuture<EndpointEvent.BandwidthSet>> bandwidths = new HashMap<>();
    private final Map<Octets, CompletableFuture<Octets>> disengagements = new HashMap<>();
    private Loop.Timer timer = () -> { };
    private boolean closed;

    private RasEndpoint(Datagrams.Network network, Loop loop, RandomGenerator random, InetSocketAddress local,
            Function<TransportAddress, EndpointConfig> config, Consumer<EndpointEvent> listener) throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.socket = network.open(local, loop, (from, datagram) -> received(from, datagram));
        this.machine = new EndpointMachine(config.apply(Addresses.of(socket.local())), random.nextLong());
    }

    /// Opens the socket and begins to look for the gatekeeper.
    ///
    /// @param local port 0 for any free one
    /// @param config made for the RAS address that the socket got
    /// @param listener called on the loop with every event; must not block
    public static RasEndpoint open(Datagrams.Network network, Loop loop, RandomGenerator random, InetSocketAddress local,
            Function<TransportAddress, EndpointConfig> config, Consumer<EndpointEvent> listener) throws IOException {
        var endpoint = new RasEndpoint(network, loop, random, local, config, listener);
        loop.execute(() -> endpoint.perform(endpoint.machine.start(endpoint.now())));
        return endpoint;
    }

    /// Completes with the first registration, or fails when the gatekeeper refuses it. While none answers, it waits.
    public CompletionStage<EndpointEvent.Registered> registered() {
        return registered;
    }

    /// Asks for a call; fails with [SessionException.Refused] and the gatekeeper's reason in words.
    public CompletionStage<EndpointEvent.Admitted> admit(Admission call) {
        return ask(admissions, call.callIdentifier(), () -> machine.admit(call, now()));
    }

    /// Asks for another bandwidth of a call, in units of 100 bit/s. The answer may be less.
    public CompletionStage<EndpointEvent.BandwidthSet> bandwidth(Octets callIdentifier, long bandwidth) {
        return ask(bandwidths, callIdentifier, () -> machine.bandwidth(callIdentifier, bandwidth, now()));
    }

    /// A call is connected: the gatekeeper will be told when, if it wants to know.
    public void answered(Octets callIdentifier) {
        loop.execute(() -> machine.answered(callIdentifier, now()));
    }

    /// Tells that a call is over. Completes when the gatekeeper knows, or is silent for too long.
    public CompletionStage<Octets> disengage(Octets callIdentifier, DisengageReason reason) {
        var answer = new CompletableFuture<Octets>();
        loop.execute(() -> {
            var outputs = machine.disengage(callIdentifier, reason, now());
            if (outputs.isEmpty()) {
                answer.complete(callIdentifier);
            } else {
                disengagements.put(callIdentifier, answer);
            }
            perform(outputs);
        });
        return answer;
    }

    /// Leaves the gatekeeper. Completes when it knows, or is silent for too long.
    public CompletionStage<EndpointEvent.Unregistered> unregister() {
        loop.execute(() -> perform(machine.unregister(now())));
        return unregistered;
    }

    /// The calls that the gatekeeper knows of, as of now on the loop.
    CompletionStage<List<Octets>> calls() {
        var answer = new CompletableFuture<List<Octets>>();
        loop.execute(() -> answer.complete(machine.calls()));
        return answer;
    }

    private interface Asking {
        List<RasOutput> ask();
    }

    private <T> CompletionStage<T> ask(Map<Octets, CompletableFuture<T>> waiting, Octets call, Asking asking) {
        var answer = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                var outputs = asking.ask();
                waiting.put(call, answer);
                perform(outputs);
            } catch (SessionException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private RasTime now() {
        return new RasTime(loop.nanoTime(), loop.wallMillis());
    }

    private void received(InetSocketAddress from, ByteBuffer datagram) {
        try {
            perform(machine.received(Addresses.octets(datagram), Addresses.of(from), now()));
        } catch (SessionException.ProtocolViolation malformed) {
            // Whoever sent it: there is nobody to tell, and the next one may be well.
        }
    }

    private void perform(List<RasOutput> outputs) {
        for (var output : outputs) {
            switch (output) {
                case RasOutput.Send(TransportAddress to, Octets datagram) -> socket.send(Addresses.of(to), ByteBuffer.wrap(datagram.toArray()));
                case RasOutput.Discover(Octets datagram) -> socket.send(
                        new InetSocketAddress(Addresses.DISCOVERY_GROUP, Addresses.DISCOVERY_PORT), ByteBuffer.wrap(datagram.toArray()));
                case EndpointEvent event -> happened(event);
                case GatekeeperEvent _ -> throw new IllegalStateException("an endpoint's machine told of a gatekeeper");
            }
        }
        schedule();
    }

    private void schedule() {
        timer.cancel();
        long next = machine.nextTick();
        if (!closed && next != Long.MAX_VALUE) {
            timer = loop.schedule(Duration.ofNanos(Math.max(0, next - loop.nanoTime())), () -> {
                if (!closed) {
                    perform(machine.tick(now()));
                }
            });
        }
    }

    /// The listener hears of it before whoever waits for it goes on.
    private void happened(EndpointEvent event) {
        listener.accept(event);
        switch (event) {
            case EndpointEvent.Registered r -> registered.complete(r);
            case EndpointEvent.RegistrationRefused(String reason) -> registered.completeExceptionally(
                    new SessionException.Refused("the gatekeeper refuses the registration: " + Reason.words(reason)));
            case EndpointEvent.Unregistered u -> {
                if (!u.byGatekeeper()) {
                    unregistered.complete(u);
                }
            }
            case EndpointEvent.Admitted a -> complete(admissions, a.callIdentifier(), a);
            case EndpointEvent.AdmissionRefused(Octets call, String reason) -> {
                var waiting = admissions.remove(call);
                if (waiting != null) {
                    waiting.completeExceptionally(new SessionException.Refused("the gatekeeper refuses the call: " + Reason.words(reason)));
                }
            }
            case EndpointEvent.BandwidthSet b -> complete(bandwidths, b.callIdentifier(), b);
            case EndpointEvent.Disengaged(Octets call) -> complete(disengagements, call, call);
            case EndpointEvent.DisengageDemanded _, EndpointEvent.GatekeeperLost _ -> { }
        }
    }

    private static <T> void complete(Map<Octets, CompletableFuture<T>> waiting, Octets call, T answer) {
        var future = waiting.remove(call);
        if (future != null) {
            future.complete(answer);
        }
    }

    /// Closes the socket, without a word to the gatekeeper: that is [#unregister].
    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            timer.cancel();
            socket.close();
        });
    }
}

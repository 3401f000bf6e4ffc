package dev.parley.h323.gatekeeper;

import dev.parley.api.SessionException;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.GatekeeperMachine;
import dev.parley.h323.ras.RasOutput;
import dev.parley.h323.ras.RasTime;
import dev.parley.h323.ras.Registration;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A gatekeeper on the network: RAS on its port and, when asked for, discovery by multicast. Methods may be called from any thread.
public final class Gatekeeper implements AutoCloseable {
    private final Loop loop;
    private final Consumer<GatekeeperEvent> listener;
    private final GatekeeperMachine machine;
    private final Datagrams socket;
    private final @Nullable Datagrams discovery;
    private Loop.Timer timer = () -> { };
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private boolean leaving;
    private boolean closed;

    private Gatekeeper(Datagrams.Network network, Loop loop, RandomGenerator random, InetSocketAddress ras, InetSocketAddress signalling,
            boolean multicast, BiFunction<TransportAddress, TransportAddress, GatekeeperConfig> config, Consumer<GatekeeperEvent> listener)
            throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.socket = network.open(ras, loop, (from, datagram) -> received(from, datagram));
        try {
            var settings = config.apply(Addresses.of(socket.local()), Addresses.of(signalling)).on(new LocalHost());
            this.machine = new GatekeeperMachine(settings, random.nextLong());
            this.discovery = !multicast ? null : network.open(new InetSocketAddress(ras.getAddress(), Addresses.DISCOVERY_PORT),
                    Optional.of(Addresses.DISCOVERY_GROUP), loop, (from, datagram) -> received(from, datagram));
        } catch (IOException | IllegalArgumentException e) {
            socket.close();
            throw e;
        }
    }

    /// @param ras where to listen; port 1719 by convention, 0 for any free one
    /// @param signalling where routed calls come to
    /// @param multicast whether to answer discovery at 224.0.1.41 port 1718
    /// @param config made for the RAS and the signalling address; where they are 0.0.0.0 or ::, whoever asks is told our address on the way to it
    /// @param listener called on the loop with every event; must not block
    public static Gatekeeper open(Datagrams.Network network, Loop loop, RandomGenerator random, InetSocketAddress ras, InetSocketAddress signalling,
            boolean multicast, BiFunction<TransportAddress, TransportAddress, GatekeeperConfig> config, Consumer<GatekeeperEvent> listener)
            throws IOException {
        return new Gatekeeper(network, loop, random, ras, signalling, multicast, config, listener);
    }

    /// Where it listens.
    public InetSocketAddress rasAddress() {
        return socket.local();
    }

    /// Who is registered now.
    public CompletionStage<List<Registration>> registrations() {
        var answer = new CompletableFuture<List<Registration>>();
        loop.execute(() -> answer.complete(machine.registrations()));
        return answer;
    }

    /// How many calls are admitted now.
    public CompletionStage<Integer> calls() {
        var answer = new CompletableFuture<Integer>();
        loop.execute(() -> answer.complete(machine.calls()));
        return answer;
    }

    /// Where the Setup of an admitted, routed call goes on to; empty when there is no such call.
    public CompletionStage<Optional<InetSocketAddress>> destination(Octets callIdentifier) {
        var answer = new CompletableFuture<Optional<InetSocketAddress>>();
        loop.execute(() -> answer.complete(machine.destination(callIdentifier).map(Addresses::of)));
        return answer;
    }

    /// A routed call is answered.
    public void answered(Octets callIdentifier) {
        loop.execute(() -> machine.answered(callIdentifier, now()));
    }

    /// Ends a registration; the endpoint is told.
    ///
    /// @param reason of H.225.0: `reregistrationRequired`, `ttlExpired`, `securityDenial`, `undefinedReason` or `maintenance`
    public void unregister(String endpointIdentifier, String reason) {
        loop.execute(() -> perform(machine.unregister(endpointIdentifier, reason, now())));
    }

    /// Ends all registrations and takes none any more; endpoints are told where else to go ([GatekeeperConfig#alternates]).
    ///
    /// @param reason as for one
    /// @param limit how long to wait for them
    /// @return completes when all have answered, or are silent for too long
    public CompletionStage<Void> leave(String reason, Duration limit) {
        loop.execute(() -> {
            loop.schedule(limit, () -> left.complete(null));
            leaving = true;
            perform(machine.leave(reason, now()));
        });
        return left;
    }

    /// Ends a call; both ends are told.
    public void drop(Octets callIdentifier) {
        loop.execute(() -> perform(machine.drop(callIdentifier, now())));
    }

    /// Asks both ends of a call whether they are still in it. Whoever is not, or does not answer, is out of it.
    public void inquire(Octets callIdentifier) {
        loop.execute(() -> perform(machine.inquire(callIdentifier, now())));
    }

    /// Demands another bandwidth of both ends of a call. What they say comes as [GatekeeperEvent.BandwidthChanged] or `BandwidthRefused`.
    ///
    /// @param bandwidth in units of 100 bit/s, both directions together
    public void limit(Octets callIdentifier, long bandwidth) {
        loop.execute(() -> perform(machine.limit(callIdentifier, bandwidth, now())));
    }

    /// The bandwidth of one call has another limit from now on; calls that use more are asked to use less.
    ///
    /// @param bandwidth in units of 100 bit/s, both directions together
    public void limitCalls(long bandwidth) {
        loop.execute(() -> perform(machine.limitCalls(bandwidth, now())));
    }

    private RasTime now() {
        return new RasTime(loop.nanoTime(), loop.wallMillis());
    }

    private void received(InetSocketAddress from, ByteBuffer datagram) {
        try {
            perform(machine.received(Addresses.octets(datagram), Addresses.of(from), now()));
        } catch (SessionException.ProtocolViolation | SessionException.LimitReached malformed) {
            // Nothing of it can be answered, and the next one may be well.
        }
    }

    private void perform(List<RasOutput> outputs) {
        for (var output : outputs) {
            switch (output) {
                case RasOutput.Send(TransportAddress to, Octets datagram) -> socket.send(Addresses.of(to), ByteBuffer.wrap(datagram.toArray()));
                case GatekeeperEvent event -> listener.accept(event);
                case RasOutput.Discover _, EndpointEvent _ -> throw new IllegalStateException("a gatekeeper's machine told of an endpoint");
            }
        }
        if (leaving && machine.isQuiet()) {
            left.complete(null);
        }
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

    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            timer.cancel();
            socket.close();
            if (discovery != null) {
                discovery.close();
            }
        });
    }
}

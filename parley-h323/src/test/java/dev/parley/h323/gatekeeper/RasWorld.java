package dev.parley.h323.gatekeeper;

import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.testkit.SimDatagrams;
import dev.parley.testkit.SimProcess;
import dev.parley.testkit.SimWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/// A gatekeeper and endpoints in virtual time.
final class RasWorld {
    static final Passwords TWO_USERS = user -> Optional.ofNullable(Map.of("alice", "wonderland", "bob", "builder").get(user));

    final SimWorld world;
    final SimDatagrams network;
    final List<GatekeeperEvent> atGatekeeper = new ArrayList<>();
    final Map<RasEndpoint, List<EndpointEvent>> atEndpoint = new LinkedHashMap<>();
    final SimProcess gatekeeperProcess;
    final Gatekeeper gatekeeper;
    private int endpoints;
    private int calls;

    RasWorld(long seed, Passwords passwords, UnaryOperator<GatekeeperConfig> settings) throws IOException {
        world = new SimWorld(seed);
        network = new SimDatagrams(world);
        gatekeeperProcess = world.process("gatekeeper");
        gatekeeper = open(gatekeeperProcess, "10.0.0.1", passwords, settings);
    }

    Gatekeeper open(SimProcess process, String host, Passwords passwords, UnaryOperator<GatekeeperConfig> settings) throws IOException {
        return Gatekeeper.open(network, process.loop(), world.random(), at(host, Addresses.RAS_PORT), at(host, Addresses.SIGNALLING_PORT), true,
                (ras, signal) -> settings.apply(GatekeeperConfig.of("GK", ras, signal, passwords)), atGatekeeper::add);
    }

    static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    static TransportAddress address(String host, int port) {
        return Addresses.of(at(host, port));
    }

    /// The n-th endpoint lives at 10.0.1.n, those from the 250th on at 10.0.2.0 and so on.
    RasEndpoint endpoint(UnaryOperator<EndpointConfig> settings, String... aliases) throws IOException {
        endpoints++;
        var host = "10.0." + (1 + endpoints / 250) + "." + endpoints % 250;
        var events = new ArrayList<EndpointEvent>();
        var names = List.of(aliases).stream().map(Alias::of).toList();
        var endpoint = RasEndpoint.open(network, world.process(host).loop(), world.random(), at(host, 0), ras -> settings.apply(
                EndpointConfig.of(names, ras, address(host, Addresses.SIGNALLING_PORT), Optional.of(address("10.0.0.1", Addresses.RAS_PORT)))),
                events::add);
        atEndpoint.put(endpoint, events);
        return endpoint;
    }

    static EndpointConfig byMulticast(EndpointConfig config) {
        return new EndpointConfig(config.aliases(), config.rasAddress(), config.signalAddresses(), Optional.empty(), Optional.empty(), List.of(),
                config.credentials(), config.timeToLive(), config.answerWithin(), config.tries(), config.retryAfter());
    }

    Admission call(String to) {
        var id = new byte[16];
        id[15] = (byte) ++calls;
        return new Admission(Octets.of(id), Octets.of(id), calls, false, List.of(Alias.of(to)), Optional.empty(), List.of(Alias.of("me")),
                Optional.empty(), 1280);
    }

    static Admission answering(Admission call) {
        return new Admission(call.callIdentifier(), call.conferenceIdentifier(), call.callReference(), true, List.of(), Optional.empty(),
                call.source(), Optional.empty(), call.bandwidth());
    }

    void run(Duration time) {
        world.run(() -> false, time);
    }

    <T> T await(CompletionStage<T> stage) {
        var future = stage.toCompletableFuture();
        world.run(future::isDone, Duration.ofMinutes(2));
        if (!future.isDone()) {
            throw new AssertionError("nothing came of it within two minutes");
        }
        return future.join();
    }

    <T> List<T> events(Class<T> kind) {
        return atGatekeeper.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T> List<T> events(RasEndpoint endpoint, Class<T> kind) {
        return atEndpoint.getOrDefault(endpoint, List.of()).stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}

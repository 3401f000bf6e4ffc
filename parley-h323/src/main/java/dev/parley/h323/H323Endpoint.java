package dev.parley.h323;

import dev.parley.api.SessionException;
import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// An H.323 terminal: takes calls on its port and places calls. Every call has a virtual thread of its own.
public final class H323Endpoint implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Settings settings;
    private final ServerSocket server;
    private final Consumer<H323Call> incoming;
    private final Optional<Capture> capture;
    private final Set<H323Call> calls = ConcurrentHashMap.newKeySet();

    private H323Endpoint(Settings settings, ServerSocket server, Consumer<H323Call> incoming, Optional<Capture> capture) {
        this.settings = settings;
        this.server = server;
        this.incoming = incoming;
        this.capture = capture;
    }

    /// Takes calls from now on.
    ///
    /// @param incoming told of each call when its Setup is there, on the call's thread; must not wait
    /// @param capture where what crosses the calls' connections is written
    /// @throws IOException when the port is taken
    public static H323Endpoint open(Settings settings, Optional<Capture> capture, Consumer<H323Call> incoming) throws IOException {
        var server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(settings.listen(), 256);
        var endpoint = new H323Endpoint(settings, server, incoming, capture);
        Thread.ofVirtual().name("h323 listener").start(endpoint::accept);
        return endpoint;
    }

    public static H323Endpoint open(Settings settings, Consumer<H323Call> incoming) throws IOException {
        return open(settings, Optional.empty(), incoming);
    }

    /// Where it takes calls.
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    public int callsNow() {
        return calls.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                if (calls.size() >= settings.mostCalls()) {
                    socket.close();
                    continue;
                }
                accepted(socket);
            } catch (IOException _) {
                // A connection that broke while it was taken, or the end: the loop's condition tells which.
                continue;
            }
        }
    }

    private void accepted(Socket socket) throws IOException {
        var driver = driver(socket, Identifiers.random(), Optional.empty());
        var call = driver.call();
        call.listen(effect -> {
            if (effect instanceof Effect.Incoming) {
                call.listen(_ -> { });
                incoming.accept(call);
            }
        });
        driver.start(() -> calls.remove(call));
    }

    /// Places a call.
    ///
    /// @param aliases whom we want there; empty for whoever answers
    /// @param listener told of everything that happens, on the call's thread; must not wait
    /// @throws SessionException.ConnectionLost when nobody is there
    public H323Call call(InetSocketAddress to, List<String> aliases, CallMedia media, Consumer<Effect> listener) {
        return call(to, aliases, media, Map.of(), Identifiers.random(), listener);
    }

    /// What names a call; a gatekeeper must know it before the call is placed.
    public record Identifiers(Octets call, Octets conference, int reference) {
        public static Identifiers random() {
            return new Identifiers(identifier(), identifier(), 1 + RANDOM.nextInt(0x7ffe));
        }
    }

    /// @param tokens what a gatekeeper wants in Setup
    public H323Call call(InetSocketAddress to, List<String> aliases, CallMedia media, Map<String, Value> tokens, Identifiers identifiers,
            Consumer<Effect> listener) {
        var socket = new Socket();
        try {
            socket.connect(to, (int) CONNECT_LIMIT.toMillis());
            var driver = driver(socket, identifiers, Optional.of(new CallConfig.Callee(aliases, Streams.address(to), tokens)));
            driver.call().listen(listener);
            driver.play(media);
            driver.start(() -> calls.remove(driver.call()));
            driver.tell(new Event.Place());
            return driver.call();
        } catch (IOException e) {
            throw new SessionException.ConnectionLost("cannot call " + to.getHostString() + ":" + to.getPort() + ": " + e.getMessage(), e);
        }
    }

    private CallDriver driver(Socket socket, Identifiers identifiers, Optional<CallConfig.Callee> callee) throws IOException {
        try {
            var signal = new TpktSocket(socket, callee.isPresent(), capture);
            var streams = new Streams(settings, socket.getLocalAddress(), settings.aliases().getFirst());
            var config = new CallConfig(settings.aliases(), settings.display(), settings.capabilities(), streams.ports(), settings.style(), false,
                    settings.liveness(), Map.of(), 50, RANDOM::nextLong, identifiers.call(), identifiers.conference(), identifiers.reference(),
                    callee);
            var driver = new CallDriver(config, signal, streams, capture);
            calls.add(driver.call());
            return driver;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Octets identifier() {
        var octets = new byte[16];
        RANDOM.nextBytes(octets);
        return Octets.of(octets);
    }

    /// Ends all calls at once.
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // It takes no calls any more all the same.
        }
        calls.forEach(H323Call::close);
    }
}

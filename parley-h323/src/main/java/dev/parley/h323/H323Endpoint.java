package dev.parley.h323;

import dev.parley.api.AddressText;
import dev.parley.api.SessionException;
import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.tcp.Places;
import dev.parley.runtime.tcp.Tcp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// An H.323 terminal: takes calls on its port and places calls. Every call has a virtual thread of its own.
public final class H323Endpoint implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Arriving ARRIVING = new Arriving(1_000, Duration.ofSeconds(10));
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Settings settings;
    private final ServerSocket server;
    private final Consumer<H323Call> incoming;
    private final Consumer<String> problems;
    private final Optional<Capture> capture;
    private final Set<CallDriver> drivers = ConcurrentHashMap.newKeySet();
    private final Semaphore room;
    private final Duration firstMessageWithin;
    private final Places arriving;

    /// Connections whose first message is not there yet.
    ///
    /// @param most of them; further ones are closed
    /// @param within what time the message must come
    record Arriving(int most, Duration within) {}

    private H323Endpoint(Settings settings, ServerSocket server, Consumer<H323Call> incoming, Consumer<String> problems,
            Optional<Capture> capture, Arriving limits) {
        this.settings = settings;
        this.problems = problems;
        this.server = server;
        this.incoming = incoming;
        this.capture = capture;
        this.room = new Semaphore(settings.mostCalls());
        this.firstMessageWithin = limits.within();
        this.arriving = new Places(limits.most());
    }

    /// Takes calls from now on.
    ///
    /// @param incoming told of each call when its Setup is there, on the call's thread; must not wait
    /// @param capture where what crosses the calls' connections is written, and their media
    /// @throws IOException when the port is taken
    public static H323Endpoint open(Settings settings, Optional<Capture> capture, Consumer<H323Call> incoming) throws IOException {
        return open(settings, capture, incoming, _ -> { });
    }

    /// The same.
    ///
    /// @param problems told in words of each caller whose call could not even be shown, since no port was free for its media; must not wait
    public static H323Endpoint open(Settings settings, Optional<Capture> capture, Consumer<H323Call> incoming, Consumer<String> problems)
            throws IOException {
        return open(settings, capture, incoming, problems, ARRIVING);
    }

    static H323Endpoint open(Settings settings, Optional<Capture> capture, Consumer<H323Call> incoming, Consumer<String> problems,
            Arriving limits) throws IOException {
        var server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(settings.listen(), 256);
        var endpoint = new H323Endpoint(settings, server, incoming, problems, capture, limits);
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
        return drivers.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                if (arriving.take(socket.getInetAddress())) {
                    Thread.ofVirtual().name("h323 arrival").start(() -> arrive(socket));
                } else {
                    socket.close();
                }
            } catch (IOException _) {
                if (!server.isClosed()) {
                    Tcp.awaitRoom();
                }
            }
        }
    }

    /// A connection costs no more than this thread until its first message is there: Setup begins a call, and whoever asks for the state of
    /// one comes back to it.
    private void arrive(Socket socket) {
        try {
            arrive(new TpktSocket(socket, false, capture));
        } catch (IOException _) {
            close(socket);
        } finally {
            arriving.leave(socket.getInetAddress());
        }
    }

    private void arrive(TpktSocket signal) {
        try {
            var first = FirstMessage.read(signal.first(firstMessageWithin));
            switch (first.flatMap(FirstMessage::type).orElse(MessageType.NOTIFY)) {
                case SETUP -> called(signal, first.orElseThrow());
                case STATUS_INQUIRY -> cameBack(signal, first.orElseThrow());
                default -> signal.close();
            }
        } catch (IOException | SessionException.ProtocolViolation _) {
            signal.close();
        }
    }

    private void called(TpktSocket signal, FirstMessage setup) throws IOException {
        if (server.isClosed()) {
            signal.close();
        } else if (reserve()) {
            take(signal, setup);
        } else {
            refuse(signal, setup, Cause.CONGESTION);
        }
    }

    private void refuse(TpktSocket signal, FirstMessage setup, Cause why) throws IOException {
        signal.write(setup.refused(why, "gatewayResources"), settings.writeLimit());
        signal.close();
    }

    private void cameBack(TpktSocket signal, FirstMessage inquiry) {
        var driver = inquiry.call().flatMap(id -> drivers.stream().filter(d -> d.is(id)).findFirst());
        Runnable unknown = () -> {
            try {
                signal.write(inquiry.refused(Cause.INVALID_CALL_REFERENCE, "undefinedReason"), settings.writeLimit());
            } catch (IOException _) {
                // Whoever asked is gone already.
                return;
            }
        };
        if (driver.isPresent()) {
            driver.get().cameBack(signal, inquiry, unknown);
        } else {
            unknown.run();
            signal.close();
        }
    }

    private void take(TpktSocket signal, FirstMessage setup) throws IOException {
        CallDriver driver;
        try {
            driver = driver(signal, Identifiers.random(), settings.style(), Optional.empty(), Optional.empty());
        } catch (SessionException.LimitReached e) {
            room.release();
            problems.accept("a call from " + AddressText.of(signal.remote().getAddress()) + " was refused: " + e.getMessage());
            refuse(signal, setup, Cause.NO_RESOURCES);
            return;
        }
        driver.call().whenIncoming(incoming);
        driver.start(() -> ended(driver));
    }

    private boolean reserve() {
        return room.tryAcquire();
    }

    private void ended(CallDriver driver) {
        drivers.remove(driver);
        room.release();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed all the same.
            return;
        }
    }

    /// Places a call.
    ///
    /// @param aliases whom we want there; empty for whoever answers
    /// @param listener told of everything that happens, on the call's thread; must not wait
    /// @throws SessionException.ConnectionLost when nobody is there
    public H323Call call(InetSocketAddress to, List<String> aliases, CallMedia media, Consumer<Effect> listener) {
        return call(CallRequest.to(to, aliases), media, listener);
    }

    /// What names a call; a gatekeeper must know it before the call is placed.
    public record Identifiers(Octets call, Octets conference, int reference) {
        public static Identifiers random() {
            return new Identifiers(identifier(), identifier(), 1 + RANDOM.nextInt(0x7ffe));
        }
    }

    /// Places a call.
    ///
    /// @param listener told of everything that happens, on the call's thread; must not wait
    /// @throws SessionException.ConnectionLost when nobody is there
    /// @throws SessionException.LimitReached when there are as many calls as the settings allow, or no port is free for media
    public H323Call call(CallRequest request, CallMedia media, Consumer<Effect> listener) {
        if (!reserve()) {
            throw new SessionException.LimitReached("there are " + settings.mostCalls() + " calls already");
        }
        var to = request.to();
        try {
            var address = Streams.address(to);
            var driver = driver(TpktSocket.connect(to, CONNECT_LIMIT, capture), request.identifiers(), request.style().orElse(settings.style()),
                    Optional.of(new CallConfig.Callee(request.aliases(), address, request.tokens())),
                    Optional.of(new Redirection(address, request.aliases(), settings.mostRedirections(), request.elsewhere())));
            driver.call().listen(listener);
            driver.play(media);
            driver.start(() -> ended(driver));
            driver.tell(new Event.Place());
            return driver.call();
        } catch (IOException e) {
            room.release();
            throw new SessionException.ConnectionLost("cannot call " + AddressText.of(to) + ": " + e.getMessage(), e);
        } catch (SessionException.LimitReached e) {
            room.release();
            throw e;
        }
    }

    /// @throws SessionException.LimitReached when no port is free for media; of a caller the connection is open then, ours is closed
    private CallDriver driver(TpktSocket signal, Identifiers identifiers, CallConfig.Style style, Optional<CallConfig.Callee> callee,
            Optional<Redirection> redirection) {
        try {
            var streams = new Streams(settings, signal.local().getAddress(), settings.aliases().getFirst(), capture);
            var back = Streams.address(new InetSocketAddress(signal.local().getAddress(), server.getLocalPort()));
            var config = new CallConfig(settings.aliases(), settings.display(), settings.capabilities(), streams.ports(), style,
                    settings.symmetric(), settings.liveness(), settings.times(), 50, RANDOM::nextLong, identifiers.call(), identifiers.conference(),
                    identifiers.reference(), callee, Optional.of(back),
                    settings.telephoneEvents());
            var driver = new CallDriver(config, signal, streams, capture, redirection, settings.writeLimit());
            drivers.add(driver);
            return driver;
        } catch (IOException e) {
            if (callee.isPresent()) {
                signal.close();
            }
            throw new SessionException.LimitReached(String.valueOf(e.getMessage()));
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
        drivers.forEach(d -> d.call().close());
    }
}

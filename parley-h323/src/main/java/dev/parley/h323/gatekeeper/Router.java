package dev.parley.h323.gatekeeper;

import dev.parley.api.SessionException;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.capture.CapturedStream;
import dev.parley.runtime.tcp.Places;
import dev.parley.runtime.tcp.Tcp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/// Takes the call signalling of routed calls and passes it on, octet by octet: the Setup of a call that the gatekeeper has admitted goes to the
/// endpoint that it found, and what follows in both directions after it. Calls that nobody asked for are released. Media and a separate H.245
/// channel go directly between the endpoints.
public final class Router implements AutoCloseable {
    /// Calls at the same time.
    public static final int MOST_CALLS = 2_000;

    /// Connections without a Setup; more are closed without a word.
    private static final int MOST_WAITING = 1_000;
    /// Setup, or the question with which the caller of a call comes back whose connection was lost.
    private static final Set<MessageType> FIRST = EnumSet.of(MessageType.SETUP, MessageType.STATUS_INQUIRY);
    private static final int BUFFER = 8 << 10;
    private static final Duration SETUP_WITHIN = Duration.ofSeconds(10);
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    private final ServerSocket server;
    private final Function<Octets, CompletionStage<Optional<InetSocketAddress>>> destinations;
    private final Consumer<Octets> answered;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /// The callers' connections that a call goes over: more than one when it came back after a break.
    private final Map<Octets, Set<Socket>> carried = new ConcurrentHashMap<>();
    private final Semaphore free;
    private final Places waiting = new Places(MOST_WAITING);
    private final Optional<Capture> capture;
    private volatile boolean closed;

    private Router(
            ServerSocket server, Function<Octets, CompletionStage<Optional<InetSocketAddress>>> destinations, Consumer<Octets> answered,
            int mostCalls, Optional<Capture> capture) {
        this.answered = answered;
        this.capture = capture;
        this.server = server;
        this.destinations = destinations;
        this.free = new Semaphore(mostCalls);
    }

    /// @param local port 1720 by convention, 0 for any free one
    /// @param destinations where the Setup of a call identifier goes: [Gatekeeper#destination]
    /// @param answered told of the call identifier when Connect has passed: [Gatekeeper#answered]
    /// @param capture where what crosses the callers' connections is written; what goes on to the called ones is the same
    /// @throws IOException when the port is taken
    public static Router listen(
            InetSocketAddress local, Function<Octets, CompletionStage<Optional<InetSocketAddress>>> destinations, Consumer<Octets> answered,
            int mostCalls, Optional<Capture> capture) throws IOException {
        var server = new ServerSocket();
        try {
            server.bind(local, 256);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var router = new Router(server, destinations, answered, mostCalls, capture);
        Thread.ofVirtual().name("h323-router").start(router::accept);
        return router;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /// The local ports of the connections to called ones.
    private final Set<Integer> outgoing = ConcurrentHashMap.newKeySet();
    /// Sockets that are open for callers and called ones now.
    int connections() {
        return open.size();
    }

    /// Calls that are carried now.
    int callsCarried() {
        return carried.size();
    }

    private void accept() {
        while (!closed) {
            try {
                var caller = server.accept();
                if (!waiting.take(caller.getInetAddress())) {
                    caller.close();
                    continue;
                }
                open.add(caller);
                Thread.ofVirtual().name("h323-routed-call").start(() -> {
                    try (caller) {
                        route(caller);
                    } catch (IOException e) {
                        // One side is gone. The other one sees its connection end, and the gatekeeper hears of it by DRQ.
                    } finally {
                        open.remove(caller);
                    }
                });
            } catch (IOException e) {
                // Closed, or a caller that was gone before it was taken: the loop's condition tells.
                if (!closed) {
                    Tcp.awaitRoom();
                }
            }
        }
    }

    private void route(Socket caller) throws IOException {
        Optional<Octets> first;
        try {
            caller.setTcpNoDelay(true);
            // A party that is gone without a word must not keep its room for ever.
            caller.setKeepAlive(true);
            first = first(caller);
        } finally {
            waiting.leave(caller.getInetAddress());
        }
        if (first.isEmpty()) {
            return;
        }
        var watched = capture.map(c -> c.stream(
                new InetSocketAddress(caller.getLocalAddress(), Addresses.SIGNALLING_PORT), (InetSocketAddress) caller.getRemoteSocketAddress(),
                false, "H.225.0, routed"));
        watched.ifPresent(w -> w.received(ByteBuffer.wrap(Tpkt.wrap(first.get()))));
        var setup = FirstMessage.read(first.get()).filter(m -> m.type().filter(FIRST::contains).isPresent());
        if (setup.isEmpty()) {
            return;
        }
        if (!free.tryAcquire()) {
            refuse(caller, watched, setup.get(), "gatekeeperResources", Cause.NO_RESOURCES);
            return;
        }
        try {
            lead(caller, watched, setup.get(), first.get());
        } finally {
            free.release();
        }
    }

    private void lead(Socket caller, Optional<CapturedStream> watched, FirstMessage setup, Octets first) throws IOException {
        if (isOurs(caller)) {
            // By another address of this host than the one that the gatekeeper knows as its own. It would never end.
            refuse(caller, watched, setup, "unreachableDestination", Cause.NO_ROUTE);
            return;
        }
        if (setup.fault().isPresent()) {
            refuse(caller, watched, setup.refused(setup.fault().get()));
            return;
        }
        var call = setup.call();
        var to = call.isEmpty() ? Optional.<InetSocketAddress>empty() : destination(call.get());
        if (to.isEmpty()) {
            refuse(caller, watched, setup, "noPermission", Cause.REJECTED);
            return;
        }
        var called = new Socket();
        open.add(called);
        try (called) {
            try {
                called.setTcpNoDelay(true);
                called.setKeepAlive(true);
                called.bind(new InetSocketAddress(0));
                outgoing.add(called.getLocalPort());
                called.connect(to.get(), (int) CONNECT_WITHIN.toMillis());
            } catch (IOException e) {
                refuse(caller, watched, setup, "unreachableDestination", Cause.NO_ROUTE);
                return;
            }
            called.getOutputStream().write(Tpkt.wrap(first));
            carried.computeIfAbsent(call.get(), _ -> ConcurrentHashMap.newKeySet()).add(caller);
            carry(caller, called, watched, new ConnectWatch(() -> answered.accept(call.get())));
        } finally {
            open.remove(called);
            outgoing.remove(called.getLocalPort());
            carried.computeIfPresent(call.get(), (_, callers) -> callers.remove(caller) && callers.isEmpty() ? null : callers);
        }
    }

    /// Whether this router itself is the caller.
    private boolean isOurs(Socket caller) throws IOException {
        var from = caller.getInetAddress();
        return outgoing.contains(caller.getPort()) && (from.isLoopbackAddress() || NetworkInterface.getByInetAddress(from) != null);
    }

    /// Closes the connections that a call has now, when it is run: endpoints that are told to end it do so themselves, this is for those that
    /// do not. Connections that come later, as of a call that was sent on, stay.
    public Runnable ending(Octets callIdentifier) {
        var callers = Set.copyOf(carried.getOrDefault(callIdentifier, Set.of()));
        return () -> callers.forEach(Router::close);
    }

    private static void close(Socket caller) {
        try {
            // The other side's connection ends with it.
            caller.close();
        } catch (IOException e) {
            // It is closed all the same.
            return;
        }
    }

    /// The first message, within a time.
    private static Optional<Octets> first(Socket caller) throws IOException {
        caller.setSoTimeout((int) SETUP_WITHIN.toMillis());
        var frames = new Tpkt();
        var in = caller.getInputStream();
        try {
            // Octet by octet, so that nothing of what follows the first message is taken.
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                var complete = frames.read(new byte[] {(byte) octet}, 0, 1);
                if (!complete.isEmpty()) {
                    caller.setSoTimeout(0);
                    return Optional.of(complete.getFirst());
                }
            }
        } catch (SessionException.ProtocolViolation | SocketTimeoutException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private Optional<InetSocketAddress> destination(Octets call) throws IOException {
        try {
            return destinations.apply(call).toCompletableFuture().get(SETUP_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the gatekeeper does not answer", e);
        }
    }

    private static void refuse(
            Socket caller, Optional<CapturedStream> watched, FirstMessage setup, String reason, Cause cause) throws IOException {
        refuse(caller, watched, setup.refused(cause, reason));
    }

    private static void refuse(Socket caller, Optional<CapturedStream> watched, Octets release) throws IOException {
        var octets = Tpkt.wrap(release);
        watched.ifPresent(w -> w.sent(ByteBuffer.wrap(octets)));
        caller.getOutputStream().write(octets);
    }

    private static void carry(Socket caller, Socket called, Optional<CapturedStream> watched, ConnectWatch connect) {
        var back = Thread.ofVirtual().name("h323-routed-back")
                .start(() -> carryOneWay(called, caller, octets -> {
                    watched.ifPresent(w -> w.sent(octets.duplicate()));
                    connect.passes(octets);
                }));
        carryOneWay(caller, called, octets -> watched.ifPresent(w -> w.received(octets)));
        try {
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Until one side ends it; then the other side's connection is ended, too.
    private static void carryOneWay(Socket from, Socket to, Consumer<ByteBuffer> watcher) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var octets = new byte[BUFFER];
            for (int size = in.read(octets); size >= 0; size = in.read(octets)) {
                watcher.accept(ByteBuffer.wrap(octets, 0, size));
                out.write(octets, 0, size);
            }
        } catch (IOException e) {
            // Closing both is all that is left to do, and done.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }
}

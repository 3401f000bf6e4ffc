package dev.parley.h323;

import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// A line of call signalling that can be cut; new connections pass, unless it is closed.
final class SignalCut implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final ServerSocket listener;
    private final InetAddress host;
    private volatile Optional<Function<FirstMessage, Octets>> refusal = Optional.empty();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress to;

    SignalCut(InetSocketAddress to) throws IOException {
        this(to, HERE);
    }

    /// On a host of its own.
    SignalCut(InetSocketAddress to, InetAddress host) throws IOException {
        this.to = to;
        this.host = host;
        listener = new ServerSocket(0, 10, host);
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int connections() {
        return sockets.size() / 2;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var from = listener.accept();
                var how = refusal;
                if (how.isPresent()) {
                    Thread.ofVirtual().start(() -> refuse(from, how.get()));
                    continue;
                }
                var on = new Socket(to.getAddress(), to.getPort(), host, 0);
                sockets.add(from);
                sockets.add(on);
                if (listener.isClosed()) {
                    // Who comes while a thread still waits in accept is taken by it all the same.
                    cut();
                }
                Thread.ofVirtual().start(() -> carry(from, on));
                Thread.ofVirtual().start(() -> carry(on, from));
            } catch (IOException e) {
                // It is closed, or nobody is there.
                continue;
            }
        }
    }

    private static void carry(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // It is cut.
            return;
        }
    }

    void cut() throws IOException {
        // Not those that come while it is being cut.
        for (var socket : List.copyOf(sockets)) {
            socket.close();
        }
    }

    /// From now on new connections are told, by what they say first, that the call is not known.
    void refuse(Function<FirstMessage, Octets> how) {
        refusal = Optional.of(how);
    }

    private static void refuse(Socket from, Function<FirstMessage, Octets> how) {
        try (from) {
            var octets = new byte[4096];
            int count = from.getInputStream().read(octets);
            var first = FirstMessage.read(new Tpkt().read(octets, 0, count).getFirst()).orElseThrow();
            from.getOutputStream().write(Tpkt.wrap(how.apply(first)));
        } catch (IOException e) {
            // It is gone already.
            return;
        }
    }

    /// For good.
    void stop() throws IOException {
        listener.close();
        cut();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}

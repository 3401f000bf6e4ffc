package dev.parley.h323;

import dev.parley.h323.machine.Event;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The connection of H.245 of one call, when it has one of its own: listened for, or opened. What happens to it goes into the call's inbox.
final class ControlConnection {
    private final Inbox inbox;
    private final Optional<Capture> capture;
    private volatile Optional<TpktSocket> socket = Optional.empty();
    private Optional<ServerSocket> listening = Optional.empty();
    /// Where the peer listens, to which we connect.
    private Optional<TransportAddress> connecting = Optional.empty();
    /// What was begun for a call before this one is not for this one.
    private int calls;
    private boolean over;

    ControlConnection(Inbox inbox, Optional<Capture> capture) {
        this.inbox = inbox;
        this.capture = capture;
    }

    /// Until the peer comes or the call ends: it may open H.245 only when it has something to say.
    ///
    /// @param isPeer whether it may come from this host; asked on the call's thread
    synchronized void listen(InetAddress at, Predicate<InetAddress> isPeer) {
        try {
            var server = new ServerSocket(0, 1, at);
            listening = Optional.of(server);
            int call = calls;
            inbox.own(new Event.ControlListening(Streams.address((InetSocketAddress) server.getLocalSocketAddress())));
            Thread.ofVirtual().name("h323 h245 listener").start(() -> {
                try (server) {
                    while (true) {
                        var arrived = server.accept();
                        inbox.tell(() -> arrived(arrived, call, isPeer));
                    }
                } catch (IOException _) {
                    // It is closed: somebody came, or the call has ended and nobody waits for it either.
                    return;
                }
            });
        } catch (IOException e) {
            inbox.own(new Event.ControlLost("cannot listen for H.245: " + e.getMessage()));
        }
    }

    /// On the call's thread. Whoever is not the peer of the call is sent away, and the peer is waited for.
    private Optional<Event> arrived(Socket arrived, int call, Predicate<InetAddress> isPeer) {
        if (isPeer.test(arrived.getInetAddress())) {
            return opened(arrived, false, call);
        }
        close(arrived);
        return Optional.empty();
    }

    synchronized void connect(TransportAddress to, Duration limit) {
        int call = calls;
        connecting = Optional.of(to);
        Thread.ofVirtual().name("h323 h245 connect").start(() -> {
            var opened = new Socket();
            try {
                opened.connect(Streams.socket(to), (int) limit.toMillis());
                inbox.own(() -> opened(opened, true, call));
            } catch (IOException e) {
                close(opened);
                var failed = new Event.ControlUnreachable("cannot open H.245 at " + to + ": " + e.getMessage());
                inbox.own(() -> call != calls || socket.isPresent() ? Optional.empty() : Optional.of(failed));
            }
        });
    }

    /// On the call's thread. The first connection is the one. When both sides opened, the one of the side with the greater address stays (clause
    /// 8.2.3/H.323).
    private synchronized Optional<Event> opened(Socket arrived, boolean weOpened, int call) {
        if (over || call != calls || socket.isPresent() && weOpened != weAreGreater()) {
            close(arrived);
            return Optional.empty();
        }
        try {
            var opened = new TpktSocket(arrived, weOpened, capture);
            socket.ifPresent(TpktSocket::close);
            socket = Optional.of(opened);
            if (!weOpened) {
                listening.ifPresent(ControlConnection::close);
            }
            Consumer<String> lost = why -> inbox.tell(() -> from(opened, new Event.ControlLost(why)));
            opened.read("h323 h245", m -> inbox.tell(() -> from(opened, new Event.Control(m))), lost, lost);
            return Optional.of(new Event.ControlConnected());
        } catch (IOException e) {
            close(arrived);
            return Optional.of(new Event.ControlUnreachable("the connection of H.245 broke: " + e.getMessage()));
        }
    }

    private boolean weAreGreater() {
        var ours = listening.map(s -> Streams.address(new InetSocketAddress(s.getInetAddress(), s.getLocalPort())));
        return ours.isEmpty() || connecting.isEmpty() || ours.get().compareTo(connecting.get()) > 0;
    }

    private Optional<Event> from(TpktSocket one, Event event) {
        return socket.filter(s -> s == one).map(_ -> event);
    }

    /// On the call's thread. Nothing when there is no connection.
    void write(Octets message, Duration limit) {
        socket.ifPresent(s -> {
            try {
                s.write(message, limit);
            } catch (IOException e) {
                inbox.own(() -> from(s, new Event.ControlLost(String.valueOf(e.getMessage()))));
            }
        });
    }

    void hurry() {
        socket.ifPresent(TpktSocket::hurry);
    }

    /// The call goes elsewhere: what was before is not heard any more, also when it is still on its way, and there may be a new one.
    synchronized void startOver() {
        calls++;
        closeAll();
        socket = Optional.empty();
        listening = Optional.empty();
        connecting = Optional.empty();
    }

    private void closeAll() {
        socket.ifPresent(TpktSocket::close);
        listening.ifPresent(ControlConnection::close);
    }

    private static void close(Closeable one) {
        try {
            one.close();
        } catch (IOException _) {
            // It is closed all the same.
            return;
        }
    }

    void close() {
        closeAll();
    }

    /// The call is over: nobody can open one any more.
    synchronized void end() {
        over = true;
        closeAll();
    }
}

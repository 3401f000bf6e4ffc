package dev.parley.h323;

import dev.parley.h323.machine.Event;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/// The connection of H.245 of one call, when it has one of its own: listened for, or opened. What happens to it goes into the call's inbox.
final class ControlConnection {
    private final Inbox inbox;
    private final Optional<Capture> capture;
    private volatile Optional<TpktSocket> socket = Optional.empty();
    private volatile Optional<ServerSocket> listening = Optional.empty();
    private boolean over;

    ControlConnection(Inbox inbox, Optional<Capture> capture) {
        this.inbox = inbox;
        this.capture = capture;
    }

    /// Until somebody comes or the call ends: a peer may open H.245 only when it has something to say.
    void listen(InetAddress at) {
        try {
            var server = new ServerSocket(0, 1, at);
            listening = Optional.of(server);
            inbox.own(new Event.ControlListening(Streams.address((InetSocketAddress) server.getLocalSocketAddress())));
            Thread.ofVirtual().name("h323 h245 listener").start(() -> {
                try (server) {
                    opened(server.accept(), false);
                } catch (IOException _) {
                    // Nobody came, or the call has ended: then nobody waits for it either.
                    return;
                }
            });
        } catch (IOException e) {
            inbox.own(new Event.ControlLost("cannot listen for H.245: " + e.getMessage()));
        }
    }

    void connect(TransportAddress to, Duration limit) {
        Thread.ofVirtual().name("h323 h245 connect").start(() -> {
            var opened = new Socket();
            try {
                opened.connect(Streams.socket(to), (int) limit.toMillis());
                opened(opened, true);
            } catch (IOException e) {
                var failed = new Event.ControlUnreachable("cannot open H.245 at " + to + ": " + e.getMessage());
                inbox.own(() -> socket.isPresent() ? Optional.empty() : Optional.of(failed));
            }
        });
    }

    /// The first connection is the one; when both sides opened, the other one is closed.
    private synchronized void opened(Socket arrived, boolean weOpened) throws IOException {
        if (over || socket.isPresent()) {
            arrived.close();
            return;
        }
        var opened = new TpktSocket(arrived, weOpened, capture);
        socket = Optional.of(opened);
        inbox.own(new Event.ControlConnected());
        opened.read("h323 h245", m -> inbox.tell(() -> from(opened, new Event.Control(m))),
                why -> inbox.tell(() -> from(opened, new Event.ControlLost(why))));
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

    /// The call goes elsewhere: what was before is not heard any more, and there may be a new one.
    synchronized void startOver() {
        closeAll();
        socket = Optional.empty();
        listening = Optional.empty();
    }

    private void closeAll() {
        socket.ifPresent(TpktSocket::close);
        listening.ifPresent(server -> {
            try {
                server.close();
            } catch (IOException _) {
                // It is closed all the same.
                return;
            }
        });
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

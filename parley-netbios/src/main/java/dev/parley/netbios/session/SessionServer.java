package dev.parley.netbios.session;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.runtime.tcp.Tcp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Takes calls on one address, by default port 139. Each connection has a virtual thread; a caller that does not say in time whom it calls is
/// closed, and so is one too many.
public final class SessionServer implements AutoCloseable {
    public static final int STANDARD_PORT = 139;

    private final ServerSocketChannel server;
    private final CalledNames names;
    private final SessionLimits limits;
    private final Recorder recorder;
    private final Semaphore halfOpen;
    private final Semaphore sessions;
    private final Set<NetbiosSession> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private final Thread accepting;

    private SessionServer(ServerSocketChannel server, CalledNames names, SessionLimits limits, Recorder recorder) {
        this.server = server;
        this.names = names;
        this.limits = limits;
        this.recorder = recorder;
        this.halfOpen = new Semaphore(limits.halfOpen());
        this.sessions = new Semaphore(limits.sessions());
        this.accepting = Thread.ofVirtual().name("netbios-accept").unstarted(this::accept);
    }

    public static SessionServer listen(InetSocketAddress address, CalledNames names, SessionLimits limits) throws IOException {
        return listen(address, names, limits, Recorder.NONE);
    }

    /// @param recorder what crosses the connections is told to
    public static SessionServer listen(InetSocketAddress address, CalledNames names, SessionLimits limits, Recorder recorder) throws IOException {
        var channel = ServerSocketChannel.open();
        try {
            channel.socket().setReuseAddress(true);
            channel.bind(address, 128);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        var server = new SessionServer(channel, names, limits, recorder);
        server.accepting.start();
        return server;
    }

    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) server.getLocalAddress();
        } catch (IOException e) {
            throw new SessionException.ConnectionLost("the server is closed", e);
        }
    }

    public CalledNames names() {
        return names;
    }

    public int openSessions() {
        return open.size();
    }

    /// Calls that were refused, or came too many at once, or were no calls.
    public long refused() {
        return refused.get();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var channel = server.accept();
                if (halfOpen.tryAcquire()) {
                    Thread.ofVirtual().name("netbios-session").start(() -> serve(channel));
                } else {
                    refused.incrementAndGet();
                    channel.close();
                }
            } catch (IOException e) {
                // A connection that broke before it was taken, or the server was closed: the loop's condition tells.
                if (server.isOpen()) {
                    Tcp.awaitRoom();
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        CalledNames.Listener claimed = null;
        NetbiosSession session = null;
        boolean accepted = false;
        try (var socket = new PacketSocket(channel, false, recorder)) {
            try {
                var machine = SessionMachine.called(NetbiosSession.now());
                var request = request(socket, machine);
                boolean resources = sessions.tryAcquire();
                var decision = names.decide(request.called(), request.calling(), resources);
                if (resources && !(decision instanceof CalledNames.Decision.Accept)) {
                    sessions.release();
                }
                switch (decision) {
                    case CalledNames.Decision.Refuse refuse -> {
                        refused.incrementAndGet();
                        socket.write(machine.refuse(refuse.refusal()));
                        socket.shutOutput();
                    }
                    case CalledNames.Decision.Redirect redirect -> {
                        socket.write(machine.redirect(redirect.target()));
                        socket.shutOutput();
                    }
                    case CalledNames.Decision.Accept accept -> {
                        claimed = accept.listener();
                        session = new NetbiosSession(socket, machine, accept.name(), request.calling(), limits, () -> { });
                        open.add(session);
                        socket.write(machine.accept(NetbiosSession.now()));
                        accepted = true;
                    }
                }
            } finally {
                halfOpen.release();
            }
            if (accepted && claimed != null && session != null) {
                session.start();
                claimed.accept(session);
            }
        } catch (SessionException | IOException e) {
            refused.addAndGet(accepted ? 0 : 1);
        } finally {
            if (session != null) {
                session.close();
                open.remove(session);
            }
            if (claimed != null) {
                sessions.release();
                if (!accepted) {
                    claimed.left();
                }
            }
        }
    }

    private SessionPacket.Request request(PacketSocket socket, SessionMachine machine) {
        long deadline = System.nanoTime() + limits.setUp().toNanos();
        while (true) {
            SessionMachine.Step step;
            try {
                var packet = socket.readUntil(deadline)
                        .orElseThrow(() -> new SessionException.ConnectionLost("the caller left without a request"));
                step = machine.receive(packet);
            } catch (SessionException.ProtocolViolation e) {
                // A request that cannot be read is answered as if its name were unknown; that is what smbd does too.
                socket.write(new SessionPacket.Negative(Refusal.CALLED_NAME_NOT_PRESENT.code()));
                throw e;
            }
            if (step instanceof SessionMachine.Step.Asked asked) {
                return asked.request();
            }
        }
    }

    /// Stops taking calls and ends the open sessions.
    @Override
    public void close() {
        try {
            server.close();
            // Until its thread lets go of it, the port is taken.
            accepting.join();
        } catch (IOException e) {
            // The descriptor is gone either way.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(NetbiosSession::close);
    }
}

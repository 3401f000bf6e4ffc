package dev.parley.netbios.session;

import dev.parley.api.AddressText;
import dev.parley.api.MessageSession;
import dev.parley.api.Peer;
import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.api.SessionId;
import dev.parley.api.Side;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// An open session: messages of up to 131 071 octets whose boundaries are kept, in order. One thread may receive while others send.
/// The protocol has no packet for a good end: [#release] closes after all that was sent is with the peer, [#abort] at once.
public final class NetbiosSession implements MessageSession {
    private final SessionId id = SessionId.next("netbios");
    private final PacketSocket socket;
    private final SessionMachine machine;
    private final NetbiosName local;
    private final NetbiosName remote;
    private final InetSocketAddress address;
    private final SessionLimits limits;
    private final Runnable onEnd;
    private final ReentrantLock reading = new ReentrantLock();
    private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
    private volatile boolean releasing;

    NetbiosSession(
            PacketSocket socket, SessionMachine machine, NetbiosName local, NetbiosName remote, SessionLimits limits, Runnable onEnd) {
        this.socket = socket;
        this.machine = machine;
        this.local = local;
        this.remote = remote;
        this.address = socket.peer();
        this.limits = limits;
        this.onEnd = onEnd;
    }

    NetbiosSession start() {
        if (!limits.keepAlive().isZero()) {
            Thread.ofVirtual().name("keepalive " + id).start(this::keepAlive);
        }
        return this;
    }

    @Override
    public SessionId id() {
        return id;
    }

    @Override
    public Peer peer() {
        return new Peer(AddressText.of(address), remote.toString());
    }

    @Override
    public Phase phase() {
        return ended.isDone() ? Phase.ENDED : releasing ? Phase.TEARING_DOWN : Phase.OPEN;
    }

    @Override
    public CompletionStage<SessionEnd> ended() {
        return ended.minimalCompletionStage();
    }

    /// The name that we called from, or were called by.
    public NetbiosName local() {
        return local;
    }

    public NetbiosName remote() {
        return remote;
    }

    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void send(ByteBuffer message) {
        sendParts(message);
    }

    /// Sends the two parts as one message, as CHAIN SEND does.
    public void send(ByteBuffer first, ByteBuffer second) {
        sendParts(first, second);
    }

    private void sendParts(ByteBuffer... parts) {
        long length = 0;
        for (var part : parts) {
            length += part.remaining();
        }
        if (length > SessionPacket.MOST_MESSAGE) {
            throw new SessionException.LimitReached("a message has at most " + SessionPacket.MOST_MESSAGE + " octets, not " + length);
        }
        var octets = new ByteBuffer[parts.length + 1];
        octets[0] = SessionPacketCodec.messageHeader((int) length);
        System.arraycopy(parts, 0, octets, 1, parts.length);
        synchronized (machine) {
            machine.sending(now());
        }
        endOnFailure(() -> socket.write(octets));
    }

    /// Waits for the next message; nothing when the session has ended in good order, by a hang-up of either side.
    public Optional<ByteBuffer> receive() {
        return receive(Duration.ZERO);
    }

    /// @param wait zero is for ever
    /// @throws SessionException.LimitReached no message came in time; the session stays open
    public Optional<ByteBuffer> receive(Duration wait) {
        reading.lock();
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                var packet = wait.isZero() ? socket.read(wait) : socket.readUntil(deadline);
                if (packet.isEmpty()) {
                    end(new SessionEnd.Released());
                    return Optional.empty();
                }
                if (releasing) {
                    continue;
                }
                SessionMachine.Step step;
                synchronized (machine) {
                    step = machine.receive(packet.get());
                }
                if (step instanceof SessionMachine.Step.Delivered delivered) {
                    return Optional.of(delivered.message());
                }
            }
        } catch (SessionException.LimitReached e) {
            throw e;
        } catch (SessionException e) {
            boolean ours = ended.isDone() || releasing;
            end(failure(e));
            if (ours) {
                return Optional.empty();
            }
            throw e;
        } finally {
            reading.unlock();
        }
    }

    /// Sends a keepalive now. The peer never answers; a lost peer shows by the connection breaking.
    public void sendKeepAlive() {
        endOnFailure(() -> socket.write(new SessionPacket.KeepAlive()));
    }

    /// Hangs up: no more is sent, what was sent is delivered, and the peer closes; all within the limit. Messages that still arrive are dropped.
    @Override
    public void release() {
        if (ended.isDone() || releasing) {
            return;
        }
        releasing = true;
        socket.shutOutput();
        long deadline = System.nanoTime() + limits.close().toNanos();
        if (reading.tryLock()) {
            try {
                var left = limits.close();
                while (left.isPositive() && socket.read(left).isPresent()) {
                    left = Duration.ofNanos(deadline - System.nanoTime());
                }
            } catch (SessionException e) {
                // The peer did not close in time or closed hard: the session is over all the same.
            } finally {
                reading.unlock();
            }
        } else {
            awaitEnd(limits.close());
        }
        end(new SessionEnd.Released());
    }

    /// Waits for another thread that receives to see the end.
    private void awaitEnd(Duration most) {
        try {
            ended.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The peer did not close in time: the session is over all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void abort(String reason) {
        end(new SessionEnd.Aborted(Side.LOCAL, reason));
    }

    @Override
    public void close() {
        abort("closed without a hang-up");
    }

    /// Gives the connection to somebody who reads and writes the packets himself and closes it; the session as such is over.
    public RawSession raw() {
        reading.lock();
        try {
            var raw = socket.raw();
            ended.complete(new SessionEnd.Released());
            onEnd.run();
            return raw;
        } finally {
            reading.unlock();
        }
    }

    private void end(SessionEnd how) {
        if (ended.complete(how)) {
            synchronized (machine) {
                machine.end();
            }
            socket.close();
            onEnd.run();
        }
    }

    private static SessionEnd failure(SessionException e) {
        return e instanceof SessionException.ConnectionLost
                ? new SessionEnd.Lost(e.getCause() instanceof IOException io ? io : new IOException(e.getMessage(), e))
                : new SessionEnd.Aborted(Side.PROVIDER, String.valueOf(e.getMessage()));
    }

    private void endOnFailure(Runnable work) {
        if (phase() != Phase.OPEN) {
            throw new SessionException.OutOfSequence("the session with " + remote + " is over");
        }
        try {
            work.run();
        } catch (SessionException e) {
            end(failure(e));
            throw e;
        }
    }

    private void keepAlive() {
        try {
            long due = limits.keepAlive().toMillis();
            while (phase() == Phase.OPEN) {
                if (due > 0) {
                    awaitEnd(Duration.ofMillis(due));
                }
                synchronized (machine) {
                    due = machine.keepAliveDueIn(now(), limits.keepAlive().toMillis());
                    if (due <= 0) {
                        machine.keepAliveSent(now());
                    }
                }
                if (due <= 0 && phase() == Phase.OPEN) {
                    sendKeepAlive();
                    due = limits.keepAlive().toMillis();
                }
            }
        } catch (SessionException e) {
            // The session is over; whoever uses it learns that there.
        }
    }

    static long now() {
        return System.nanoTime() / 1_000_000;
    }
}

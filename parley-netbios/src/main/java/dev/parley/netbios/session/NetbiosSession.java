package dev.parley.netbios.session;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// An open session: messages of up to 131 071 octets whose boundaries are kept, in order. Blocking; one thread may receive while others send.
/// The protocol has no packet for a good end: [#hangUp] closes after all that was sent is with the peer, [#close] at once.
public final class NetbiosSession implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final PacketSocket socket;
    private final SessionMachine machine;
    private final NetbiosName local;
    private final NetbiosName remote;
    private final InetSocketAddress peer;
    private final SessionLimits limits;
    private final Runnable onEnd;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    NetbiosSession(
            PacketSocket socket, SessionMachine machine, NetbiosName local, NetbiosName remote, SessionLimits limits, Runnable onEnd) {
        this.socket = socket;
        this.machine = machine;
        this.local = local;
        this.remote = remote;
        this.peer = socket.peer();
        this.limits = limits;
        this.onEnd = onEnd;
    }

    NetbiosSession start() {
        if (!limits.keepAlive().isZero()) {
            Thread.ofVirtual().name("netbios-keepalive " + number).start(this::keepAlive);
        }
        return this;
    }

    /// Unique in this process.
    public long number() {
        return number;
    }

    /// The name that we called from, or were called by.
    public NetbiosName local() {
        return local;
    }

    public NetbiosName remote() {
        return remote;
    }

    public InetSocketAddress peer() {
        return peer;
    }

    public boolean isOpen() {
        return !over.get();
    }

    /// Sends the parts as one message; blocks while the peer is slow.
    public void send(ByteBuffer... parts) {
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

    /// Waits for the next message; nothing when the peer has hung up.
    public Optional<ByteBuffer> receive() {
        return receive(Duration.ZERO);
    }

    /// @param wait zero is for ever
    /// @throws SessionException.LimitReached no message came in time; the session stays open
    public Optional<ByteBuffer> receive(Duration wait) {
        reading.lock();
        try {
            while (true) {
                var packet = socket.read(wait);
                if (packet.isEmpty()) {
                    return Optional.empty();
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
            boolean ours = over.get();
            close();
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

    /// Ends in good order: no more is sent, what was sent is delivered, and the peer closes; all within the limit.
    /// Messages that still arrive are dropped.
    public void hangUp() {
        if (over.get()) {
            return;
        }
        synchronized (machine) {
            machine.end();
        }
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
        }
        close();
    }

    /// Ends at once. Closing twice is harmless.
    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            synchronized (machine) {
                machine.end();
            }
            socket.close();
            ended.countDown();
            onEnd.run();
        }
    }

    private void endOnFailure(Runnable work) {
        try {
            work.run();
        } catch (SessionException e) {
            close();
            throw e;
        }
    }

    private void keepAlive() {
        try {
            long due = limits.keepAlive().toMillis();
            while (!ended.await(Math.max(due, 1), TimeUnit.MILLISECONDS)) {
                synchronized (machine) {
                    due = machine.keepAliveDueIn(now(), limits.keepAlive().toMillis());
                    if (due <= 0 && machine.state() == SessionMachine.State.OPEN) {
                        machine.sending(now());
                    }
                }
                if (due <= 0) {
                    sendKeepAlive();
                    due = limits.keepAlive().toMillis();
                }
            }
        } catch (InterruptedException | SessionException e) {
            // The session is over; whoever uses it learns that there.
        }
    }

    static long now() {
        return System.nanoTime() / 1_000_000;
    }
}

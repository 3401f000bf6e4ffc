package dev.parley.netbios.session;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Line;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/// One TCP connection that carries whole session packets. Reading and writing may happen on two threads.
final class PacketSocket implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;

    private final SocketChannel channel;
    private final InputStream in;
    private final Line line;
    private final PacketAssembler packets = new PacketAssembler();

    /// @param calling whether our side opened the connection
    PacketSocket(SocketChannel channel, boolean calling, Recorder recorder) throws IOException {
        this.channel = channel;
        channel.socket().setTcpNoDelay(true);
        channel.socket().setKeepAlive(true);
        this.in = channel.socket().getInputStream();
        this.line = recorder.line(channel.socket(), calling, SessionServer.STANDARD_PORT);
    }

    /// @param from the local address, where it matters on a host that has several
    static PacketSocket connect(InetSocketAddress address, Optional<InetAddress> from, Duration wait, Recorder recorder) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.socket().setReceiveBufferSize(BUFFER);
            channel.socket().setSendBufferSize(BUFFER);
            if (from.isPresent()) {
                channel.bind(new InetSocketAddress(from.get(), 0));
            }
            channel.socket().connect(address, millis(wait));
            return new PacketSocket(channel, true, recorder);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// The next packet; nothing when the peer closed between packets.
    ///
    /// @param wait zero is for ever
    /// @throws SessionException.LimitReached nothing arrived in time; what arrived already is kept
    Optional<SessionPacket> read(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            for (var packet = packets.next(); ; packet = packets.next()) {
                if (packet.isPresent()) {
                    return packet;
                }
                long left = wait.isZero() ? 0 : Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                channel.socket().setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
                int count = in.read(packets.array(), packets.end(), packets.room());
                line.received(packets.array(), packets.end(), count);
                if (count < 0) {
                    if (packets.isEmpty()) {
                        return Optional.empty();
                    }
                    throw new SessionException.ConnectionLost("the connection ended inside a session packet");
                }
                packets.added(count);
            }
        } catch (SocketTimeoutException e) {
            throw new SessionException.LimitReached("nothing arrived within " + wait.toMillis() + " ms");
        } catch (IOException e) {
            line.closed(String.valueOf(e.getMessage()));
            throw new SessionException.ConnectionLost("the session's connection broke: " + e.getMessage(), e);
        }
    }

    /// As [#read], but at most until a moment of `System.nanoTime()`: for those who read on after a keepalive, which must not prolong a wait.
    Optional<SessionPacket> readUntil(long deadline) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SessionException.LimitReached("nothing but keepalives arrived in time");
        }
        return read(Duration.ofNanos(left));
    }

    void write(SessionPacket packet) {
        write(SessionPacketCodec.encode(packet));
    }

    synchronized void write(ByteBuffer... octets) {
        line.sent(octets);
        try {
            while (octets[octets.length - 1].hasRemaining() || anyLeft(octets)) {
                channel.write(octets);
            }
        } catch (IOException e) {
            line.closed(String.valueOf(e.getMessage()));
            throw new SessionException.ConnectionLost("the session's connection broke: " + e.getMessage(), e);
        }
    }

    private static boolean anyLeft(ByteBuffer... octets) {
        for (var part : octets) {
            if (part.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    InetSocketAddress peer() {
        try {
            return (InetSocketAddress) channel.getRemoteAddress();
        } catch (IOException e) {
            throw new SessionException.ConnectionLost("the connection is closed", e);
        }
    }

    /// Gives the connection away: its channel, and the octets that were read from it and belong to no packet yet.
    RawSession raw() {
        return new RawSession(channel, packets.rest(), line);
    }

    /// Says that nothing more will be sent.
    void shutOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public void close() {
        line.closed("");
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be saved: the descriptor is gone either way.
        }
    }

    static int millis(Duration duration) {
        return (int) Math.min(duration.toMillis(), Integer.MAX_VALUE);
    }
}

package dev.parley.runtime.capture;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes what crosses connections as packets of a pcapng file. The octets are those that the protocol sees, so those of TLS are decrypted:
/// the file is as secret as the data. One thread of its own writes. When the disk is slower than the network, a connection waits for it, so that
/// nothing is left out, and its peer with it. Datagrams never wait, and nobody waits for a disk that writes nothing for 5 s: then packets are
/// left out, and the file's statistics say how many. A full disk or a reached limit ends the capture, not the connection.
/// Safe to use from several threads.
public final class Capture implements AutoCloseable {
    /// Octets that may wait for the disk.
    static final int MOST_WAITING = 16 << 20;
    /// Where a file ends unless its user says otherwise.
    public static final long MOST_OCTETS = 4L << 30;

    static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /// How long a connection waits for a disk that does not take the next packet.
    private static final long MOST_PAUSE_NANOS = 5_000_000_000L;
    private static final int PACKET_COST = 256;
    private static final String APPLICATION = "Parley";

    /// One packet that waits. `flags` is -1 for a datagram.
    record Packet(InetSocketAddress from, InetSocketAddress to, int sequence, int acknowledged, int flags, ByteBuffer payload, String comment) {
        ByteBuffer frame() {
            return flags < 0 ? Frame.udp(from, to, payload) : Frame.tcp(from, to, sequence, acknowledged, flags, payload);
        }
    }

    private record Waiting(long nanos, Packet packet) {}

    private final FileChannel file;
    private final long most;
    private final InstantSource clock;
    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private long waiting;
    private long written;
    private long seen;
    private long dropped;
    private final Condition room = lock.newCondition();
    /// Somebody waited in vain, and the disk has taken nothing since.
    private boolean stuck;
    private boolean closing;
    private boolean full;
    private @Nullable IOException failure;

    private Capture(FileChannel file, long most, InstantSource clock) {
        this.file = file;
        this.most = most;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("parley-capture").unstarted(this::write);
    }

    /// Begins a file, in place of one that has this name already.
    public static Capture open(Path path) throws IOException {
        return open(path, MOST_OCTETS, InstantSource.system());
    }

    /// @param most octets after which nothing more is written
    public static Capture open(Path path, long most, InstantSource clock) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        var capture = new Capture(file, most, clock);
        var start = Pcapng.start(APPLICATION);
        capture.written = start.remaining();
        capture.put(start);
        capture.writer.start();
        return capture;
    }

    /// A handler that does what the given one does and writes what crosses its link.
    ///
    /// @param calling whether our side opened the connection
    /// @param service the port that tools know the protocol by: 102 for RFC 1006, 1720 for H.225.0. It is written in place of the called
    ///     side's real port, so that Wireshark decodes without being told; the first packet's comment names the real one.
    public Link.Handler tap(Link.Handler handler, boolean calling, int service) {
        return new TappedHandler(this, handler, calling, service);
    }

    /// A network that does what the given one does and writes what its sockets send and receive.
    ///
    /// @param service as above, in place of our own ports: 1719 for RAS
    public Datagrams.Network tap(Datagrams.Network network, int service) {
        return new CapturedNetwork(this, network, OptionalInt.of(service));
    }

    /// The same with our own ports, which the signalling beside it names: RTP and RTCP.
    public Datagrams.Network tap(Datagrams.Network network) {
        return new CapturedNetwork(this, network, OptionalInt.empty());
    }

    /// A TCP connection of which the caller tells what is sent and received.
    public CapturedStream stream(InetSocketAddress local, InetSocketAddress peer, boolean calling, String comment) {
        return new CapturedStream(this, local, peer, calling, comment);
    }

    public void datagram(InetSocketAddress from, InetSocketAddress to, ByteBuffer octets) {
        add(new Packet(from, to, 0, 0, -1, octets, ""));
    }

    void add(Packet packet) {
        long nanos = nanos();
        lock.lock();
        try {
            if (closing) {
                // After the end of the capture: it does not lack this.
                return;
            }
            seen++;
            int cost = packet.payload.remaining() + PACKET_COST;
            if (packet.flags >= 0) {
                awaitRoom(cost);
            }
            if (full || failure != null || waiting + cost > MOST_WAITING) {
                dropped++;
                return;
            }
            waiting += cost;
            var copy = ByteBuffer.allocate(packet.payload.remaining()).put(packet.payload.duplicate()).flip();
            queue.add(new Waiting(
                    nanos, new Packet(packet.from, packet.to, packet.sequence, packet.acknowledged, packet.flags, copy, packet.comment)));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(int cost) {
        try {
            long left = MOST_PAUSE_NANOS;
            while (waiting + cost > MOST_WAITING && !stuck && !full && failure == null && !closing) {
                left = room.awaitNanos(left);
                stuck = left <= 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is wrong with the file, in words: packets were left out, the limit was reached, or the disk failed.
    public Optional<String> shortcoming() {
        lock.lock();
        try {
            if (failure != null) {
                return Optional.of("the capture ended early: " + failure.getMessage());
            }
            if (full) {
                return Optional.of("the capture ended early: it reached its limit of " + most + " octets");
            }
            return dropped == 0 ? Optional.empty() : Optional.of("the capture lacks " + dropped + " packets: the disk was too slow");
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits and closes the file; waits for the disk for 10 s at most.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            changed.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            writer.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }

    private void write() {
        try {
            for (var next = take(); next != null; next = take()) {
                var block = Pcapng.packet(next.nanos, next.packet.frame(), next.packet.comment);
                if (fits(block.remaining())) {
                    put(block);
                }
            }
            put(Pcapng.statistics(nanos(), seen, dropped));
        } catch (IOException e) {
            lock.lock();
            try {
                failure = e;
                queue.clear();
                room.signalAll();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Waiting take() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                changed.await();
            }
            var next = queue.poll();
            if (next != null) {
                waiting -= next.packet.payload.remaining() + PACKET_COST;
                stuck = false;
                room.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(int size) {
        lock.lock();
        try {
            full |= written + size > most;
            if (full) {
                dropped++;
            } else {
                written += size;
            }
            return !full;
        } finally {
            lock.unlock();
        }
    }

    private void put(ByteBuffer block) throws IOException {
        while (block.hasRemaining()) {
            file.write(block);
        }
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}

package dev.parley.h323;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.capture.CapturedStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A TCP connection that carries TPKTs: of call signalling or of H.245. One virtual thread reads; the call's thread writes.
final class TpktSocket {
    private static final int BUFFER = 8192;
    private static final int SEND_BUFFER = 65_536;
    /// What a write may still take when the call is to end at once.
    private static final Duration HURRY = Duration.ofSeconds(1);

    private final Socket socket;
    private final Optional<CapturedStream> capture;
    private final Tpkt tpkt = new Tpkt();
    private final byte[] buffer = new byte[BUFFER];
    private List<Octets> readAhead = List.of();
    private volatile boolean writing;
    private volatile boolean hurried;
    /// Why we closed it, when it is not the call that is over.
    private volatile Optional<String> cut = Optional.empty();

    /// @param opened whether we opened it
    TpktSocket(Socket socket, boolean opened, Optional<Capture> capture) throws IOException {
        this.socket = socket;
        this.capture = capture.map(c -> c.stream(local(), remote(), opened, "H.323"));
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        // Left to itself it grows to megabytes for a peer that does not read.
        socket.setSendBufferSize(SEND_BUFFER);
    }

    static TpktSocket connect(InetSocketAddress to, Duration limit, Optional<Capture> capture) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(to, (int) limit.toMillis());
            return new TpktSocket(socket, true, capture);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    InetSocketAddress remote() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /// Waits for the first message and leaves it to {@link #read}, too.
    ///
    /// @throws IOException when none comes within the limit
    /// @throws ProtocolViolation when something else comes
    Octets first(Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (readAhead.isEmpty()) {
            // A peer that drips octets has no more time than one that sends none.
            socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
            int count = socket.getInputStream().read(buffer);
            if (count < 0 || System.nanoTime() - end > 0) {
                throw new IOException("no message came");
            }
            readAhead = arrived(count);
        }
        socket.setSoTimeout(0);
        return readAhead.getFirst();
    }

    private List<Octets> arrived(int count) {
        capture.ifPresent(c -> c.received(ByteBuffer.wrap(buffer, 0, count)));
        return tpkt.read(buffer, 0, count);
    }

    /// Of these two one is told once, when nothing more is read, with the reason.
    ///
    /// @param lost the connection is over
    /// @param garbled what comes is no TPKT
    void read(String name, Consumer<Octets> message, Consumer<String> lost, Consumer<String> garbled) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                readAhead.forEach(message);
                var in = socket.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    arrived(count).forEach(message);
                }
                capture.ifPresent(c -> c.closed(false, ""));
                lost.accept(tpkt.midway() ? "the peer closed it in the middle of a message" : "the peer closed it");
            } catch (IOException e) {
                capture.ifPresent(c -> c.closed(false, String.valueOf(e.getMessage())));
                lost.accept(cut.orElse(String.valueOf(e.getMessage())));
            } catch (ProtocolViolation e) {
                capture.ifPresent(c -> c.closed(false, String.valueOf(e.getMessage())));
                garbled.accept(String.valueOf(e.getMessage()));
            }
        });
    }

    /// Waits while the peer does not read, but not for ever: then the connection is closed, for half of a message is on it.
    void write(Octets message, Duration limit) throws IOException {
        var octets = Tpkt.wrap(message);
        capture.ifPresent(c -> c.sent(ByteBuffer.wrap(octets)));
        writing = true;
        var longest = hurried && HURRY.compareTo(limit) < 0 ? HURRY : limit;
        var watch = ForkJoinPool.commonPool().schedule(() -> cut("the peer does not read"), longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            socket.getOutputStream().write(octets);
        } catch (IOException e) {
            throw cut.isPresent() ? new IOException(cut.get(), e) : e;
        } finally {
            writing = false;
            watch.cancel(false);
        }
    }

    /// The call is to end at once: a write that waits for the peer has failed now, later ones have little time. From any thread; never waits.
    void hurry() {
        hurried = true;
        if (writing) {
            cut("the peer does not read, and the call is to end");
        }
    }

    private void cut(String why) {
        cut = Optional.of(why);
        close();
    }

    /// The peer still gets what was written.
    void close() {
        capture.ifPresent(c -> c.closed(true, cut.orElse("")));
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed all the same.
            return;
        }
    }
}

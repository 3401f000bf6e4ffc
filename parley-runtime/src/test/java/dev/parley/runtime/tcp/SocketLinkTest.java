package dev.parley.runtime.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.Link;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketLinkTest {
    private static final class Told implements Link.Handler {
        final CompletableFuture<Link> link = new CompletableFuture<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public void opened(Link opened) {
            link.complete(opened);
        }

        @Override
        public void received(ByteBuffer bytes) {
            // It only writes.
        }

        @Override
        public void writable() {
            // It never is again.
        }

        @Override
        public void closed(String reason) {
            closed.complete(reason);
        }
    }

    /// Its keepalives may still come: what counts is that it takes nothing.
    @Test
    void aPeerThatReadsNothingForTooLongIsGone() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var channel = SocketChannel.open(server.getLocalSocketAddress());
                var silent = server.accept()) {
            var told = new Told();
            var loop = new VirtualLoop("test");
            new SocketLink(channel, new PlainWire(channel), loop, told, Duration.ofMillis(300)).start();
            var link = told.link.get(10, TimeUnit.SECONDS);

            link.write(ByteBuffer.allocate(64 << 20));
            link.flush();

            assertThat(told.closed.get(30, TimeUnit.SECONDS)).contains("has not read anything");
            assertThat(silent.isClosed()).isFalse();
            loop.stop();
        }
    }

    /// A handler that fails where nobody expected it.
    private static final class Failing implements Link.Handler {
        @Override
        public void opened(Link link) {
            // It fails later.
        }

        @Override
        public void received(ByteBuffer bytes) {
            throw new IllegalStateException("as the test wants it");
        }

        @Override
        public void writable() {
            // It never is again.
        }

        @Override
        public void closed(String reason) {
            throw new IllegalStateException("again");
        }
    }

    /// A handler that is at something until the link knows that the peer is gone.
    private static final class Late implements Link.Handler {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private final CompletableFuture<String> whole = new CompletableFuture<>();

        @Override
        public void opened(Link link) {
            while (link.isWritable()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void received(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                octets.write(bytes.get());
            }
        }

        @Override
        public void writable() {
            // It says nothing.
        }

        @Override
        public void closed(String reason) {
            whole.complete(octets.toString(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whatCameBeforeTheEndIsHandedOnBeforeTheEnd() throws Exception {
        var late = new Late();
        try (var listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), 1, _ -> late)) {
            try (var socket = new Socket(listener.address().getAddress(), listener.address().getPort())) {
                socket.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(late.whole.get(20, TimeUnit.SECONDS)).isEqualTo("last words");
        }
    }

    @Test
    void aConnectionWhoseHandlerFailsIsClosedAndItsPlaceIsFreeAgain() throws Exception {
        var failures = new java.util.concurrent.atomic.AtomicInteger();
        java.util.function.Function<dev.parley.runtime.Loop, Link.Handler> handlers = _ -> {
            if (failures.incrementAndGet() == 1) {
                throw new IllegalStateException("no handler for this one");
            }
            if (failures.get() == 2) {
                throw new NoClassDefFoundError("as without descriptors");
            }
            return new Failing();
        };
        try (var listener = Tcp.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), 1, handlers)) {
            for (int i = 0; failures.get() < 4; i++) {
                try (var socket = new Socket(listener.address().getAddress(), listener.address().getPort())) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(1);
                    assertThat(socket.getInputStream().read()).as("closed, connection " + i).isEqualTo(-1);
                } catch (SocketException reset) {
                    // Closed as well.
                }
            }
        }
    }
}

package dev.parley.runtime.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.Link;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
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
}

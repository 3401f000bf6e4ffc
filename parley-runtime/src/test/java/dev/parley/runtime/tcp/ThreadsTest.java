package dev.parley.runtime.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.Link;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which threads serve a connection.
@Timeout(60)
class ThreadsTest {
    /// The thread that hands on what arrives, as soon as so many octets have arrived as the test waits for, and it is one that the test wants.
    private static final class Receiver implements Link.Handler {
        final CompletableFuture<Link> link = new CompletableFuture<>();
        final CompletableFuture<Thread> reader = new CompletableFuture<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();
        private final LongPredicate wanted;
        private long arrived;

        Receiver(LongPredicate wanted) {
            this.wanted = wanted;
        }

        @Override
        public void opened(Link opened) {
            link.complete(opened);
        }

        @Override
        public void received(ByteBuffer bytes) {
            arrived += bytes.remaining();
            if (wanted.test(arrived)) {
                reader.complete(Thread.currentThread());
            }
        }

        @Override
        public void writable() {
            // It only reads.
        }

        @Override
        public void closed(String reason) {
            closed.complete(reason);
        }
    }

    private static Thread serves(LongPredicate wanted, int octets) throws Exception {
        var receiver = new Receiver(wanted);
        var sender = new Receiver(_ -> false);
        var loop = VirtualLoop.onPlatformThreads();
        try (var listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), 1, _ -> receiver)) {
            Tcp.connect(listener.address(), Optional.empty(), 10_000, loop, _ -> sender);
            var link = sender.link.get(10, TimeUnit.SECONDS);
            link.write(ByteBuffer.allocate(octets));
            link.flush();
            var thread = receiver.reader.get(30, TimeUnit.SECONDS);
            link.close();
            assertThat(receiver.closed.get(10, TimeUnit.SECONDS)).as("it ends in good order").isEmpty();
            return thread;
        } finally {
            loop.stop();
        }
    }

    @Test
    void aConnectionThatMovesLittleHasVirtualThreads() throws Exception {
        assertThat(serves(arrived -> arrived == SocketLink.MUCH - 1, (int) SocketLink.MUCH - 1).isVirtual()).isTrue();
    }

    @Test
    void aConnectionThatMovesMuchGetsPlatformThreads() throws Exception {
        int room = 1 << 20;
        // What follows the turn in which the limit was reached.
        assertThat(serves(arrived -> arrived == SocketLink.MUCH + room, (int) SocketLink.MUCH + room).isVirtual()).isFalse();
    }

    @Test
    void aLoopOnPlatformThreadsHasNoOthers() throws Exception {
        var thread = new CompletableFuture<Thread>();
        var offloaded = new CompletableFuture<Thread>();
        var loop = VirtualLoop.onPlatformThreads();

        loop.execute(() -> thread.complete(Thread.currentThread()));
        loop.offload(() -> true, (_, _) -> offloaded.complete(Thread.currentThread()));

        assertThat(thread.get(10, TimeUnit.SECONDS).isVirtual()).isFalse();
        assertThat(offloaded.get(10, TimeUnit.SECONDS).isVirtual()).isFalse();
        assertThat(loop.threads().unstarted(() -> {}).isVirtual()).isFalse();
        loop.stop();
    }
}

package dev.parley.runtime.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Offload;
import dev.parley.runtime.tcp.VirtualLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UdpTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final VirtualLoop loop = new VirtualLoop("udp-test");
    private final Queue<Datagrams> opened = new ArrayDeque<>();

    private Datagrams open(Loop on, Datagrams.Handler handler) throws IOException {
        var socket = new Udp().open(new InetSocketAddress(HERE, 0), on, handler);
        opened.add(socket);
        return socket;
    }

    @AfterEach
    void close() {
        opened.forEach(Datagrams::close);
        loop.stop();
    }

    @Test
    void aDatagramArrivesWithItsSenderAndAnAnswerGoesBack() throws Exception {
        var answers = new LinkedBlockingQueue<Byte>();
        var server = new Datagrams[1];
        server[0] = open(loop, (from, datagram) -> server[0].send(from, ByteBuffer.wrap(new byte[] {(byte) (datagram.get(0) + 1)})));
        var client = open(loop, (_, datagram) -> answers.add(datagram.get(0)));

        client.send(server[0].local(), ByteBuffer.wrap(new byte[] {41}));

        assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo((byte) 42);
    }

    @Test
    void aPortThatIsTakenIsAnError() throws Exception {
        var first = open(loop, (_, _) -> { });

        assertThatThrownBy(() -> new Udp().open(first.local(), loop, (_, _) -> { })).isInstanceOf(IOException.class);
    }

    @Test
    void aPortIsFreeWhenItIsClosed() throws Exception {
        var address = open(loop, (_, _) -> { }).local();
        opened.remove().close();

        for (int i = 0; i < 300; i++) {
            new Udp().open(address, loop, (_, _) -> { }).close();
        }
    }

    /// More than there are carriers: whoever waits for its port must leave its carrier to the others, or none of them ever goes on.
    @Test
    void manyVirtualThreadsCloseTheirsAtOnce() throws Exception {
        var done = new ArrayList<Future<Integer>>();
        // Not closed: that would wait for threads that never end.
        var threads = Executors.newVirtualThreadPerTaskExecutor();

        for (int i = 0; i < 100; i++) {
            done.add(threads.submit(() -> {
                int port = 0;
                for (int k = 0; k < 20; k++) {
                    var socket = new Udp().open(new InetSocketAddress(HERE, 0), loop, (_, _) -> { });
                    port = socket.local().getPort();
                    socket.close();
                }
                return port;
            }));
        }

        for (var one : done) {
            assertThat(one.get(60, TimeUnit.SECONDS)).isPositive();
        }
        threads.shutdown();
    }

    /// All sockets are read into the same octets: none shows in another one's datagrams.
    @Test
    void everyDatagramArrivesWholeAtItsOwnSocket() throws Exception {
        int sockets = 20;
        int each = 30;
        var seen = new LinkedBlockingQueue<String>();
        var receivers = new ArrayList<Datagrams>();
        for (int i = 0; i < sockets; i++) {
            int number = i;
            receivers.add(open(loop, (_, datagram) -> seen.add(number + " " + datagram.remaining() + " " + sum(datagram))));
        }
        var sender = open(loop, (_, _) -> { });
        var expected = new ArrayList<String>();
        var random = new Random(3);

        for (int n = 0; n < each; n++) {
            for (int i = 0; i < sockets; i++) {
                var octets = new byte[n == 0 ? 65_507 : 1 + random.nextInt(3000)];
                random.nextBytes(octets);
                expected.add(i + " " + octets.length + " " + sum(ByteBuffer.wrap(octets)));
                sender.send(receivers.get(i).local(), ByteBuffer.wrap(octets));
            }
            // What arrived leaves its socket's own buffer, so that none is lost there.
            while (seen.size() < expected.size()) {
                Thread.onSpinWait();
            }
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static int sum(ByteBuffer datagram) {
        var octets = new byte[datagram.remaining()];
        datagram.duplicate().get(octets);
        return Arrays.hashCode(octets);
    }

    @Test
    void sendingNowhereAndAfterTheCloseIsHarmless() throws Exception {
        var socket = open(loop, (_, _) -> { });
        var nobody = open(loop, (_, _) -> { });
        nobody.close();

        socket.send(nobody.local(), ByteBuffer.allocate(1));
        socket.send(nobody.local(), ByteBuffer.allocate(70_000));
        socket.close();
        socket.send(nobody.local(), ByteBuffer.allocate(1));
        socket.close();
    }

    /// The loop takes nothing until all were sent: those that it may owe are delivered, the others lost.
    @Test
    void aLoopThatIsBehindOwesSoManyAndNoMore() throws Exception {
        var tasks = new ConcurrentLinkedQueue<Runnable>();
        var stalled = new HeldLoop(tasks);
        var seen = new LinkedBlockingQueue<ByteBuffer>();
        var receiver = open(stalled, (_, datagram) -> seen.add(datagram));
        var sender = open(loop, (_, _) -> { });

        // Paced by what has arrived, so that the socket's own buffer loses nothing.
        for (int i = 0; i < Udp.MOST_WAITING; i++) {
            sender.send(receiver.local(), ByteBuffer.allocate(4).putInt(0, i));
            while (tasks.size() <= i) {
                Thread.onSpinWait();
            }
        }
        sender.send(receiver.local(), ByteBuffer.allocate(1));
        while (((Udp.Open) receiver).lost().get() == 0) {
            Thread.onSpinWait();
        }
        tasks.remove().run();
        assertThat(tasks).hasSize(Udp.MOST_WAITING - 1);
        sender.send(receiver.local(), ByteBuffer.allocate(2));
        while (tasks.size() < Udp.MOST_WAITING) {
            Thread.onSpinWait();
        }
        tasks.forEach(Runnable::run);

        assertThat(seen).hasSize(Udp.MOST_WAITING + 1);
        assertThat(seen).extracting(ByteBuffer::remaining).contains(2).doesNotContain(1);
    }

    @Test
    void aGroupIsHeardByAllWhoJoined() throws Exception {
        var group = InetAddress.ofLiteral("224.0.1.41");
        var heard = new LinkedBlockingQueue<Integer>();
        var first = new Udp().open(new InetSocketAddress(HERE, 0), Optional.of(group), loop, (_, d) -> heard.add(d.remaining()));
        opened.add(first);
        int port = first.local().getPort();
        opened.add(new Udp().open(new InetSocketAddress(HERE, port), Optional.of(group), loop, (_, d) -> heard.add(-d.remaining())));

        open(loop, (_, _) -> { }).send(new InetSocketAddress(group, port), ByteBuffer.allocate(3));

        assertThat(List.of(taken(heard), taken(heard))).containsExactlyInAnyOrder(3, -3);
    }

    private static int taken(LinkedBlockingQueue<Integer> heard) throws InterruptedException {
        var length = heard.poll(10, TimeUnit.SECONDS);
        return length == null ? 0 : length;
    }

    /// A loop that does nothing until the test takes its tasks.
    private record HeldLoop(Queue<Runnable> tasks) implements Loop {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("this loop has no time");
        }

        @Override
        public Offload beside() {
            return this;
        }

        @Override
        public <T extends @Nullable Object> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> done) {
            throw new UnsupportedOperationException("this loop has no other thread");
        }
    }
}

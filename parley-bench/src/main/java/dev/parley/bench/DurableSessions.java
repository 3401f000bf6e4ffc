package dev.parley.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.parley.session.talk.Conversation;
import dev.parley.session.talk.ConversationOptions;
import dev.parley.session.talk.Conversations;
import dev.parley.session.talk.Login;
import dev.parley.session.talk.Received;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What a durable session costs, both sides in this process, over loopback: set up with TLS 1.3, SCRAM-SHA-256, a number and a record on the disk
/// of both sides, and released; and the memory of one that waits.
public final class DurableSessions {
    private static final char[] PASSWORD = "not a secret".toCharArray();
    private static final int WARM_UP = 100;

    private final Path folder;
    private final InetSocketAddress address;
    private final Login login;

    private DurableSessions(Path folder, InetSocketAddress address, Login login) {
        this.folder = folder;
        this.address = address;
        this.login = login;
    }

    /// @param args how many sessions are set up one after another (200 unless said), and how many wait at once (500 unless said)
    public static void main(String... args) throws Exception {
        int setUp = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int waiting = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        var folder = Files.createTempDirectory("parley-sessions");
        try {
            var options = ConversationOptions.DEFAULT.conversations(Math.max(WARM_UP, setUp) + waiting);
            Conversations.addUser(folder.resolve("server"), "bench", PASSWORD);
            try (var server = Conversations.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), folder.resolve("server"), options,
                    false, DurableSessions::answer)) {
                var sessions = new DurableSessions(
                        folder.resolve("client"), server.address(), Login.of("bench", PASSWORD).fingerprint(server.fingerprint()));
                sessions.setUp(WARM_UP, "warm");
                sessions.rate(setUp);
                sessions.memory(waiting, options);
            }
        } finally {
            delete(folder);
        }
    }

    private static void answer(Conversation conversation) throws InterruptedException {
        while (!(conversation.receive() instanceof Received.ReleaseAsked)) {
            // There are no messages in this benchmark.
        }
        conversation.release();
    }

    private void setUp(int count, String name) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            try (var conversation = Conversations.connect(address, folder, login, name + i)) {
                conversation.release();
            }
        }
    }

    private void rate(int count) throws InterruptedException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long wall = System.nanoTime();
        long cpu = system.getProcessCpuTime();
        setUp(count, "rate");
        System.out.printf(Locale.ROOT, "set up and released: %.0f sessions per second by one caller, %.1f ms of CPU each, both sides (%d sessions)%n",
                count * 1e9 / (System.nanoTime() - wall), (system.getProcessCpuTime() - cpu) / 1e6 / count, count);
    }

    private void memory(int count, ConversationOptions options) throws Exception {
        var open = new ArrayList<Conversation>();
        long heap = heap();
        long direct = direct();
        for (int i = 0; i < count; i++) {
            open.add(Conversations.connect(address, folder, login, "waiting" + i, options));
        }
        System.out.printf(Locale.ROOT, "a session that waits: %d octets of heap and %d in buffers outside of it, for both sides (%d sessions)%n",
                (heap() - heap) / count, (direct() - direct) / count, count);
        release(open);
    }

    private static void release(List<Conversation> open) throws InterruptedException {
        var left = new CountDownLatch(open.size());
        for (var conversation : open) {
            Thread.ofVirtual().start(() -> {
                try (conversation) {
                    conversation.release();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    left.countDown();
                }
            });
        }
        left.await(1, TimeUnit.MINUTES);
    }

    /// What is alive.
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

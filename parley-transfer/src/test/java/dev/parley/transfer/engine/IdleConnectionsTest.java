package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.rfc1006.Rfc1006;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a connection that says nothing costs a server: measured on connections whose other ends keep no more than a socket.
@Tag("slow")
@Timeout(120)
class IdleConnectionsTest {
    private static final int MANY = 400;
    /// Octets for each of them: on the heap, and outside of it.
    private static final long MOST_HEAP = 16 << 10;
    private static final long MOST_DIRECT = 3 << 10;
    /// Outside of the heap for all of them together: what they use in turn.
    private static final long MOST_SHARED = 3 << 20;

    @TempDir
    Path folder;

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // Nobody asks.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Anybody.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// How far it gets: a transport connection, plain or in TLS, or not even a handshake.
    enum Kind {
        PLAIN,
        TLS,
        SILENT
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionCostsLittle(Kind kind) throws Exception {
        var identity = Identity.in(folder.resolve("server"));
        var log = new CopyOnWriteArrayList<String>();
        var trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Anybody()}, null);
        Files.createDirectories(folder.resolve("inbox"));
        List<Socket> sockets = new ArrayList<>();
        try (var store = SqliteStore.open(folder.resolve("server"))) {
            var server = new TransferServer(store, new OsDisk(), folder.resolve("inbox"), identity, (_, _) -> {}, log::add);
            try (var listener = Tcp.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    kind == Kind.PLAIN ? Optional.empty() : Optional.of(Tls.server(identity.key(), identity.certificate())),
                    new Tcp.Reception(2 * MANY, Rfc1006.BUSY, log::add), server::connection)) {
                // What is loaded at the first use does not count.
                for (int i = 0; i < 20; i++) {
                    sockets.add(dial(listener.address(), kind, trusting));
                }
                long heap = least(IdleConnectionsTest::heap, 0);
                long direct = least(IdleConnectionsTest::direct, 0);

                for (int i = 0; i < MANY; i++) {
                    sockets.add(dial(listener.address(), kind, trusting));
                }

                assertThat(least(IdleConnectionsTest::heap, heap + MANY * MOST_HEAP) - heap)
                        .as("octets of the heap").isLessThanOrEqualTo(MANY * MOST_HEAP);
                assertThat(least(IdleConnectionsTest::direct, direct + MANY * MOST_DIRECT + MOST_SHARED) - direct)
                        .as("octets outside of the heap").isLessThanOrEqualTo(MANY * MOST_DIRECT + MOST_SHARED);
                assertThat(log).as("all of them are still there").isEmpty();
            }
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    private static Socket dial(InetSocketAddress address, Kind kind, SSLContext trusting) throws Exception {
        var socket = new Socket(address.getAddress(), address.getPort());
        if (kind == Kind.SILENT) {
            return socket;
        }
        var talking = kind == Kind.PLAIN ? socket : trusting.getSocketFactory().createSocket(socket, "server", address.getPort(), false);
        talking.getOutputStream().write(HexFormat.of().parseHex("0300000b06e00000000100"));
        assertThat(talking.getInputStream().readNBytes(11)).as("a connection confirm").hasSize(11);
        return socket;
    }

    /// The least that is seen before garbage is collected and handshakes are over, or the first that is small enough.
    private static long least(LongSupplier measure, long enough) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(enough == 0 ? 1 : 10);
        long least = Long.MAX_VALUE;
        while (least > enough && System.nanoTime() < until) {
            System.gc();
            least = Math.min(least, measure.getAsLong());
        }
        return least;
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(p -> p.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }
}

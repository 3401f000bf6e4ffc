package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How fast one big file goes, both sides in this process, against a copy with SHA-256 on both sides and a force. The figures go to
/// `target/throughput.txt`; what fails is only a transfer that is wrong, because machines differ. See docs/performance.md.
@Tag("slow")
@Timeout(300)
class ThroughputTest {
    private static final int MEBIBYTES = Integer.getInteger("parley.mib", 256);
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    @Test
    void aBigFileArrivesAndItsRateIsWrittenDown() throws Exception {
        var file = folder.resolve("big.bin");
        var page = new byte[1 << 20];
        var random = new Random(1);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < MEBIBYTES; i++) {
                random.nextBytes(page);
                out.write(page);
            }
        }
        var lines = new ArrayList<String>();
        double copy = median(() -> copyWithDigests(file));
        lines.add(line("copy, SHA-256 of both, force", copy, copy));
        lines.add(line("parley, plain", median(() -> transfer(file, false)), copy));
        lines.add(line("parley, TLS 1.3", median(() -> transfer(file, true)), copy));

        Files.write(Files.createDirectories(Path.of("target")).resolve("throughput.txt"), lines);
    }

    private Object copyWithDigests(Path file) throws Exception {
        var target = folder.resolve("copy.bin");
        Files.copy(file, target);
        try (var handle = new OsDisk().openForWrite(target)) {
            handle.force();
        }
        var digests = List.of(digest(file), digest(target));
        Files.delete(target);
        assertThat(digests.getFirst()).isEqualTo(digests.getLast());
        return digests;
    }

    private static byte[] digest(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            var page = new byte[1 << 16];
            for (int size = in.read(page); size >= 0; size = in.read(page)) {
                digest.update(page, 0, size);
            }
        }
        return digest.digest();
    }

    private Object transfer(Path file, boolean encrypted) throws Exception {
        var state = Files.createTempDirectory(folder, "state");
        var inbox = Files.createDirectories(state.resolve("inbox"));
        var identity = Identity.in(state);
        try (var serverStore = SqliteStore.open(state.resolve("server")); var clientStore = SqliteStore.open(state.resolve("client"))) {
            serverStore.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
            var server = new TransferServer(serverStore, new OsDisk(), inbox, identity, (_, _) -> {}, _ -> {});
            var tls = encrypted ? Optional.of(Tls.server(identity.key(), identity.certificate())) : Optional.<Tls>empty();
            try (var listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls, 10, server::connection)) {
                var job = new TransferClient.Job(
                        "send " + file, listener.address(),
                        encrypted ? Optional.of(Tls.client(c -> Identity.fingerprint(c).equals(identity.fingerprint()))) : Optional.empty(),
                        "alice", "secret".toCharArray(), false, "", Target.OnExists.FAIL, Source.below(file), state, Settings.DEFAULT,
                        Duration.ofSeconds(30));
                var result = new TransferClient(clientStore, new OsDisk(), job, _ -> {}).run();
                assertThat(result.failure()).as(result.words()).isEmpty();
            }
        }
        assertThat(Files.size(inbox.resolve("big.bin"))).isEqualTo(Files.size(file));
        Files.delete(inbox.resolve("big.bin"));
        return state;
    }

    /// Seconds.
    private static double median(Callable<?> work) throws Exception {
        var seconds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            work.call();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[ROUNDS / 2];
    }

    private static String line(String name, double seconds, double copy) {
        return String.format(Locale.ROOT, "%-30s %7.3f s %7.0f MiB/s %6.2f of the copy's rate", name, seconds, MEBIBYTES / seconds, copy / seconds);
    }
}

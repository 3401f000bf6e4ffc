package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Flow tokens over real sockets, with real stores and files.
@Timeout(120)
class FlowSocketsTest {
    private static final int SIZE = 3_000_000;

    @TempDir
    Path folder;

    @Test
    void threeBulkFlowsTakeTurnsAndTheirDataNeverMix() throws Exception {
        var tap = new WireTap(System::nanoTime);
        var log = new CopyOnWriteArrayList<String>();
        try (var serverStore = SqliteStore.open(folder.resolve("server"))) {
            serverStore.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
            Files.createDirectories(folder.resolve("inbox"));
            var server = new TransferServer(serverStore, new OsDisk(), folder.resolve("inbox"), Identity.in(folder.resolve("server")),
                    FlowRules.DEFAULT.withHeavy(1_000_000), (_, _) -> {}, log::add);
            var connections = new ArrayList<WireTap.Connection>();
            try (var listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), 10, loop -> {
                synchronized (connections) {
                    // Which client it is does not matter: each connection is one flow here.
                    var connection = tap.new Connection("connection " + connections.size());
                    connections.add(connection);
                    return connection.server(server.connection(loop));
                }
            });
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var results = new ArrayList<CompletableFuture<TransferClient.Result>>();
                for (int i = 0; i < 3; i++) {
                    var name = "file" + i;
                    var content = new byte[SIZE];
                    new Random(i).nextBytes(content);
                    Files.write(folder.resolve(name), content);
                    results.add(CompletableFuture.supplyAsync(() -> send(listener.address(), name), threads));
                }
                for (var result : results) {
                    assertThat(result.get().failure()).as(result.get().words() + log).isEmpty();
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(folder.resolve("inbox/file" + i)).hasSameBinaryContentAs(folder.resolve("file" + i));
        }
        assertThat(tap.turns()).as("each transmits once, from its first data to its last").hasSize(3).doesNotHaveDuplicates();
    }

    private TransferClient.Result send(InetSocketAddress address, String name) {
        try (var store = SqliteStore.open(folder.resolve("client-" + name))) {
            var job = new TransferClient.Job(
                    "send " + name, address, Optional.empty(), "alice", "secret".toCharArray(), false, "", Target.OnExists.FAIL,
                    Source.below(folder.resolve(name)), folder, new Settings(4096, 10, 4, Duration.ofSeconds(20)), Duration.ofSeconds(30));
            return new TransferClient(store, new OsDisk(), job, _ -> {}).run();
        } catch (java.io.IOException | InterruptedException e) {
            return new TransferClient.Result(Optional.of(Failure.OTHER), e.toString(), 0, 0, 0, 0);
        }
    }
}

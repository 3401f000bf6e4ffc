package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole transfers over real sockets on loopback, with real stores and files.
@Timeout(120)
class TransferTest {
    private static final Settings SMALL = new Settings(4096, 10, 4, Duration.ofSeconds(20));
    private static final long WINDOW = 4096L * 10 * 4;

    @TempDir
    Path folder;

    private final List<TransferEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private SqliteStore serverStore;
    private SqliteStore clientStore;
    private Identity identity;
    private Tcp.Listener plain;
    private Tcp.Listener secured;

    @BeforeEach
    void serve() throws IOException {
        serverStore = SqliteStore.open(folder.resolve("server"));
        clientStore = SqliteStore.open(folder.resolve("client"));
        identity = Identity.in(folder.resolve("server"));
        serverStore.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
        Files.createDirectories(folder.resolve("inbox"));
        var server = new TransferServer(serverStore, new OsDisk(), folder.resolve("inbox"), identity, (_, _) -> {}, log::add);
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = Tcp.listen(loopback, Optional.empty(), 100, server::connection);
        secured = Tcp.listen(loopback, Optional.of(Tls.server(identity.key(), identity.certificate())), 100, server::connection);
    }

    @AfterEach
    void close() throws IOException {
        plain.close();
        secured.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 40_960, 40_961, 81_920, 3_000_000})
    void aFileOfAnySizeArrivesOverTlsWithItsTime(int size) throws Exception {
        var file = file("data.bin", size);

        var result = send(secured.address(), true, "secret", file);

        assertThat(result.failure()).as(result.words() + log).isEmpty();
        assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(file);
        assertThat(Files.getLastModifiedTime(folder.resolve("inbox/data.bin")).toMillis()).isEqualTo(Files.getLastModifiedTime(file).toMillis());
        assertThat(result.sent()).isEqualTo(size);
        assertThat(result.session()).isPositive();
    }

    @Test
    void aCutLineIsMendedAndAtMostOneWindowIsSentTwice() throws Exception {
        var file = file("data.bin", 3_000_000);
        try (var proxy = new FaultProxy(plain.address())) {
            proxy.cutAfter.set(1_500_000);

            var result = send(proxy.address(), false, "secret", file);

            assertThat(result.failure()).as(result.words() + log).isEmpty();
            assertThat(proxy.cuts).hasValue(1);
            assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(file);
            assertThat(events).anyMatch(TransferEvent.Resumed.class::isInstance);
            assertThat(result.sent() - result.size()).isBetween(0L, WINDOW + 40_960);
        }
    }

    /// The line goes silent and nobody is told: the old connection is half open at the server when the command is given again.
    @Test
    void aHalfOpenConnectionIsTakenOverByItsSuccessorAndFenced() throws Exception {
        var file = file("data.bin", 3_000_000);
        try (var proxy = new FaultProxy(secured.address())) {
            proxy.silentAfter.set(1_500_000);
            var first = new TransferClient(
                    clientStore, new OsDisk(), job(proxy.address(), true, "secret", file, Target.OnExists.FAIL, false, Duration.ZERO), _ -> {});
            var frozen = Thread.ofVirtual().start(() -> {
                try {
                    first.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            await(() -> proxy.silenced.get() == 1);

            var result = send(secured.address(), true, "secret", file);

            assertThat(result.failure()).as(result.words() + log).isEmpty();
            assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(file);
            assertThat(events).anyMatch(TransferEvent.Resumed.class::isInstance);
            await(() -> log.contains("a newer connection has taken over the session"));
            assertThat(serverStore.sessions("alice")).singleElement().satisfies(s -> assertThat(s.epoch()).isEqualTo(2));
            first.stop();
            frozen.join();
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void damageOnTheWayIsRepairedOnTheSameConnection() throws Exception {
        var file = file("data.bin", 3_000_000);
        try (var proxy = new FaultProxy(plain.address())) {
            // Somewhere inside a page: the headers of the protocol have a few octets for each 4096 of data.
            proxy.damageAt.set(1_002_000);

            var result = send(proxy.address(), false, "secret", file);

            assertThat(result.failure()).as(result.words() + log).isEmpty();
            assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(file);
            assertThat(events).anyMatch(TransferEvent.Resync.class::isInstance);
            assertThat(events).filteredOn(TransferEvent.Connected.class::isInstance).hasSize(1);
        }
    }

    @Test
    void aFolderArrivesWithItsTree() throws Exception {
        var random = new Random(1);
        for (int i = 0; i < 60; i++) {
            var file = folder.resolve("tree/sub" + i % 7 + "/ünï " + i);
            Files.createDirectories(file.getParent());
            var bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            Files.write(file, bytes);
        }

        var result = send(secured.address(), true, "secret", folder.resolve("tree"));

        assertThat(result.failure()).as(result.words() + log).isEmpty();
        assertThat(result.files()).isEqualTo(60);
        for (var source : Source.below(folder.resolve("tree"))) {
            if (source.kind() == Source.Kind.FILE) {
                assertThat(folder.resolve("inbox").resolve(source.name())).hasSameBinaryContentAs(source.path());
            }
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedWithTheSameWords() throws Exception {
        var file = file("data.bin", 10);

        var wrong = send(secured.address(), true, "wrong", file);
        serverStore.removeUser("alice");
        var unknown = send(secured.address(), true, "secret", file);

        assertThat(wrong.failure()).contains(Failure.REFUSED);
        assertThat(unknown.failure()).contains(Failure.REFUSED);
        assertThat(unknown.words()).isEqualTo(wrong.words());
        assertThat(serverStore.sessions("")).isEmpty();
    }

    @Test
    void aFileThatExistsIsRefusedReplacedOrRenamed() throws Exception {
        var file = file("data.bin", 100_000);
        Files.writeString(folder.resolve("inbox/data.bin"), "older");

        assertThat(send(secured.address(), true, "secret", file).failure()).contains(Failure.UNWANTED);
        assertThat(folder.resolve("inbox/data.bin")).hasContent("older");
        assertThat(run(secured.address(), true, "secret", file, Target.OnExists.RENAME, false).failure()).isEmpty();
        assertThat(folder.resolve("inbox/data.bin.1")).hasSameBinaryContentAs(file);
        assertThat(run(secured.address(), true, "secret", file, Target.OnExists.REPLACE, false).failure()).isEmpty();
        assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void aFileIsFetchedFromTheServer() throws Exception {
        var bytes = new byte[1_000_000];
        new Random(7).nextBytes(bytes);
        Files.write(folder.resolve("inbox/report.bin"), bytes);
        Files.createDirectories(folder.resolve("here"));

        var result = run(secured.address(), true, "secret", Path.of("report.bin"), Target.OnExists.FAIL, true);

        assertThat(result.failure()).as(result.words() + log).isEmpty();
        assertThat(folder.resolve("here/report.bin")).hasBinaryContent(bytes);
        assertThat(clientStore.sessions("")).as("nothing is left to go on with").isEmpty();
    }

    /// The server has another port after its restart, and no certificate says who it is: it proves that in the login.
    @Test
    void aServerOnPlainTcpIsKnownByItsIdentityAndNotByItsPort() throws Exception {
        var file = file("data.bin", 3_000_000);
        try (var proxy = new FaultProxy(plain.address())) {
            proxy.cutAfter.set(1_500_000);
            var first = new TransferClient(clientStore, new OsDisk(), job(proxy.address(), false, "secret", file, Target.OnExists.FAIL, false,
                    Duration.ZERO), events::add).run();
            assertThat(first.failure()).contains(Failure.LOST);

            var second = send(plain.address(), false, "secret", file);

            assertThat(second.failure()).as(second.words() + log).isEmpty();
            assertThat(second.session()).isEqualTo(first.session());
            assertThat(events).anyMatch(TransferEvent.Resumed.class::isInstance);
        }
    }

    @Test
    void aChangedSourceIsNoticedOnResumeAndNothingIsMixed() throws Exception {
        var file = file("data.bin", 3_000_000);
        try (var proxy = new FaultProxy(plain.address())) {
            proxy.cutAfter.set(1_500_000);
            var client = new TransferClient(clientStore, new OsDisk(), job(proxy.address(), false, "secret", file, Target.OnExists.FAIL, false,
                    Duration.ZERO), events::add);
            assertThat(client.run().failure()).contains(Failure.LOST);
            Files.write(file, new byte[3_000_000]);
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));

            var result = send(proxy.address(), false, "secret", file);

            assertThat(result.failure()).as(result.words()).contains(Failure.SOURCE_CHANGED);
            assertThat(folder.resolve("inbox/data.bin")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatChangedOrWasDamagedAtTheReceiverIsSentFromItsBeginning(boolean changed) throws Exception {
        var file = file("data.bin", 3_000_000);
        try (var proxy = new FaultProxy(plain.address())) {
            proxy.cutAfter.set(1_500_000);
            var job = job(proxy.address(), false, "secret", file, Target.OnExists.FAIL, false, Duration.ZERO);
            assertThat(new TransferClient(clientStore, new OsDisk(), job, events::add).run().failure()).contains(Failure.LOST);
            if (changed) {
                Files.write(file, new byte[2_000_000]);
            } else {
                try (var parts = Files.list(folder.resolve("inbox/.parley"))) {
                    Files.delete(parts.findFirst().orElseThrow());
                }
            }
            var again = new TransferClient.Job(
                    job.command(), job.address(), job.tls(), job.user(), job.password(), job.get(), job.path(), job.onExists(),
                    Source.below(file), job.folder(), job.settings(), job.patience(), job.flow(),
                    new FileOptions(false, Sources.Links.KEEP, changed));

            var result = new TransferClient(clientStore, new OsDisk(), again, events::add).run();

            assertThat(result.failure()).as(result.words() + log).isEmpty();
            assertThat(events).filteredOn(TransferEvent.Warning.class::isInstance).singleElement().asString()
                    .contains(changed ? "it has changed" : "damaged from outside");
        }
        assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(file);
        try (var parts = Files.list(folder.resolve("inbox/.parley"))) {
            assertThat(parts).isEmpty();
        }
    }

    private Path file(String name, int size) throws IOException {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(folder.resolve(name), bytes);
    }

    private TransferClient.Result send(InetSocketAddress address, boolean tls, String password, Path file) throws Exception {
        return run(address, tls, password, file, Target.OnExists.FAIL, false);
    }

    private TransferClient.Result run(InetSocketAddress address, boolean tls, String password, Path file, Target.OnExists onExists, boolean get)
            throws Exception {
        return new TransferClient(clientStore, new OsDisk(), job(address, tls, password, file, onExists, get, Duration.ofSeconds(30)), events::add)
                .run();
    }

    private TransferClient.Job job(
            InetSocketAddress address, boolean tls, String password, Path file, Target.OnExists onExists, boolean get, Duration patience)
            throws IOException {
        return new TransferClient.Job(
                (get ? "get " : "send ") + file, address,
                tls ? Optional.of(Tls.client(c -> Identity.fingerprint(c).equals(identity.fingerprint()))) : Optional.empty(),
                "alice", password.toCharArray(), get, get ? file.toString() : "", onExists, get ? List.of() : Source.below(file),
                folder.resolve("here"), SMALL, patience);
    }
}

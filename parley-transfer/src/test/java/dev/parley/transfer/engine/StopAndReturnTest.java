package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A transfer that is stopped, taken over by another process, or given up by the server, and what the next run of the same command does.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StopAndReturnTest {
    private static final int SIZE = 6_000_000;

    @TempDir
    Path folder;

    private final List<TransferEvent> events = new CopyOnWriteArrayList<>();
    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterEach
    void close() throws IOException {
        served.close();
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("data.bin"), content(1));
    }

    private static byte[] content(long seed) {
        var bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private TransferClient client(Source source, Consumer<TransferEvent> listener) {
        var tls = Tls.client(certificate -> Identity.fingerprint(certificate).equals(served.identity.fingerprint()));
        var job = new TransferClient.Job(
                "the command", served.listener.address(), Optional.of(tls), "alice", "secret".toCharArray(), false, "", served.onExists,
                List.of(source), Path.of("."), served.settings, Duration.ofSeconds(30));
        return new TransferClient(served.clientStore, new OsDisk(), job, event -> {
            events.add(event);
            listener.accept(event);
        });
    }

    private TransferClient.Result run(Source source) throws InterruptedException {
        return client(source, _ -> {}).run();
    }

    /// Sends until some checkpoints are confirmed.
    private TransferClient.Result stopped(Source source) throws InterruptedException {
        var running = new CompletableFuture<TransferClient>();
        var client = client(source, event -> {
            if (event instanceof TransferEvent.Checkpoint c && c.serial() == 5) {
                running.join().stop();
            }
        });
        running.complete(client);
        return client.run();
    }

    @Test
    void whatWasSentIsConfirmedBeforeAStoppedTransferEndsSoNothingIsSentTwice() throws Exception {
        var source = Source.of(file(), "data.bin");

        var first = stopped(source);
        assertThat(first.failure()).contains(Failure.LOST);
        assertThat(first.words()).isEqualTo("stopped");
        assertThat(first.sent()).isLessThan(SIZE);
        assertThat(served.serverStore.progress(first.session(), "data.bin")).hasValueSatisfying(
                p -> assertThat(p.offset()).as("all that was sent").isEqualTo(first.sent()));

        var second = run(source);
        assertThat(second.failure()).as(second.words()).isEmpty();
        assertThat(second.session()).isEqualTo(first.session());
        assertThat(second.sent()).as("over both runs").isEqualTo(SIZE);
        assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(source.path());
        assertThat(served.log).anyMatch(line -> line.contains("the client stops"));
    }

    private TransferClient getter(String what, Consumer<TransferEvent> listener) {
        var tls = Tls.client(certificate -> Identity.fingerprint(certificate).equals(served.identity.fingerprint()));
        var job = new TransferClient.Job(
                "get", served.listener.address(), Optional.of(tls), "alice", "secret".toCharArray(), true, what, served.onExists,
                List.of(), folder.resolve("here"), served.settings, Duration.ofSeconds(30));
        return new TransferClient(served.clientStore, new OsDisk(), job, event -> {
            events.add(event);
            listener.accept(event);
        });
    }

    /// In the midst of the transfer, once.
    private Consumer<TransferEvent> endsTheServer() {
        var ended = new AtomicInteger();
        return event -> {
            if (event instanceof TransferEvent.Checkpoint c && c.serial() == 5 && ended.incrementAndGet() == 1) {
                served.server.close();
            }
        };
    }

    /// The server asks for the end of the client's turn.
    @Test
    void aServerThatEndsConfirmsWhatTheClientHasSentAndNothingIsSentTwice() throws Exception {
        var source = Source.of(file(), "data.bin");
        var client = client(source, endsTheServer());

        var result = client.run();

        assertThat(result.failure()).as(result.words()).isEmpty();
        assertThat(served.log).contains("the server ends");
        assertThat(events).anyMatch(TransferEvent.Lost.class::isInstance).anyMatch(TransferEvent.Resumed.class::isInstance);
        assertThat(result.sent()).as("over both connections").isEqualTo(SIZE);
        assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(source.path());
    }

    /// The same for a get: the client asks for the end of the server's turn.
    @Test
    void whatTheServerHasSentIsConfirmedBeforeAStoppedGetEnds() throws Exception {
        Files.write(folder.resolve("inbox/data.bin"), content(1));
        var running = new CompletableFuture<TransferClient>();
        var client = getter("data.bin", event -> {
            if (event instanceof TransferEvent.Checkpoint c && c.serial() == 5) {
                running.join().stop();
            }
        });
        running.complete(client);

        var first = client.run();
        assertThat(first.failure()).contains(Failure.LOST);
        assertThat(first.words()).isEqualTo("stopped");
        assertThat(first.sent()).isLessThan(SIZE);

        var second = getter("data.bin", _ -> {}).run();
        assertThat(second.failure()).as(second.words()).isEmpty();
        assertThat(second.session()).isEqualTo(first.session());
        assertThat(second.sent()).as("over both runs").isEqualTo(SIZE);
        assertThat(folder.resolve("here/data.bin")).hasSameBinaryContentAs(folder.resolve("inbox/data.bin"));
    }

    /// A server that ends in the midst of a get lets the client confirm what is on the line. What it leaves out it says with each connection, and
    /// people are told once.
    @Test
    void aServerThatEndsHasWhatItSentConfirmedAndNothingIsSentTwice() throws Exception {
        var set = Files.createDirectories(folder.resolve("inbox/set"));
        Files.write(set.resolve("data.bin"), content(1));
        Files.createSymbolicLink(set.resolve("away"), Path.of("/etc/passwd"));
        var client = getter("set", endsTheServer());

        var result = client.run();

        assertThat(result.failure()).as(result.words()).isEmpty();
        assertThat(served.log).contains("the server ends");
        assertThat(events).anyMatch(TransferEvent.Lost.class::isInstance).anyMatch(TransferEvent.Resumed.class::isInstance);
        assertThat(result.sent()).as("over both connections").isEqualTo(SIZE);
        assertThat(events).filteredOn(TransferEvent.Warning.class::isInstance).singleElement().satisfies(w -> assertThat(w.toString())
                .contains("set/away is left out").doesNotContain(folder.toString()));
        served.server.awaitEnd();
        assertThat(served.server.holds(result.session())).isFalse();
        assertThat(folder.resolve("here/set/data.bin")).hasSameBinaryContentAs(set.resolve("data.bin"));
    }

    /// It expired, or an operator cancelled it. The command must not fail for ever.
    @Test
    void aSessionThatTheServerHasGivenUpBeginsAgain() throws Exception {
        var source = Source.of(file(), "data.bin");
        var first = stopped(source);
        served.serverStore.removeSession(first.session());

        var second = run(source);

        assertThat(second.failure()).as(second.words()).isEmpty();
        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(events).anyMatch(e -> e instanceof TransferEvent.Warning w && w.words().contains("begins again"));
        assertThat(folder.resolve("inbox/data.bin")).hasSameBinaryContentAs(source.path());
    }

    /// Two processes with the same command: the older one ends, and does not take the session back.
    @Test
    void aRunThatWasOvertakenEnds() throws Exception {
        var source = Source.of(file(), "data.bin");
        var begun = new CountDownLatch(1);
        var overtaken = new CountDownLatch(1);
        var older = new CompletableFuture<TransferClient.Result>();
        Thread.ofVirtual().start(() -> {
            try {
                older.complete(client(source, event -> {
                    if (event instanceof TransferEvent.Checkpoint) {
                        begun.countDown();
                        hold(overtaken);
                    }
                }).run());
            } catch (InterruptedException e) {
                older.completeExceptionally(e);
            }
        });
        begun.await();

        var newer = run(source);
        overtaken.countDown();

        assertThat(newer.failure()).as(newer.words()).isEmpty();
        assertThat(older.get().failure()).as(older.get().words()).contains(Failure.ABORTED);
        assertThat(older.get().words()).contains("a newer connection has taken over");
    }

    /// Two processes would write the same unfinished file.
    @Test
    void whatIsBeingFetchedIsNotFetchedTwiceAtOnce() throws Exception {
        Files.write(folder.resolve("inbox/data.bin"), content(1));
        try (var _ = served.clientStore.claim("get data.bin").orElseThrow()) {
            var second = served.get("data.bin", folder.resolve("here"));

            assertThat(second.failure()).contains(Failure.LATER);
            assertThat(second.words()).contains("another process");
        }
        assertThat(served.get("data.bin", folder.resolve("here")).failure()).isEmpty();
    }

    private static void hold(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nothing of a transfer is forgotten before its end was told: a death at that moment costs nothing, and the next run says the same.
    @Test
    void aCommandThatDiesWhileItTellsItsEndIsDoneAtOnceInTheNextRun() throws Exception {
        var source = Source.of(file(), "data.bin");
        assertThatThrownBy(() -> client(source, _ -> {}).run(_ -> {
            throw new IllegalStateException("as if it were killed");
        })).hasMessage("as if it were killed");
        events.clear();

        var again = client(source, _ -> {}).run(done -> assertThat(done.sent()).isEqualTo(SIZE));

        assertThat(again.failure()).as(again.words()).isEmpty();
        assertThat(again.sent()).as("over both runs").isEqualTo(SIZE);
        assertThat(events).noneMatch(TransferEvent.Sent.class::isInstance);
        assertThat(served.clientStore.transfers()).isEmpty();
        assertThat(run(source).words()).as("acknowledged: now it is a new transfer").contains("exists already");
    }

    /// The process died after the last confirmation and before it forgot the transfer; the next night another dump has the same name.
    @Test
    void anotherStreamOfTheSameNameDoesNotPassForTheOneThatIsComplete() throws Exception {
        var first = run(stream(1));
        assertThat(first.failure()).as(first.words()).isEmpty();
        dieBeforeForgetting(first);

        var other = run(stream(2));
        assertThat(other.failure()).as(other.words()).contains(Failure.SOURCE_CHANGED);

        var same = run(stream(1));
        assertThat(same.failure()).as(same.words()).isEmpty();
        assertThat(same.session()).isEqualTo(first.session());
        assertThat(folder.resolve("inbox/stream")).hasBinaryContent(content(1));
    }

    private static Source stream(long seed) {
        return Source.stream(new ByteArrayInputStream(content(seed)), "stream", 1000);
    }

    private void dieBeforeForgetting(TransferClient.Result done) {
        served.clientStore.putTransfer(new Store.Transfer(
                "the command " + served.identity.fingerprint(), done.session(), served.identity.fingerprint(), "open", 1, SIZE, SIZE));
    }
}

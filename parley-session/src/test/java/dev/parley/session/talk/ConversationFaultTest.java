package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/// Restarts, cuts, damage, silence and two processes at once.
class ConversationFaultTest extends TalkOverLoopback {
    @Test
    void aUnitThatWasNotRecordedIsDoneAgainAfterARestartOfTheReceiver() throws Exception {
        var first = listen(c -> {
            accepted.add(c);
            c.receive();
            c.send("lost".getBytes());
            new CountDownLatch(1).await();
        });
        var proxy = new Cuts(first.address());
        try (proxy; var c = connect(proxy.address(), login("shop", "secret", first), "orders")) {
            c.send("order".getBytes());
            c.checkpoint();
            accepted.take();
            first.close();
            proxy.server = listen(this::echo).address();

            assertThat(next(c)).isEqualTo("1:re order");
            assertThat(c.receive(Duration.ofMillis(100))).isEmpty();
        }
    }

    @Test
    void theSenderGoesOnAfterARestartBehindWhatItSent() throws Exception {
        var server = listen(this::echo);
        try (var c = connect(server.address())) {
            c.send("1".getBytes());
            c.send("2".getBytes());
            assertThat(next(c)).isEqualTo("1:re 1");
        }
        try (var c = connect(server.address())) {
            assertThat(c.sent()).isEqualTo(2);
            assertThat(c.acknowledged()).isZero();
            assertThat(next(c)).isEqualTo("1:re 1");
            assertThat(next(c)).isEqualTo("2:re 2");
            c.acknowledge();
        }
        try (var c = connect(server.address())) {
            assertThat(c.acknowledged()).isEqualTo(2);
            c.send("3".getBytes());
            assertThat(next(c)).isEqualTo("3:re 3");
        }
    }

    @Test
    void anotherProcessThatStopsInSilenceIsNoticedAndReplaced() throws Exception {
        var server = listen(this::echo);
        try (var proxy = new Cuts(server.address());
                var c = connect(proxy.address(), login("shop", "secret", server), "x", QUICK.keepalive(Duration.ofSeconds(1)))) {
            c.send("a".getBytes());
            assertThat(next(c)).isEqualTo("1:re a");
            proxy.silence();
            c.send("b".getBytes());
            assertThat(next(c)).isEqualTo("2:re b");
            assertThat(proxy.connections).hasValue(2);
        }
    }

    @Test
    void aHundredConversationsWithCutsAmongThemAreKeptApart() throws Exception {
        var server = listen(this::echo);
        try (var proxy = new Cuts(server.address())) {
            var login = login("shop", "secret", server);
            var failures = new LinkedBlockingQueue<Throwable>();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 100; i++) {
                var name = "c" + i;
                threads.add(Thread.ofVirtual().start(() -> {
                    try (var c = connect(proxy.address(), login, name)) {
                        for (int k = 1; k <= 20; k++) {
                            c.send((name + " " + k).getBytes());
                            assertThat(next(c)).isEqualTo(k + ":re " + name + " " + k);
                        }
                        c.release();
                    } catch (InterruptedException | RuntimeException | AssertionError e) {
                        failures.add(e);
                    }
                }));
            }
            for (int cut = 0; cut < 2; cut++) {
                threads.get(cut).join(Duration.ofMillis(700));
                proxy.cutNow();
            }
            for (var thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void aNewerProcessTakesOverAndTheOlderOneIsTold() throws Exception {
        var server = listen(this::echo);
        try (var old = connect(server.address())) {
            old.send("a".getBytes());
            assertThat(next(old)).isEqualTo("1:re a");
            try (var newer = connect(server.address())) {
                assertThatThrownBy(() -> {
                    while (true) {
                        old.receive();
                    }
                }).isInstanceOf(SessionException.TakenOver.class);
                assertThatThrownBy(() -> old.send("b".getBytes())).isInstanceOf(SessionException.TakenOver.class);
                newer.send("c".getBytes());
                assertThat(next(newer)).isEqualTo("1:re a");
                assertThat(next(newer)).isEqualTo("2:re c");
            }
        }
    }

    @Test
    void cutsAtRandomPlacesLoseAndDoubleNothing() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var server = listen(this::echo);
        try (var proxy = new Cuts(server.address());
                var c = connect(proxy.address(), login("shop", "secret", server), "x")) {
            send(c, 5);
            for (int i = 1; i <= 200; i++) {
                assertThat(next(c)).as("seed " + seed).isEqualTo(i + ":re m" + i);
                if (i <= 195) {
                    c.send(("m" + (i + 5)).getBytes());
                }
                if (i % 40 == 0) {
                    proxy.cutUpAt.set(proxy.up.get() + random.nextInt(2000));
                    proxy.cutDownAt.set(proxy.down.get() + random.nextInt(2000));
                }
            }
            c.receive(Duration.ZERO);
            c.release();
            assertThat(proxy.connections.get()).as("seed " + seed).isGreaterThan(2);
        }
    }

    @Test
    void damageOnAPlainLineIsSentAgain() throws Exception {
        Conversations.addUser(folder.resolve("plain"), "shop", "secret".toCharArray());
        var server = Conversations.listen(loopback(), folder.resolve("plain"), QUICK, true, this::echo);
        servers.add(server);
        var message = "x".repeat(5000);
        try (var proxy = new Cuts(server.address());
                var c = connect(proxy.address(), login("shop", "secret", server).inPlainText(), "x")) {
            c.checkpoint();
            proxy.damageUpAt.set(proxy.up.get() + 2000);
            c.send(message.getBytes());
            assertThat(next(c)).isEqualTo("1:re " + message);
            assertThat(proxy.connections).hasValue(2);
        }
    }

    @Test
    void waitingEndsWithThePatienceAndTheStateIsKept() throws Exception {
        var options = QUICK.patience(Duration.ofMillis(300));
        var server = listen(this::echo);
        try (var c = connect(server.address(), login("shop", "secret", server), "orders", options)) {
            c.checkpoint();
            server.close();
            c.send("kept".getBytes());
            assertThatThrownBy(c::checkpoint).isInstanceOf(SessionException.ConnectionLost.class).hasMessageContaining("state is kept");
        }
        try (var c = connect(listen(this::echo).address(), Login.of("shop", "secret".toCharArray()), "orders")) {
            assertThat(next(c)).isEqualTo("1:re kept");
        }
    }

    @Test
    void aStateThatIsOlderThanTheConversationIsNoticed() throws Exception {
        var server = listen(this::echo);
        var client = folder.resolve("client");
        try (var c = connect(server.address())) {
            c.send("1".getBytes());
            assertThat(next(c)).isEqualTo("1:re 1");
        }
        var backup = folder.resolve("backup");
        copy(client, backup);
        try (var c = connect(server.address())) {
            assertThat(next(c)).isEqualTo("1:re 1");
            c.send("2".getBytes());
            assertThat(next(c)).isEqualTo("2:re 2");
            c.acknowledge();
        }
        assertThatThrownBy(() -> Conversations.connect(server.address(), backup, login("shop", "secret", server), "orders", QUICK))
                .isInstanceOf(SessionException.IntegrityFailure.class).hasMessageContaining("older");
    }

    private static void copy(Path from, Path to) throws IOException {
        java.nio.file.Files.createDirectories(to);
        try (var files = java.nio.file.Files.list(from)) {
            for (var file : files.toList()) {
                java.nio.file.Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}

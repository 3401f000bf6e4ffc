package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.store.SqliteConversations;
import dev.parley.session.talk.Received.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole conversations over real sockets on loopback, with real stores.
@Timeout(60)
class ConversationTest {
    private static final ConversationOptions QUICK = ConversationOptions.DEFAULT.patience(Duration.ofSeconds(20));

    @TempDir
    Path folder;

    private final List<ConversationServer> servers = new ArrayList<>();
    private final BlockingQueue<Conversation> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> ends = new LinkedBlockingQueue<>();

    @BeforeEach
    void user() {
        Conversations.addUser(folder.resolve("server"), "shop", "secret".toCharArray());
    }

    @AfterEach
    void close() throws IOException {
        for (var server : servers) {
            server.close();
        }
    }

    @Test
    void questionsAreAnsweredInOrderAndBothAgreeToEnd() throws Exception {
        var server = listen(this::echo);
        try (var c = connect(server.address())) {
            c.send("a".getBytes(), "b".getBytes());
            assertThat(next(c)).isEqualTo("1:re a");
            assertThat(next(c)).isEqualTo("2:re b");
            c.send("c".getBytes());
            assertThat(next(c)).isEqualTo("3:re c");
            assertThat(c.session()).isPositive();

            c.release();

            assertThat(c.receive()).isInstanceOf(Received.Released.class);
        }
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isInstanceOf(Received.ReleaseAsked.class);
        assertThat(records("client")).isEmpty();
    }

    @Test
    void aWrongPasswordAnUnknownUserAndAnotherCertificateAreRefused() throws Exception {
        var server = listen(this::echo);

        assertThatThrownBy(() -> connect(server.address(), login("shop", "wrong", server), "x"))
                .isInstanceOf(SessionException.Refused.class)
                .hasMessage("the user name or the password is wrong");
        assertThatThrownBy(() -> connect(server.address(), login("nobody", "secret", server), "x"))
                .isInstanceOf(SessionException.Refused.class)
                .hasMessage("the user name or the password is wrong");
        assertThatThrownBy(() -> connect(server.address(), Login.of("shop", "secret".toCharArray()).fingerprint("SHA256:other"), "x"))
                .isInstanceOf(SessionException.Refused.class).hasMessageContaining("not the expected one");
        assertThat(accepted).isEmpty();
    }

    @Test
    void aServerIsPinnedAtTheFirstUse() throws Exception {
        var server = listen(this::echo);
        connect(server.address(), Login.of("shop", "secret".toCharArray()), "x").close();
        server.close();
        Conversations.addUser(folder.resolve("impostor"), "shop", "secret".toCharArray());
        var impostor = Conversations.listen(loopback(), folder.resolve("impostor"), QUICK, false, this::echo);
        servers.add(impostor);

        assertThatThrownBy(() -> connect(impostor.address(), Login.of("shop", "secret".toCharArray()), "x"))
                .isInstanceOf(SessionException.Refused.class).hasMessageContaining("not the expected one");
    }

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
    void aCheckpointReturnsOnlyWhenThePeerHasStoredEverything() throws Exception {
        var release = new CountDownLatch(1);
        var server = listen(c -> {
            release.await();
            echo(c);
        });
        try (var c = connect(server.address())) {
            for (int i = 1; i <= 200; i++) {
                c.send(("m" + i).getBytes());
            }
            c.checkpoint();
            // The application there has not received any yet, and the server process goes away: they are stored.
            server.close();
            assertThat(records("server").getFirst().received()).isEqualTo(200);
            release.countDown();
        }
    }

    @Test
    void aFullOutboxBlocksTheSenderUntilThePeerConfirms() throws Exception {
        var go = new CountDownLatch(1);
        var options = QUICK.message(1000).outbox(10, 10_000);
        var server = listen(options, c -> {
            go.await();
            sink(c);
        });
        try (var c = connect(server.address(), login("shop", "secret", server), "x", options)) {
            var sent = new AtomicInteger();
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 60; i++) {
                        c.send(new byte[1000]);
                        sent.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            // Ten fit the peer's inbox, and no more than the window and the outbox wait.
            assertThat(sender.join(Duration.ofMillis(500))).isFalse();
            assertThat(sent.get()).isBetween(10, 30);
            go.countDown();
            assertThat(sender.join(Duration.ofSeconds(20))).isTrue();
            c.checkpoint();
            assertThat(c.sent()).isEqualTo(60);
        }
    }

    @Test
    void limitsHoldAtTheLimitAndRefuseOneBeyond() throws Exception {
        var options = QUICK.message(1000).outbox(5, 5000).conversations(2);
        var server = listen(options, this::sink);
        try (var c = connect(server.address(), login("shop", "secret", server), "one", options)) {
            c.send(new byte[1000]);
            assertThatThrownBy(() -> c.send(new byte[1001])).isInstanceOf(SessionException.LimitReached.class);
            c.checkpoint();
            c.send(new byte[1000], new byte[1000], new byte[1000], new byte[1000], new byte[1000]);
            c.checkpoint();
            assertThatThrownBy(() -> c.send(new byte[1], new byte[1], new byte[1], new byte[1], new byte[1], new byte[1]))
                    .isInstanceOf(SessionException.LimitReached.class);
            try (var second = connect(server.address(), login("shop", "secret", server), "two", options)) {
                assertThatThrownBy(() -> connect(server.address(), login("shop", "secret", server), "three", options))
                        .isInstanceOf(SessionException.LimitReached.class);
                // Another state folder may have more, but the server does not.
                assertThatThrownBy(() -> Conversations.connect(server.address(), folder.resolve("other"), login("shop", "secret", server),
                        "three", options)).isInstanceOf(SessionException.LimitReached.class);
                second.release();
            }
            connect(server.address(), login("shop", "secret", server), "three", options).close();
        }
    }

    @Test
    void aLongerMessageThanThePeerTakesIsRefusedHere() throws Exception {
        var server = listen(QUICK.message(1000), this::sink);
        try (var c = connect(server.address())) {
            c.send(new byte[1000]);
            assertThatThrownBy(() -> c.send(new byte[1001])).isInstanceOf(SessionException.LimitReached.class).hasMessageContaining("1000");
            c.checkpoint();
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
    void theTurnIsAskedForAndGivenBehindEverythingSentBefore() throws Exception {
        var asked = QUICK.turns(ConversationOptions.Turns.ASKED);
        var server = listen(asked, c -> {
            while (!(c.receive() instanceof Received.TurnGiven)) {
                ends.add(new Received.TurnAsked());
            }
            c.send("mine".getBytes());
            assertThat(c.receive()).isInstanceOf(Received.TurnAsked.class);
            assertThat(c.hasTurn()).isTrue();
            c.giveTurn();
            assertThatThrownBy(c::giveTurn).isInstanceOf(SessionException.OutOfSequence.class);
            echo(c);
        });
        try (var c = connect(server.address(), login("shop", "secret", server), "x", asked)) {
            c.send("one".getBytes());
            assertThat(c.hasTurn()).isTrue();
            c.giveTurn();
            assertThat(c.hasTurn()).isFalse();
            assertThat(next(c)).isEqualTo("1:mine");
            c.pleaseTurn();
            assertThat(c.receive()).isEqualTo(new Received.TurnGiven(2));
            assertThat(c.hasTurn()).isTrue();
            assertThat(ends).hasSize(1);
        }
    }

    @Test
    void anAutomaticPeerGivesTheTurnToAnApplicationThatAsks() throws Exception {
        var server = listen(this::echo);
        try (var c = connect(server.address(), login("shop", "secret", server), "x", QUICK.turns(ConversationOptions.Turns.ASKED))) {
            c.giveTurn();
            c.checkpoint();
            c.pleaseTurn();
            assertThat(c.receive()).isInstanceOf(Received.TurnGiven.class);
            assertThat(c.hasTurn()).isTrue();
        }
    }

    @Test
    void aGivenTurnSurvivesACutAndARestart() throws Exception {
        var asked = QUICK.turns(ConversationOptions.Turns.ASKED);
        var server = listen(asked, c -> {
            accepted.add(c);
            new CountDownLatch(1).await();
        });
        try (var proxy = new Cuts(server.address())) {
            try (var c = connect(proxy.address(), login("shop", "secret", server), "x", asked)) {
                c.giveTurn();
                c.checkpoint();
            }
            try (var c = connect(proxy.address(), login("shop", "secret", server), "x", asked)) {
                assertThat(c.hasTurn()).isFalse();
                assertThat(accepted.take().receive()).isInstanceOf(Received.TurnGiven.class);
            }
        }
    }

    @Test
    void twoHeavyFlowsShareTheTurn() throws Exception {
        var server = listen(c -> {
            var sender = Thread.ofVirtual().start(() -> send(c, 2000));
            receive(c, 2000);
            sender.join();
            echo(c);
        });
        try (var c = connect(server.address())) {
            var sender = Thread.ofVirtual().start(() -> send(c, 2000));
            receive(c, 2000);
            sender.join();
            c.release();
        }
    }

    @Test
    void aReleaseIsRefusedWhileThePeerIsNotDone() throws Exception {
        var server = listen(c -> {
            assertThat(c.receive()).isInstanceOf(Received.ReleaseAsked.class);
            c.send("not yet".getBytes());
            echo(c);
        });
        try (var c = connect(server.address())) {
            assertThatThrownBy(c::release).isInstanceOf(SessionException.Refused.class);
            assertThat(next(c)).isEqualTo("1:not yet");
            c.release();
        }
    }

    @Test
    void theListeningSideMayReleaseToo() throws Exception {
        var server = listen(c -> {
            c.receive();
            c.release();
            ends.add(new Received.Released());
        });
        try (var c = connect(server.address())) {
            c.send("bye".getBytes());
            assertThat(c.receive()).isInstanceOf(Received.ReleaseAsked.class);
            c.release();
        }
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isInstanceOf(Received.Released.class);
        assertThat(records("client")).isEmpty();
    }

    @Test
    void anAbortReachesTheOtherSideWithItsReason() throws Exception {
        var server = listen(this::echo);
        try (var c = connect(server.address())) {
            c.send("a".getBytes());
            c.checkpoint();
            c.abort("no more money");
            assertThat(c.receive()).isEqualTo(new Received.Aborted("no more money"));
        }
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo(new Received.Aborted("no more money"));
        assertThat(records("client")).isEmpty();
        assertThat(records("server").getFirst().words()).isEqualTo("no more money");
    }

    @Test
    void anAbortWhileThePeerIsAwayIsToldWhenItComesBack() throws Exception {
        var server = listen(c -> {
            accepted.add(c);
            new CountDownLatch(1).await();
        });
        connect(server.address()).close();
        accepted.take().abort("sold out");

        try (var c = connect(server.address())) {
            assertThat(c.receive()).isEqualTo(new Received.Aborted("sold out"));
        }
        try (var c = connect(server.address())) {
            assertThat(c.receive(Duration.ofMillis(10))).as("a new conversation").isEmpty();
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

    private void echo(Conversation c) throws InterruptedException {
        accepted.add(c);
        while (true) {
            switch (c.receive()) {
                case Message m -> c.send(("re " + m.text()).getBytes());
                case Received.TurnGiven _ -> {}
                case Received.TurnAsked _ -> c.giveTurn();
                case Received.ReleaseAsked asked -> {
                    c.release();
                    ends.add(asked);
                    return;
                }
                case Received.Released end -> {
                    ends.add(end);
                    return;
                }
                case Received.Aborted end -> {
                    ends.add(end);
                    return;
                }
            }
        }
    }

    private void sink(Conversation c) throws InterruptedException {
        while (c.receive() instanceof Message) {
            c.acknowledge();
        }
        c.release();
    }

    private static void send(Conversation c, int count) {
        try {
            for (int i = 1; i <= count; i++) {
                c.send(("m" + i).getBytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void receive(Conversation c, int count) throws InterruptedException {
        for (int i = 1; i <= count; i++) {
            assertThat(next(c)).isEqualTo(i + ":m" + i);
        }
    }

    private static String next(Conversation c) throws InterruptedException {
        var received = c.receive(Duration.ofSeconds(20)).orElseThrow();
        assertThat(received).isInstanceOf(Message.class);
        var message = (Message) received;
        return message.number() + ":" + message.text();
    }

    private List<dev.parley.session.store.ConversationStore.Record> records(String side) {
        try (var store = SqliteConversations.open(folder.resolve(side))) {
            return store.all();
        }
    }

    private ConversationServer listen(Conversations.Application application) throws IOException {
        return listen(QUICK, application);
    }

    private ConversationServer listen(ConversationOptions options, Conversations.Application application) throws IOException {
        var server = Conversations.listen(loopback(), folder.resolve("server"), options, false, application);
        servers.add(server);
        return server;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Login login(String user, String password, ConversationServer server) {
        return Login.of(user, password.toCharArray()).fingerprint(server.fingerprint());
    }

    private Conversation connect(InetSocketAddress address) throws InterruptedException {
        return connect(address, Login.of("shop", "secret".toCharArray()), "orders");
    }

    private Conversation connect(InetSocketAddress address, Login login, String name) throws InterruptedException {
        return connect(address, login, name, QUICK);
    }

    private Conversation connect(InetSocketAddress address, Login login, String name, ConversationOptions options)
            throws InterruptedException {
        return Conversations.connect(address, folder.resolve("client"), login, name, options);
    }
}

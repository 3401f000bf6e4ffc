package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.login.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole conversations over real sockets on loopback, with real stores: what is said, and within which limits.
class ConversationTest extends TalkOverLoopback {
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

    /// With ten minutes of patience: no line gets better by that.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneSideWithTlsAndTheOtherWithoutIsSaidSoAfterAFewAttempts(boolean plainServer) throws Exception {
        var server = Conversations.listen(loopback(), folder.resolve("server"), QUICK, plainServer, this::echo);
        servers.add(server);
        var login = Login.of("shop", "secret".toCharArray());

        assertThatThrownBy(() -> connect(server.address(), plainServer ? login : login.inPlainText(), "x", ConversationOptions.DEFAULT))
                .isInstanceOf(SessionException.Refused.class)
                .hasMessageContaining("no Parley server, or one with" + (plainServer ? "out TLS" : " TLS"));
    }

    @Test
    void aCertificateLogsInAsItsUserAndOneThatNobodyKnowsIsRefused() throws Exception {
        var mine = key("mine");
        Conversations.addCertificate(folder.resolve("server"), "shop", mine.certificate());
        var server = listen(this::echo);
        var login = Login.of(mine).fingerprint(server.fingerprint());

        try (var c = connect(server.address(), login, "x")) {
            c.send("a".getBytes());
            assertThat(next(c)).isEqualTo("1:re a");
            c.acknowledge();
        }
        try (var c = connect(server.address(), login, "x")) {
            c.send("b".getBytes());
            assertThat(next(c)).as("the same conversation").isEqualTo("2:re b");
        }
        assertThat(accepted.take().user()).isEqualTo("shop");
        assertThatThrownBy(() -> connect(server.address(), Login.of(key("other")).fingerprint(server.fingerprint()), "x"))
                .isInstanceOf(SessionException.Refused.class).hasMessage("the client certificate belongs to no user of this server");
        assertThatThrownBy(() -> Login.of(mine).inPlainText()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Conversations.addCertificate(folder.resolve("server"), "nobody", mine.certificate()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no user nobody");
    }

    private TlsKey key(String name) throws IOException {
        var identity = Identity.in(Files.createDirectories(folder.resolve(name)));
        return new TlsKey(identity.key(), List.of(identity.certificate()));
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
}

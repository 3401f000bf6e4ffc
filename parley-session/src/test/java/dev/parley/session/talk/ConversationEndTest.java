package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Whose turn it is, and how a conversation ends.
class ConversationEndTest extends TalkOverLoopback {
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
}

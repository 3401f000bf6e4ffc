package dev.parley.osi.user;

import static dev.parley.osi.user.Pair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.api.Side;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Token;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OsiSessionTest {
    private static final OsiProtocol DUPLEX = OsiProtocol.with(FunctionalUnit.DUPLEX);

    @Test
    void aRequestOutOfSequenceNamesTheRuleAndChangesNothing() throws Exception {
        var osi = OsiProtocol.with(FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC);
        Pair.run(osi, session -> {
            assertThatThrownBy(() -> session.syncMinor(text(""))).isInstanceOf(SessionException.OutOfSequence.class)
                    .hasMessageContaining("SSYNmreq").hasMessageContaining("data transfer").hasMessageContaining("own tokens []");
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            assertThatThrownBy(() -> session.giveTokens(Token.RELEASE)).isInstanceOf(SessionException.OutOfSequence.class);
            assertThat(session.owns(Token.DATA)).isTrue();
            assertThat(session.phase()).isEqualTo(Phase.OPEN);
            session.release();
            assertThat(session.phase()).isEqualTo(Phase.ENDED);
            assertThatThrownBy(() -> session.send(text("x"))).isInstanceOf(SessionException.OutOfSequence.class);
        });
    }

    @Test
    void leavingTheBlockWithoutAReleaseTellsThePeerTheTruth() throws Exception {
        Pair.run(DUPLEX, session -> {
            assertThat(text(session.expect(Indication.UserAbort.class).userData())).isEqualTo("closed without a release");
            assertThat(end(session)).isEqualTo(new SessionEnd.Aborted(Side.REMOTE, "closed without a release"));
            assertThatThrownBy(session::receive).isInstanceOf(SessionException.OutOfSequence.class).hasMessageContaining("the peer aborted");
        }, session -> {});
    }

    @Test
    void anApplicationThatThrowsAbortsItsSession() throws Exception {
        var handler = OsiServer.accepting(DUPLEX, _ -> {
            throw new SessionException.LimitReached("no room");
        });
        try (var server = DUPLEX.listen(loopback(), handler); var session = DUPLEX.connect(server.address())) {
            assertThat(session.receive()).isInstanceOf(Indication.UserAbort.class);
            assertThat(end(session)).isInstanceOf(SessionEnd.Aborted.class);
        }
    }

    @Test
    void aLineThatBreaksIsLostNotAborted() throws Exception {
        Pair.run(DUPLEX, session -> {
            assertThat(session.receive()).isInstanceOf(Indication.ProviderAbort.class);
            assertThat(end(session)).isInstanceOf(SessionEnd.Lost.class);
        }, session -> session.line().close());
    }

    @Test
    void bothMayAskForTheReleaseAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            var together = new CyclicBarrier(2);
            Pair.run(DUPLEX, session -> {
                together.await(10, TimeUnit.SECONDS);
                release(session);
                assertThat(end(session)).isEqualTo(new SessionEnd.Released());
            }, session -> {
                together.await(10, TimeUnit.SECONDS);
                release(session);
                assertThat(end(session)).isEqualTo(new SessionEnd.Released());
            });
        }
    }

    /// The other side may have been faster: then its request is answered.
    private static void release(OsiSession session) {
        try {
            session.release();
        } catch (SessionException.OutOfSequence e) {
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }
    }

    @Test
    void aSilentPeerEndsTheWaitWithinTheLimit() throws Exception {
        var impatient = DUPLEX.limits(Limits.DEFAULT.answer(Duration.ofMillis(200)).idle(Duration.ofMillis(100)));
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> impatient.connect(new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort())))
                    .isInstanceOf(SessionException.TimedOut.class).hasMessageContaining("has not answered S-CONNECT within 200 ms");
        }
        var leave = new CountDownLatch(1);
        try (var server = DUPLEX.listen(loopback(), OsiServer.accepting(DUPLEX, _ -> await(leave)));
                var session = impatient.connect(server.address())) {
            assertThatThrownBy(session::receive).isInstanceOf(SessionException.TimedOut.class);
            assertThat(session.receive(Duration.ofMillis(1))).isEmpty();
            assertThatThrownBy(session::release).isInstanceOf(SessionException.TimedOut.class);
            leave.countDown();
        }
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        int port;
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        assertThatThrownBy(() -> DUPLEX.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                .isInstanceOf(SessionException.ConnectionLost.class).hasMessageContaining("cannot connect");
    }

    @Test
    void anInterruptedWaitLeavesTheSessionAsItIs() throws Exception {
        Pair.run(DUPLEX, session -> {
            session.expect(Indication.Data.class);
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            var seen = new AtomicReference<Throwable>();
            var waiting = Thread.ofVirtual().start(() -> {
                try {
                    session.receive();
                } catch (SessionException e) {
                    seen.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("the flag is gone", e));
                }
            });
            waiting.interrupt();
            waiting.join();
            assertThat(seen.get()).isInstanceOf(SessionException.Interrupted.class);
            session.send(text("still here"));
            session.release();
        });
    }

    @Test
    void aUserWhoDoesNotReceiveHoldsThePeerBack() throws Exception {
        var small = DUPLEX.limits(Limits.DEFAULT.answer(Duration.ofMillis(500)).waiting(1 << 20));
        var full = new CountDownLatch(1);
        var page = 1 << 18;
        Pair.run(small, session -> {
            assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
            int got = 0;
            for (var next = session.receive(); next instanceof Indication.Data(var data); next = session.receive()) {
                assertThat(data.remaining()).isEqualTo(page);
                got++;
            }
            assertThat(got).isGreaterThan(4).isLessThan(400);
            session.answerRelease(true, text(""));
        }, session -> {
            try {
                // 100 MB do not fit the buffers of both ends.
                for (int i = 0; i < 400; i++) {
                    session.send(ByteBuffer.allocate(page));
                }
                throw new AssertionError("nothing held the sender back");
            } catch (SessionException.TimedOut e) {
                full.countDown();
            }
            whenTaken(session);
        });
    }

    /// The receiver empties its buffers now, so the release goes through, perhaps at the second attempt.
    private static void whenTaken(OsiSession session) throws Exception {
        try {
            session.release();
        } catch (SessionException.TimedOut e) {
            session.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSecondSessionOnABusyLineIsRefusedLocally() throws Exception {
        Pair.run(DUPLEX, session -> {
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            assertThatThrownBy(() -> session.line().connect(DUPLEX.proposal(text("")))).isInstanceOf(SessionException.OutOfSequence.class);
            session.release();
        });
    }

    @Test
    void anAbortMayKeepTheTransport() throws Exception {
        Pair.calls(DUPLEX, call -> {
            var session = call.accept(DUPLEX.units(), text(""));
            if (text(call.proposal().userData()).equals("first")) {
                assertThat(text(session.expect(Indication.UserAbort.class).userData())).isEqualTo("again");
            } else {
                session.expect(Indication.Release.class);
                session.answerRelease(true, text(""));
            }
        }, address -> {
            try (var line = DUPLEX.open(address)) {
                var session = line.connect(DUPLEX.proposal(text("first")));
                session.abort(true, text("again"));
                assertThat(end(session)).isInstanceOf(SessionEnd.Aborted.class);
                connectWhenIdle(line).release();
            }
        });
    }

    /// The ABORT ACCEPT may still be on its way.
    private static OsiSession connectWhenIdle(OsiLine line) {
        while (true) {
            try {
                return line.connect(DUPLEX.proposal(text("second")));
            } catch (SessionException.OutOfSequence e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void theServerEndsItsSessionsWhenItCloses() throws Exception {
        var server = DUPLEX.listen(loopback(), OsiServer.accepting(DUPLEX, OsiSession::receive));
        try (var session = DUPLEX.connect(server.address())) {
            server.close();
            server.awaitStop();

            assertThat(session.receive()).isInstanceOf(Indication.ProviderAbort.class);
        }
    }

    private static SessionEnd end(OsiSession session) throws Exception {
        return session.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}

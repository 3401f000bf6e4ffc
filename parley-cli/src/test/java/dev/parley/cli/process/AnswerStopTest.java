package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Signals to `answer` while the other side of its call hears nothing.
@Timeout(120)
class AnswerStopTest extends WithParleys {
    private Parleys.Child bob() throws IOException {
        return parleys.process("answer", "--auto", "--listen", "127.0.0.1:0", "--json");
    }

    private static DeafCaller deafCaller(Running bob) throws IOException, InterruptedException {
        var caller = new DeafCaller(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), bob.await("ready").path("port").asInt()));
        bob.await("incoming");
        caller.awaitFullBuffers();
        return caller;
    }

    /// A write may wait for ten seconds; who is stopped waits for five.
    @Test
    void whoIsStoppedDoesNotWaitLongForAPeerThatDoesNotEndTheCall() throws Exception {
        var bob = bob();
        try (var _ = deafCaller(bob)) {
            bob.signal("TERM");

            assertThat(bob.exit()).as(bob.toString()).isEqualTo(143);
            assertThat(bob.words()).contains("the peer does not end the call within 5 s: it is broken off");
            assertThat(bob.told("ended")).hasSize(1);
        }
    }

    @Test
    void theSecondSignalEndsTheProcessAtOnce() throws Exception {
        var bob = bob();
        try (var _ = deafCaller(bob)) {
            bob.signal("TERM");
            bob.await("stopping");

            bob.signal("TERM");

            assertThat(bob.exit()).as(bob.toString()).isEqualTo(143);
            assertThat(bob.told("ended")).as("nobody waited for the end of the call").isEmpty();
        }
    }

    @Test
    void withoutACallOneSignalIsEnough() throws Exception {
        var bob = bob();
        bob.await("ready");

        bob.signal("TERM");

        assertThat(bob.exit()).as(bob.toString()).isEqualTo(143);
        assertThat(bob.told("ended")).isEmpty();
        assertThat(bob.words()).doesNotContain("broken off");
    }
}

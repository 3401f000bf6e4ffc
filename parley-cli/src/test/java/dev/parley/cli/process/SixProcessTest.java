package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls over IPv6: addresses are told as options take them.
@Timeout(120)
class SixProcessTest extends WithParleys {
    private static final String ANY = "[::1]:0";

    private static String there(Running ready) throws InterruptedException {
        return "[::1]:" + ready.await("ready").path("port").asInt();
    }

    private static void tells(Running running, String type, String field) throws InterruptedException {
        assertThat(running.await(type).path(field).asText()).as(type).matches("\\[::1]:\\d+");
    }

    @Test
    void addressesAreShortAndInBrackets() throws Exception {
        var gatekeeper = parleys.thread("gatekeeper", "--listen", ANY, "--no-multicast", "--json");
        var at = there(gatekeeper);
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--name", "bob", "--gatekeeper", at, "--play", "tone", "--calls", "1",
                "--json");
        bob.await("registered");

        var call = parleys.run("call", "bob", "--gatekeeper", at, "--name", "alice", "--play", "tone", "--duration", "100ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        tells(gatekeeper, "registered", "address");
        tells(bob, "registered", "gatekeeper");
        tells(bob, "incoming", "address");
        tells(call, "calling", "to");
        tells(call, "sending", "to");
        assertThat(bob.words()).containsPattern("alice at \\[::1]:\\d+ calls");
    }

    @Test
    void soAreThoseOfCallsThatAreSentOn() throws Exception {
        var carol = parleys.thread("answer", "--auto", "--listen", ANY, "--name", "carol", "--calls", "1", "--json");
        var bob = parleys.thread("answer", "--listen", ANY, "--name", "bob", "--forward", "carol@" + there(carol), "--calls", "1", "--json");

        var call = parleys.run("call", there(bob), "--play", "tone", "--duration", "100ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(call.await("redirected").path("to").asText()).isEqualTo(there(carol));
        assertThat(bob.await("forwarded").path("to").asText()).isEqualTo(there(carol));
        assertThat(bob.words()).contains(" to carol at " + there(carol));
        assertThat(parleys.run("call", "[::1]:1").words()).contains("cannot call [::1]:1");
    }
}

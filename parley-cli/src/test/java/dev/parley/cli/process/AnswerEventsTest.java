package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `answer` tells of each call, whether it takes it or not, and how it ends.
@Timeout(120)
class AnswerEventsTest extends WithParleys {
    private static final String ANY = "127.0.0.1:0";

    private Running bob(String... more) {
        var all = new ArrayList<>(List.of("answer", "--listen", ANY, "--name", "bob", "--json"));
        all.addAll(List.of(more));
        return parleys.thread(all.toArray(String[]::new));
    }

    private static String address(Running ready) throws InterruptedException {
        return "127.0.0.1:" + ready.await("ready").path("port").asInt();
    }

    private Running call(Running bob) throws InterruptedException {
        return parleys.run("call", "h323:bob@" + address(bob), "--name", "alice", "--play", "tone", "--duration", "100ms", "--json");
    }

    private static List<String> types(Running running) {
        return running.told(_ -> true).stream().map(e -> e.path("type").asText()).toList();
    }

    private static void isWhole(Running running, JsonNode ended) {
        var incoming = running.told(e -> e.path("session").equals(ended.path("session")) && e.path("type").asText().equals("incoming"));
        assertThat(incoming).as(running.toString()).singleElement().satisfies(e -> assertThat(e.path("from").asText()).isEqualTo("alice"));
    }

    @Test
    void nothingOfACallIsToldBeforeItComes() throws Exception {
        var bob = bob("--auto", "--calls", "1");

        assertThat(call(bob).exit()).isZero();

        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(bob.await("ready").path("address").asText()).isEqualTo(address(bob));
        assertThat(types(bob)).startsWith("ready", "incoming").contains("receiving").endsWith("ended");
    }

    /// It has no bandwidth for a call that a stranger places.
    @Test
    void aCallThatTheGatekeeperRefusesIsToldWithItsReason() throws Exception {
        var gatekeeper = parleys.thread("gatekeeper", "--listen", ANY, "--no-multicast", "--total-bandwidth", "127", "--json");
        var bob = bob("--auto", "--gatekeeper", address(gatekeeper), "--calls", "1");
        bob.await("registered");

        assertThat(call(bob).exit()).isEqualTo(5);

        assertThat(bob.exit()).as(bob.toString()).isEqualTo(5);
        var ended = bob.await("ended");
        assertThat(ended.path("reason").asText()).isEqualTo("requestDenied");
        isWhole(bob, ended);
        assertThat(ended.has("packetsSent")).as(ended.toString()).isFalse();
        assertThat(bob.words()).contains("a call was refused: the gatekeeper refuses it: the gatekeeper denies it");
    }

    @Test
    void callsThatAreRefusedAsBusyCountAndAreTold() throws Exception {
        var bob = bob("--busy", "--calls", "2");

        for (int i = 0; i < 2; i++) {
            var ended = call(bob).await("ended");
            assertThat(ended.path("cause").asInt()).isEqualTo(17);
            assertThat(ended.has("packetsSent")).as(ended.toString()).isFalse();
        }

        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(types(bob)).containsExactly("ready", "incoming", "ended", "incoming", "ended");
        bob.told("ended").forEach(ended -> {
            assertThat(ended.path("cause").asInt()).isEqualTo(17);
            isWhole(bob, ended);
        });
        assertThat(bob.words()).containsPattern("alice at 127\\.0\\.0\\.1:\\d+ calls\\R").contains("the call was refused: the user is busy");
    }

    @Test
    void callsThatAreSentOnCountAndAreTold() throws Exception {
        var carol = parleys.thread("answer", "--auto", "--listen", ANY, "--name", "carol", "--calls", "1", "--json");
        var bob = bob("--forward", "carol@" + address(carol), "--calls", "1");

        var call = call(bob);

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(call.await("redirected").path("alias").asText()).isEqualTo("carol");
        assertThat(call.await("redirected").path("to").asText()).isEqualTo(address(carol));
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(types(bob)).containsExactly("ready", "incoming", "forwarded", "ended");
        assertThat(bob.await("ended").path("reason").asText()).isEqualTo("callForwarded");
        isWhole(bob, bob.await("ended"));
        assertThat(bob.words()).contains("the call was redirected (the call is forwarded) to carol at " + address(carol));
    }

    /// It does not count: the call that is on is the last one.
    @Test
    void whoCallsMeanwhileIsTold() throws Exception {
        var bob = bob("--auto", "--calls", "1");
        var first = parleys.thread("call", address(bob), "--name", "first", "--play", "tone", "--json");
        first.await(e -> e.path("state").asText().equals("connected"));

        assertThat(call(bob).exit()).isEqualTo(5);

        var ended = bob.await("ended");
        assertThat(ended.path("cause").asInt()).isEqualTo(17);
        isWhole(bob, ended);
        first.await("figures");
        assertThat(first.told("ended")).isEmpty();
    }
}

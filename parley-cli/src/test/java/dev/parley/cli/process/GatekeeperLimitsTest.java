package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a gatekeeper allows, and how many calls are taken.
@Timeout(300)
class GatekeeperLimitsTest extends WithParleys {
    private static final String ANY = "127.0.0.1:0";

    private Running gatekeeper(String... more) {
        var all = new ArrayList<>(List.of("gatekeeper", "--listen", ANY, "--no-multicast", "--json"));
        all.addAll(List.of(more));
        return parleys.thread(all.toArray(String[]::new));
    }

    private Running call(String to, String... more) throws InterruptedException {
        var all = new ArrayList<>(List.of("call", to, "--play", "tone", "--duration", "100ms", "--json"));
        all.addAll(List.of(more));
        return parleys.run(all.toArray(String[]::new));
    }

    /// G.711 needs 128 kbit/s, both directions together.
    @ParameterizedTest
    @CsvSource({"--call-bandwidth, 128, 0", "--call-bandwidth, 127, 5", "--total-bandwidth, 128, 0", "--total-bandwidth, 127, 5"})
    void aCallThatNeedsMoreThanItMayIsNotMade(String option, String kilobits, int exit) throws Exception {
        var gatekeeper = gatekeeper(option, kilobits);
        var there = "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
        parleys.thread("answer", "--auto", "--listen", ANY, "--name", "bob", "--gatekeeper", there, "--json").await("registered");

        var call = call("bob", "--gatekeeper", there, "--name", "alice");

        assertThat(call.exit()).as(call.toString()).isEqualTo(exit);
    }

    private static Instant time(JsonNode record, String field) {
        return Instant.parse(record.path(field).asText());
    }

    /// A call that is answered, and one that is only admitted on both sides: it cannot be recorded.
    @ParameterizedTest
    @CsvSource({"--id=direct", "--routed"})
    void theRecordSaysWhenACallWasAnsweredAndOnlyThen(String mode) throws Exception {
        var gatekeeper = gatekeeper(mode, "--signalling-port", "0");
        var there = "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--name", "bob", "--gatekeeper", there, "--calls", "1", "--json");
        bob.await("registered");
        var carol = parleys.thread("answer", "--auto", "--record", parleys.at("nowhere/heard.wav"), "--listen", ANY, "--name", "carol",
                "--gatekeeper", there, "--calls", "1", "--json");
        carol.await("registered");

        assertThat(call("bob", "--gatekeeper", there, "--name", "alice").exit()).isZero();
        bob.exit();
        assertThat(call("carol", "--gatekeeper", there, "--name", "alice").exit()).isEqualTo(5);
        carol.exit();

        var answered = gatekeeper.await(e -> e.path("type").asText().equals("call-ended") && e.path("to").asText().equals("bob"));
        assertThat(time(answered, "answered")).isBetween(time(answered, "started"), time(answered, "ended"));
        var rung = gatekeeper.await(e -> e.path("type").asText().equals("call-ended") && e.path("to").asText().equals("carol"));
        assertThat(rung.has("answered")).as("%s", rung).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"--call-bandwidth 0, is 1 to 429496729 kbit/s", "--total-bandwidth 429496730, is 1 to 429496729 kbit/s",
        "--pre-grant --routed, --pre-grant does not go with --routed"})
    void whatCannotBeIsRefusedAtTheStart(String options, String words) throws Exception {
        var gatekeeper = gatekeeper((options + " --signalling-port 0").split(" "));

        assertThat(gatekeeper.exit()).as(gatekeeper.toString()).isEqualTo(2);
        assertThat(gatekeeper.words() + gatekeeper.await("error").path("message").asText()).contains(words);
    }

    @Test
    void recordsThatCannotBeWrittenAreRefusedWithTheReason() throws Exception {
        var file = folder.resolve("nowhere/calls.jsonl").toString();

        var gatekeeper = gatekeeper("--calls", file);

        assertThat(gatekeeper.exit()).as(gatekeeper.toString()).isEqualTo(1);
        assertThat(gatekeeper.await("error").path("message").asText())
                .isEqualTo("the records of calls cannot be written to " + file + ": there is no such folder; name another file with --calls");
    }

    /// A caller that goes away without a word, and one that ends as calls do.
    @Test
    void aCallThatFailsIsNotTheEndOfThoseThatCome() throws Exception {
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--calls", "2", "--json");
        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();
        var gone = parleys.process("call", there, "--play", "tone", "--json");
        gone.await(e -> e.path("state").asText().equals("connected"));
        gone.kill();
        bob.await("ended");

        var good = call(there);

        assertThat(good.exit()).as(good.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }
}

package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls for somebody else.
@Timeout(120)
class OwnNameTest extends WithParleys {
    private Running call(Running bob, String alias) throws InterruptedException {
        return parleys.run("call", alias + "127.0.0.1:" + bob.await("ready").path("port").asInt(), "--play", "tone", "--duration", "100ms", "--json");
    }

    @Test
    void whoWantsOnlyItsOwnCallsRefusesTheOthers() throws Exception {
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--only-own-name", "--calls", "2", "--json");

        var refused = call(bob, "h323:carol@");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.await("ended").path("cause").asInt()).isEqualTo(1);
        assertThat(refused.words()).contains("the call was not answered: no such number");
        assertThat(bob.await("not-here").path("called").asText()).isEqualTo("carol");
        assertThat(call(bob, "Bob@").exit()).isZero();
        assertThat(call(bob, "").exit()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"carol@", "''"})
    void otherwiseEveryCallIsTaken(String alias) throws Exception {
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--calls", "1", "--json");

        assertThat(call(bob, alias).exit()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    @Test
    void withAGatekeeperItIsNotForUs() throws Exception {
        var bob = parleys.run("answer", "--listen", "127.0.0.1:0", "--only-own-name", "--gatekeeper", "127.0.0.1:1", "--json");

        assertThat(bob.exit()).as(bob.toString()).isEqualTo(2);
        assertThat(bob.words()).contains("--only-own-name is not for --gatekeeper");
    }
}
